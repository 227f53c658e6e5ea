-- A list mirrored into Notion: one database there, one row of it for each to-do, and a map of what was written.

create table public.mirror (
  id bigint generated always as identity primary key,
  user_id uuid not null references public.profiles (id) on delete cascade,
  -- Without its list a mirror is over; what is in Notion stays.
  list_id bigint references public.todo_list (id) on delete set null,
  connection_id bigint not null references public.notion_access_token_user (id) on delete cascade,
  parent_page_id text not null,
  parent_title text not null default '',
  title text not null,
  -- Stands in the description of the database, so that one whose making was not answered is recognised.
  marker uuid not null default gen_random_uuid(),
  create_attempted_at timestamptz,
  notion_database_id text,
  data_source_id text,
  url text,
  -- Ids of the columns, by our own names for them: people may rename columns.
  columns jsonb not null default '{}'::jsonb,
  -- Whom Notion takes us for when we write. A row that anybody else edited last is not as we left it.
  writers text[] not null default '{}',
  -- missing: deleted in Notion, or no longer shared; offered again, never made again unasked.
  -- stopped: over. The row stays, so that the database that may still be there is not read as a source.
  state text not null default 'live' check (state in ('live', 'missing', 'stopped')),
  tick_back boolean not null default false,
  -- The run under way: whose it is, and whether another follows it.
  run_state text not null default 'idle' check (run_state in ('idle', 'queued', 'running')),
  run_id uuid,
  run_no bigint not null default 0,
  worker integer,
  pulse_at timestamptz not null default now(),
  run_full boolean not null default false,
  again boolean not null default false,
  again_full boolean not null default false,
  rows_done integer not null default 0,
  rows_total integer not null default 0,
  rows_removed integer not null default 0,
  -- The last run that ended.
  result jsonb,
  error_code text,
  last_run_at timestamptz,
  last_sync_date timestamptz,
  last_full_at timestamptz,
  -- What the last run without a failure has seen: the change counter, and which databases the list had.
  synced_seq bigint not null default 0,
  synced_sources bigint[] not null default '{}',
  -- Rows that somebody edited in Notion before this are known.
  read_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint valid_parent_page_id check (parent_page_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')
);
comment on table public.mirror is 'Lists that are mirrored into Notion as a database, and the runs that keep them in step.';
create unique index mirror_live_list on public.mirror (list_id) where state <> 'stopped';
create index mirror_list on public.mirror (list_id);
create index mirror_owner on public.mirror (user_id, data_source_id);
create index mirror_connection on public.mirror (connection_id);

create trigger mirror_touch before update on public.mirror
  for each row execute function public.touch_updated_at();

alter table public.mirror enable row level security;
alter table public.mirror force row level security;
revoke all on public.mirror from anon, authenticated;
grant select on public.mirror to authenticated;
grant all on public.mirror to service_role;
create policy "Users read their own mirrors" on public.mirror
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages mirrors" on public.mirror
  for all to service_role using (true) with check (true);

create table public.mirror_row (
  mirror_id bigint not null references public.mirror (id) on delete cascade,
  -- Notion's id of the to-do: it outlives our own row of it.
  todo_id text not null,
  user_id uuid not null references public.profiles (id) on delete cascade,
  -- Null while the row is being made. A run that finds it so looks in Notion before it makes another.
  page_id text,
  -- What was written last: the hash of all values, and the tick on its own.
  hash text,
  checked boolean,
  claimed_by uuid,
  outcome text check (outcome in ('created', 'updated')),
  run_no bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (mirror_id, todo_id)
);
comment on table public.mirror_row is 'Which row of a mirror stands for which to-do, and what was written into it.';
create index mirror_row_owner on public.mirror_row (user_id);

create trigger mirror_row_touch before update on public.mirror_row
  for each row execute function public.touch_updated_at();

alter table public.mirror_row enable row level security;
alter table public.mirror_row force row level security;
revoke all on public.mirror_row from anon, authenticated;
grant select on public.mirror_row to authenticated;
grant all on public.mirror_row to service_role;
create policy "Users read their own mirror rows" on public.mirror_row
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages mirror rows" on public.mirror_row
  for all to service_role using (true) with check (true);

-- A mirror is never a source ---------------------------------------------------------------------------

-- Whatever a person shares, the copy of their to-dos is not read as more of them: it does not enter the cache of
-- databases, so that no list can choose it.
create function public.refuse_mirror_as_source() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform from public.mirror m where m.user_id = new.user_id and m.data_source_id = new.data_source_id;
  return case when found then null else new end;
end
$$;
revoke execute on function public.refuse_mirror_as_source() from public, anon, authenticated;
create trigger notion_database_no_mirror before insert on public.notion_database
  for each row execute function public.refuse_mirror_as_source();

-- Making and stopping ----------------------------------------------------------------------------------

-- Makes the mirror of a list, or answers the one there is (created = false). One that went missing is put aside
-- for a new one. No row: the list or the connection is not this user's, or the connection has ended.
create function public.create_mirror(
  p_user uuid, p_list bigint, p_connection bigint, p_parent text, p_parent_title text, p_tick_back boolean
) returns table (mirror_id bigint, created boolean)
language plpgsql
set search_path = ''
as $$
declare
  v_name text;
  v_id bigint;
begin
  -- Two who ask at once come one after the other.
  select l.name into v_name from public.todo_list l where l.id = p_list and l.user_id = p_user for no key update;
  if v_name is null then
    return;
  end if;
  perform from public.notion_access_token_user c
  where c.id = p_connection and c.user_id = p_user and c.deleted_at is null for share;
  if not found then
    return;
  end if;
  select m.id into v_id from public.mirror m where m.list_id = p_list and m.state = 'live';
  if v_id is not null then
    return query select v_id, false;
    return;
  end if;
  update public.mirror m set state = 'stopped', run_state = 'idle', run_id = null
  where m.list_id = p_list and m.state = 'missing';
  insert into public.mirror (user_id, list_id, connection_id, parent_page_id, parent_title, title, tick_back)
  values (p_user, p_list, p_connection, p_parent, p_parent_title, v_name, p_tick_back)
  returning id into v_id;
  return query select v_id, true;
end
$$;
revoke execute on function public.create_mirror(uuid, bigint, bigint, text, text, boolean)
  from public, anon, authenticated;
grant execute on function public.create_mirror(uuid, bigint, bigint, text, text, boolean) to service_role;

-- Runs -------------------------------------------------------------------------------------------------

-- Asks for a run; one under way is followed by another. Only somebody who asks for all of it (p_full) has a database
-- that went missing looked for again. Answers false when there is nothing to run.
create function public.request_mirror(p_mirror bigint, p_full boolean) returns boolean
language sql
set search_path = ''
as $$
  with asked as (
    update public.mirror m set
      state = 'live',
      run_state = case m.run_state when 'running' then 'running' else 'queued' end,
      run_full = case m.run_state when 'idle' then p_full when 'queued' then m.run_full or p_full else m.run_full end,
      again = m.run_state = 'running',
      again_full = m.run_state = 'running' and (m.again_full or p_full),
      pulse_at = case m.run_state when 'running' then m.pulse_at else now() end
    from public.notion_access_token_user c
    where m.id = p_mirror and (m.state = 'live' or (m.state = 'missing' and p_full)) and m.list_id is not null
      and c.id = m.connection_id and c.deleted_at is null
    returning m.id
  )
  select exists (select from asked);
$$;
revoke execute on function public.request_mirror(bigint, boolean) from public, anon, authenticated;
grant execute on function public.request_mirror(bigint, boolean) to service_role;

-- Takes a run that waits, or one whose worker is gone or has no pulse any more: that one goes on where it was, and
-- keeps its number. Answers the name under which the taker writes; null when there is nothing to take.
create function public.claim_mirror(p_mirror bigint, p_worker integer default null) returns uuid
language sql
set search_path = ''
as $$
  update public.mirror m set
    run_state = 'running', run_id = gen_random_uuid(), worker = p_worker, pulse_at = now(),
    run_no = m.run_no + (m.run_state = 'queued')::integer,
    rows_removed = case m.run_state when 'queued' then 0 else m.rows_removed end,
    rows_done = case m.run_state when 'queued' then 0 else m.rows_done end
  where m.id = p_mirror and m.state = 'live' and m.list_id is not null and (
    m.run_state = 'queued'
    or (m.run_state = 'running' and (
      (m.worker is not null and not public.is_worker_alive(m.worker)) or m.pulse_at < now() - interval '30 seconds'
    ))
  )
  returning m.run_id;
$$;
revoke execute on function public.claim_mirror(bigint, integer) from public, anon, authenticated;
grant execute on function public.claim_mirror(bigint, integer) to service_role;

-- A sign of life, with how far the run is. Answers false when the run is over, or another's by now.
create function public.pulse_mirror(p_mirror bigint, p_run uuid, p_done integer, p_total integer) returns boolean
language sql
set search_path = ''
as $$
  with alive as (
    update public.mirror set pulse_at = now(), rows_done = p_done, rows_total = p_total
    where id = p_mirror and run_id = p_run and state = 'live' and list_id is not null
    returning id
  )
  select exists (select from alive);
$$;
revoke execute on function public.pulse_mirror(bigint, uuid, integer, integer) from public, anon, authenticated;
grant execute on function public.pulse_mirror(bigint, uuid, integer, integer) to service_role;

-- Runs nobody works on.
create function public.list_orphaned_mirrors() returns setof bigint
language sql
set search_path = ''
as $$
  select m.id from public.mirror m
  where m.state = 'live' and m.list_id is not null and (
    (m.run_state = 'running' and (
      (m.worker is not null and not public.is_worker_alive(m.worker)) or m.pulse_at < now() - interval '30 seconds'
    ))
    or (m.run_state = 'queued' and m.pulse_at < now() - interval '1 minute')
  )
  order by m.id;
$$;
revoke execute on function public.list_orphaned_mirrors() from public, anon, authenticated;
grant execute on function public.list_orphaned_mirrors() to service_role;

-- The mirrors of lists that read a connection and have something to do: a to-do changed or left, the list reads
-- other databases, the last run failed, or somebody may have ticked in Notion.
create function public.list_stale_mirrors(p_connection bigint) returns setof bigint
language sql
stable
set search_path = ''
as $$
  select m.id from public.mirror m
  join public.notion_access_token_user c on c.id = m.connection_id and c.deleted_at is null
  join public.notion_access_token t on t.id = c.token_id and t.status in ('connected', 'expired')
  where m.state = 'live'
    and exists (
      select from public.todo_list_source s join public.notion_database d on d.id = s.database_id
      where s.list_id = m.list_id and d.connection_id = p_connection
    )
    and (
      m.tick_back or m.error_code is not null
      or m.synced_sources is distinct from
        array(select s.database_id from public.todo_list_source s where s.list_id = m.list_id order by 1)
      or exists (
        select from public.todo d where d.user_id = m.user_id and d.seq > m.synced_seq
          and d.database_id in (select s.database_id from public.todo_list_source s where s.list_id = m.list_id)
      )
      or exists (select from public.removed_todo r where r.user_id = m.user_id and r.seq > m.synced_seq)
    );
$$;
revoke execute on function public.list_stale_mirrors(bigint) from public, anon, authenticated;
grant execute on function public.list_stale_mirrors(bigint) to service_role;

-- Remembers which database in Notion it is. Answers false when the run is another's by now, or it has one already:
-- then the one just made is one too many. What was read of it before it was known leaves again.
create function public.record_mirror_database(
  p_mirror bigint, p_run uuid, p_database text, p_data_source text, p_url text, p_columns jsonb
) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_user uuid;
  v_seq bigint;
begin
  select user_id into v_user from public.mirror where id = p_mirror;
  v_seq := public.next_change_seq(v_user);
  update public.mirror set
    notion_database_id = p_database, data_source_id = p_data_source, url = p_url, columns = p_columns
  where id = p_mirror and run_id = p_run and data_source_id is null;
  if not found then
    return false;
  end if;
  insert into public.removed_todo (user_id, todo_id, seq)
  select v_user, t.id, v_seq from public.todo t join public.notion_database d on d.id = t.database_id
  where d.user_id = v_user and d.data_source_id = p_data_source;
  delete from public.notion_database where user_id = v_user and data_source_id = p_data_source;
  return true;
end
$$;
revoke execute on function public.record_mirror_database(bigint, uuid, text, text, text, jsonb)
  from public, anon, authenticated;
grant execute on function public.record_mirror_database(bigint, uuid, text, text, text, jsonb) to service_role;

-- Claims to-dos whose rows are to be made. fresh = false: somebody was at it before, and its row may be in Notion.
-- To-dos that have a row, or all of them when the run is another's by now, are not among the answer.
create function public.claim_mirror_rows(p_mirror bigint, p_run uuid, p_todos text[])
returns table (todo_id text, fresh boolean)
language sql
set search_path = ''
as $$
  insert into public.mirror_row as r (mirror_id, todo_id, user_id, claimed_by)
  select m.id, wanted.todo, m.user_id, p_run
  from public.mirror m, unnest(p_todos) as wanted (todo)
  where m.id = p_mirror and m.run_id = p_run
  order by wanted.todo
  on conflict (mirror_id, todo_id) do update set claimed_by = p_run where r.page_id is null
  returning r.todo_id, r.xmax = 0;
$$;
revoke execute on function public.claim_mirror_rows(bigint, uuid, text[]) from public, anon, authenticated;
grant execute on function public.claim_mirror_rows(bigint, uuid, text[]) to service_role;

-- Remembers what stands in a row. A row that was made may be remembered by whoever made it, even after losing the
-- run; but only the first: answers false when another row stands for the to-do, and this one is one too many.
create function public.record_mirror_row(
  p_mirror bigint, p_todo text, p_page text, p_hash text, p_checked boolean, p_outcome text
) returns boolean
language sql
set search_path = ''
as $$
  with kept as (
    update public.mirror_row r set
      page_id = p_page, hash = p_hash, checked = p_checked, run_no = m.run_no,
      -- Made and then changed by the same run is made.
      outcome = case when r.outcome = 'created' and r.run_no = m.run_no then 'created' else p_outcome end
    from public.mirror m
    where m.id = p_mirror and r.mirror_id = p_mirror and r.todo_id = p_todo
      and (r.page_id is null or r.page_id = p_page)
    returning r.todo_id
  )
  select exists (select from kept);
$$;
revoke execute on function public.record_mirror_row(bigint, text, text, text, boolean, text)
  from public, anon, authenticated;
grant execute on function public.record_mirror_row(bigint, text, text, text, boolean, text) to service_role;

-- Forgets a row that is in the trash by now, and counts it once.
create function public.drop_mirror_row(p_mirror bigint, p_run uuid, p_todo text) returns void
language sql
set search_path = ''
as $$
  with gone as (
    delete from public.mirror_row where mirror_id = p_mirror and todo_id = p_todo returning page_id
  )
  update public.mirror set rows_removed = rows_removed + 1
  where id = p_mirror and run_id = p_run and exists (select from gone where page_id is not null);
$$;
revoke execute on function public.drop_mirror_row(bigint, uuid, text) from public, anon, authenticated;
grant execute on function public.drop_mirror_row(bigint, uuid, text) to service_role;

-- Ends a run. p_code null means that everything is in step: only then the date of the last sync moves. The counts
-- come from the map, so that they are right however often the run was killed.
-- Answers whether another run follows.
create function public.finish_mirror(
  p_mirror bigint, p_run uuid, p_missing boolean, p_report jsonb, p_code text default null,
  p_seq bigint default null, p_sources bigint[] default null, p_read_until timestamptz default null,
  p_full boolean default false
) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v public.mirror;
  v_created integer;
  v_updated integer;
  v_all integer;
begin
  select * into v from public.mirror where id = p_mirror and run_id = p_run for no key update;
  if v.id is null then
    return false;
  end if;
  select count(*) filter (where r.run_no = v.run_no and r.outcome = 'created'),
    count(*) filter (where r.run_no = v.run_no and r.outcome = 'updated'), count(*)
  into v_created, v_updated, v_all
  from public.mirror_row r where r.mirror_id = p_mirror and r.page_id is not null;
  update public.mirror set
    state = case when p_missing and state = 'live' then 'missing' else state end,
    run_state = case when again and not p_missing and state = 'live' then 'queued' else 'idle' end,
    run_full = again and again_full, again = false, again_full = false, run_id = null, worker = null, pulse_at = now(),
    result = (p_report - 'doubles') || jsonb_build_object(
      'created', v_created, 'updated', v_updated, 'unchanged', v_all - v_created - v_updated,
      'removed', v.rows_removed + coalesce((p_report ->> 'doubles')::integer, 0)
    ),
    error_code = p_code,
    last_run_at = now(),
    last_sync_date = case when p_code is null then now() else last_sync_date end,
    last_full_at = case when p_code is null and p_full then now() else last_full_at end,
    synced_seq = case when p_code is null then coalesce(p_seq, synced_seq) else synced_seq end,
    synced_sources = case when p_code is null then coalesce(p_sources, synced_sources) else synced_sources end,
    read_until = case when p_code is null then coalesce(p_read_until, read_until) else read_until end
  where id = p_mirror;
  return v.again and not p_missing and v.state = 'live';
end
$$;
revoke execute on function
  public.finish_mirror(bigint, uuid, boolean, jsonb, text, bigint, bigint[], timestamptz, boolean)
  from public, anon, authenticated;
grant execute on function
  public.finish_mirror(bigint, uuid, boolean, jsonb, text, bigint, bigint[], timestamptz, boolean) to service_role;
