-- Reading only what changed: what a run still owes, how far each data source is known, when the next
-- run is due, who works on which run, and telling every instance that something happened.

alter table public.notion_database
  -- Every edit that Notion stamped earlier than two minutes before this is known here. Notion's clock.
  add column watermark timestamptz,
  -- What counted as a to-do when the rows were last listed whole: something else makes all of them be listed again.
  add column listed_as jsonb,
  -- The run that has listed it, so that one which is taken up again does not list it twice.
  add column listed_by_job bigint;

alter table public.page
  -- The last reading was cut short or has become doubtful: the next run walks the body again.
  add column reread boolean not null default false;
create index page_parent on public.page (connection_id, parent_notion_id) where not is_row and trashed_at is null;

alter table public.integration_sync_jobs
  -- A slow run: also looks for what has vanished, and reads again what has not been read for longest.
  add column sweep boolean not null default false,
  -- Asked for again while under way, after it had begun to read: another run follows at once.
  add column again boolean not null default false,
  add column again_full boolean not null default false,
  -- Which worker has it; alive for as long as that worker holds its advisory lock.
  add column worker integer;

-- What counts ---------------------------------------------------------------------------------------

create function public.counting_of(p_database public.notion_database) returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_build_object(
    'boxes', p_database.count_boxes, 'rows', p_database.count_rows, 'done', p_database.done_property
  );
$$;
revoke execute on function public.counting_of(public.notion_database) from public, anon, authenticated;
grant execute on function public.counting_of(public.notion_database) to service_role;

-- Schedule ------------------------------------------------------------------------------------------

create table public.sync_schedule (
  connection_id bigint primary key references public.notion_access_token_user (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  next_run_at timestamptz not null default now(),
  next_sweep_at timestamptz not null default now() + interval '1 day',
  failures integer not null default 0,
  -- As notion_database.watermark, for what search by recency finds: pages that are no rows.
  search_watermark timestamptz
);
comment on table public.sync_schedule is 'When a connection is read next by itself, and how often that has failed in a row.';
create index sync_schedule_due on public.sync_schedule (next_run_at);
create index sync_schedule_owner on public.sync_schedule (user_id);

alter table public.sync_schedule enable row level security;
alter table public.sync_schedule force row level security;
revoke all on public.sync_schedule from anon, authenticated;
grant all on public.sync_schedule to service_role;
create policy "Service role manages schedules" on public.sync_schedule
  for all to service_role using (true) with check (true);

-- Takes the connections that are due and puts each off by ten minutes, spread by a quarter so that
-- those connected together do not stay together. One that no list reads has nothing to be read.
create function public.take_due_connections(p_limit integer)
returns table (connection_id bigint, sweep boolean)
language sql
set search_path = ''
as $$
  with due as (
    select s.connection_id, s.next_sweep_at <= now() as sweep
    from public.sync_schedule s
    join public.notion_access_token_user c on c.id = s.connection_id and c.deleted_at is null
    join public.notion_access_token t on t.id = c.token_id and t.status in ('connected', 'expired')
    where s.next_run_at <= now() and exists (
      select from public.notion_database d join public.todo_list_source l on l.database_id = d.id
      where d.connection_id = s.connection_id
    )
    order by s.next_run_at limit p_limit for update of s skip locked
  ), moved as (
    update public.sync_schedule s set
      next_run_at = now() + interval '10 minutes' * (0.875 + random() / 4),
      next_sweep_at = case when due.sweep then now() + interval '1 day' * (0.9 + random() / 5) else s.next_sweep_at end
    from due where due.connection_id = s.connection_id
  )
  select due.connection_id, due.sweep from due;
$$;
revoke execute on function public.take_due_connections(integer) from public, anon, authenticated;
grant execute on function public.take_due_connections(integer) to service_role;

-- Workers -------------------------------------------------------------------------------------------

-- A worker holds this lock for as long as its process lives: PostgreSQL lets go of it the moment the
-- connection breaks, so a killed worker is known to be gone at once and without doubt.
create function public.is_worker_alive(p_worker integer) returns boolean
language sql
set search_path = ''
as $$
  select exists (
    select from pg_catalog.pg_locks l
    where l.locktype = 'advisory' and l.classid = 7317 and l.objid = p_worker::bigint::oid and l.objsubid = 2 and l.granted
  );
$$;
revoke execute on function public.is_worker_alive(integer) from public, anon, authenticated;
grant execute on function public.is_worker_alive(integer) to service_role;

-- Makes a run a worker's own; one without a number is known by its pulse alone. Answers false while another one, alive and with a pulse, has it.
create function public.claim_sync_job(p_job bigint, p_worker integer default null) returns boolean
language sql
set search_path = ''
as $$
  with taken as (
    update public.integration_sync_jobs set
      state = 'running', worker = p_worker, started_at = coalesce(started_at, now()), updated_at = now()
    where id = p_job and state in ('queued', 'running') and (
      state = 'queued' or worker is not distinct from p_worker or not public.is_worker_alive(worker)
      or updated_at < now() - interval '30 seconds'
    )
    returning id
  )
  select exists (select from taken);
$$;
revoke execute on function public.claim_sync_job(bigint, integer) from public, anon, authenticated;
grant execute on function public.claim_sync_job(bigint, integer) to service_role;

-- Live runs nobody works on: their worker is gone or has lost its pulse, or they never got to one.
create function public.list_orphaned_sync_jobs()
returns table (job_id bigint, connection_id bigint, sweep boolean, state text)
language sql
set search_path = ''
as $$
  select j.id, j.connection_id, j.sweep, j.state from public.integration_sync_jobs j
  where (j.state = 'running' and (
      not public.is_worker_alive(j.worker) or j.updated_at < now() - interval '30 seconds'
    ))
    or (j.state = 'queued' and j.created_at < now() - interval '1 minute')
  order by j.id;
$$;
revoke execute on function public.list_orphaned_sync_jobs() from public, anon, authenticated;
grant execute on function public.list_orphaned_sync_jobs() to service_role;

-- Runs ----------------------------------------------------------------------------------------------

-- Starts a run, or answers the live one (created = false). One that has begun to read may have missed
-- what it is asked for now, so that another follows it. No row: the connection is gone.
drop function public.start_sync_job(bigint, boolean);
create function public.start_sync_job(p_connection bigint, p_full boolean, p_sweep boolean default false)
returns table (job_id bigint, created boolean)
language plpgsql
set search_path = ''
as $$
declare
  v_job public.integration_sync_jobs;
  v_id bigint;
begin
  loop
    insert into public.integration_sync_jobs (user_id, connection_id, full_read, sweep)
    select c.user_id, c.id, p_full, p_sweep from public.notion_access_token_user c
    where c.id = p_connection and c.deleted_at is null
    on conflict (connection_id) where state in ('queued', 'running') do nothing
    returning id into v_id;
    if v_id is not null then
      return query select v_id, true;
      return;
    end if;
    select * into v_job from public.integration_sync_jobs j
    where j.connection_id = p_connection and j.state in ('queued', 'running') for no key update;
    if v_job.id is not null then
      if v_job.pages_done = 0 and v_job.pages_total = 0 and not exists (
        select from public.notion_database d where d.connection_id = p_connection and d.listed_by_job = v_job.id
      ) then
        update public.integration_sync_jobs set full_read = full_read or p_full where id = v_job.id;
      elsif not p_sweep then
        update public.integration_sync_jobs set again = true, again_full = again_full or (p_full and not full_read)
        where id = v_job.id;
      end if;
      return query select v_job.id, false;
      return;
    end if;
    -- Either there is nothing to read, or the run in the way ended just now: then ours can start.
    perform from public.notion_access_token_user c where c.id = p_connection and c.deleted_at is null;
    exit when not found;
  end loop;
end
$$;
revoke execute on function public.start_sync_job(bigint, boolean, boolean) from public, anon, authenticated;
grant execute on function public.start_sync_job(bigint, boolean, boolean) to service_role;

-- Ends a run. It is complete only when every data source was listed whole and every page that is
-- stored was read whole, by this run or an earlier one. Answers the run that follows it, if it was
-- asked for again meanwhile.
create function public.finish_sync_job(p_job bigint, p_state text, p_complete boolean, p_code text default null)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_job public.integration_sync_jobs;
  v_complete boolean;
  v_next bigint;
begin
  select * into v_job from public.integration_sync_jobs where id = p_job and state in ('queued', 'running')
  for no key update;
  if v_job.id is null then
    return null;
  end if;
  v_complete := p_state = 'done' and p_complete and not exists (
    select from public.notion_database d
    join public.page p on p.database_id = d.id and p.trashed_at is null and p.complete is not true
    where d.connection_id = v_job.connection_id and d.count_boxes
      and exists (select from public.todo_list_source s where s.database_id = d.id)
  );
  update public.integration_sync_jobs set
    state = p_state, complete = v_complete, error_code = p_code, retry_at = null, finished_at = now()
  where id = p_job;

  insert into public.sync_schedule as s (connection_id, user_id, next_run_at)
  values (v_job.connection_id, v_job.user_id, now() + interval '10 minutes' * (0.875 + random() / 4))
  on conflict (connection_id) do update set
    failures = case when p_state = 'failed' then s.failures + 1 else 0 end,
    -- Failing costs patience: twice as long each time, up to six hours.
    next_run_at = now() + least(
      interval '6 hours', interval '10 minutes' * case when p_state = 'failed' then 2 ^ least(s.failures, 6) else 1 end
    ) * (0.875 + random() / 4);

  if p_state = 'done' and v_job.again then
    insert into public.integration_sync_jobs (user_id, connection_id, full_read)
    select v_job.user_id, c.id, v_job.again_full from public.notion_access_token_user c
    where c.id = v_job.connection_id and c.deleted_at is null
    returning id into v_next;
  end if;
  return v_next;
end
$$;
revoke execute on function public.finish_sync_job(bigint, text, boolean, text) from public, anon, authenticated;
grant execute on function public.finish_sync_job(bigint, text, boolean, text) to service_role;

-- Listing -------------------------------------------------------------------------------------------

-- The data sources a run reads and how. edited_since is null where all rows are listed: in a full
-- run, after a change of what counts, before the first listing, and where a full listing costs one
-- request as well (and shows what has vanished).
create function public.plan_listings(p_job bigint)
returns table (
  database_id bigint, data_source_id text, count_boxes boolean, count_rows boolean, done_property jsonb,
  edited_since timestamptz, listed boolean
)
language sql
set search_path = ''
as $$
  select d.id, d.data_source_id, d.count_boxes, d.count_rows, d.done_property,
    case when not j.full_read and d.access = 'ok' and d.listed_as = public.counting_of(d) and 100 < (
      select count(*) from (
        select from public.page p where p.database_id = d.id and p.is_row and p.trashed_at is null limit 101
      ) few
    ) then d.watermark - interval '2 minutes' end,
    coalesce(d.listed_by_job = p_job and d.listed_as = public.counting_of(d), false)
  from public.integration_sync_jobs j
  join public.notion_database d on d.connection_id = j.connection_id
  where j.id = p_job and exists (select from public.todo_list_source s where s.database_id = d.id)
  order by d.id;
$$;
revoke execute on function public.plan_listings(bigint) from public, anon, authenticated;
grant execute on function public.plan_listings(bigint) to service_role;

-- Stores listed pages (rows of a data source, or child pages found in a body) and, for rows that
-- count, their to-do. Also adds newly found pages to the run's total. A child page is named by its
-- parent only, which knows neither when it was edited nor its icon: what is known of them stays.
create or replace function public.apply_listing(p_job bigint, p_database bigint, p_pages jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_database public.notion_database;
  v_seq bigint;
  v_pages jsonb;
  v_new integer;
  v_item record;
  v_page public.page;
begin
  v_seq := public.next_change_seq(d.user_id) from public.notion_database d where d.id = p_database;
  select * into strict v_database from public.notion_database where id = p_database;

  -- Each page once. One that this run has met already, and now meets as a child page (through a
  -- synced copy, say), stays where it is.
  select coalesce(jsonb_agg(once.item), '[]'::jsonb) into v_pages from (
    select distinct on (l.item ->> 'notion_page_id') l.item
    from jsonb_array_elements(p_pages) with ordinality as l (item, ordinal)
    where (l.item ->> 'is_row')::boolean or not exists (
      select from public.page p where p.connection_id = v_database.connection_id
        and p.notion_page_id = l.item ->> 'notion_page_id' and p.listed_by_job = p_job
    )
    order by l.item ->> 'notion_page_id', (l.item ->> 'is_row')::boolean desc, l.ordinal desc
  ) once;

  select count(*) into v_new from jsonb_to_recordset(v_pages) as l (notion_page_id text)
  where not exists (
    select from public.page p where p.connection_id = v_database.connection_id
      and p.notion_page_id = l.notion_page_id and p_job in (p.listed_by_job, p.read_by_job)
  );

  -- A to-do is shown with its page and found by its database: what changes there changes it too.
  update public.todo t set database_id = p_database, seq = v_seq
  from jsonb_to_recordset(v_pages) as l (
    notion_page_id text, is_row boolean, title text, icon jsonb, url text, last_edited_time timestamptz
  )
  join public.page p on p.connection_id = v_database.connection_id and p.notion_page_id = l.notion_page_id
  where t.page_id = p.id and t.removed_at is null
    and (p.database_id, p.title, p.icon, p.url, p.last_edited_time) is distinct from (
      p_database, l.title, case when l.is_row then l.icon else p.icon end,
      case when l.is_row then l.url else p.url end,
      case when l.is_row then l.last_edited_time else p.last_edited_time end
    );

  insert into public.page as p (
    user_id, connection_id, database_id, notion_page_id, parent_notion_id, is_row, title, icon, url,
    created_time, last_edited_time, listed_by_job
  )
  select v_database.user_id, v_database.connection_id, p_database, l.notion_page_id, l.parent_notion_id,
    l.is_row, l.title, l.icon, l.url, l.created_time, l.last_edited_time, p_job
  from jsonb_to_recordset(v_pages) as l (
    notion_page_id text, parent_notion_id text, is_row boolean, title text, icon jsonb, url text,
    created_time timestamptz, last_edited_time timestamptz
  )
  on conflict (connection_id, notion_page_id) do update set
    database_id = excluded.database_id, is_row = excluded.is_row, parent_notion_id = excluded.parent_notion_id,
    title = excluded.title,
    icon = case when excluded.is_row then excluded.icon else p.icon end,
    url = case when excluded.is_row then excluded.url else p.url end,
    created_time = coalesce(excluded.created_time, p.created_time),
    last_edited_time = case when excluded.is_row then excluded.last_edited_time else p.last_edited_time end,
    listed_by_job = p_job, trashed_at = null;

  -- Progress counts bodies to be read.
  if v_database.count_boxes then
    update public.integration_sync_jobs set pages_total = pages_total + v_new where id = p_job;
  end if;

  for v_item in
    select l.notion_page_id, l.todo from jsonb_to_recordset(v_pages) as l (notion_page_id text, todo jsonb)
    where l.todo is not null
  loop
    select * into strict v_page from public.page
    where connection_id = v_database.connection_id and notion_page_id = v_item.notion_page_id;
    perform public.upsert_todos(v_page, jsonb_build_array(v_item.todo), v_seq, p_job);
  end loop;

  -- Pages that are no to-do of their own (any more), and kinds that no longer count here, let go
  -- of what they had.
  update public.todo t set removed_at = now(), seq = v_seq
  from jsonb_to_recordset(v_pages) as l (notion_page_id text, todo jsonb)
  join public.page p on p.connection_id = v_database.connection_id and p.notion_page_id = l.notion_page_id
  where l.todo is null and t.page_id = p.id and t.kind = 'row' and t.removed_at is null;
  if not v_database.count_rows then
    update public.todo set removed_at = now(), seq = v_seq
    where database_id = p_database and kind = 'row' and removed_at is null;
  end if;
  if not v_database.count_boxes then
    update public.todo set removed_at = now(), seq = v_seq
    where database_id = p_database and kind = 'block' and removed_at is null;
    -- Should they count again, unchanged bodies have to be walked all the same.
    update public.page set walked_edited_time = null, reread = true
    where database_id = p_database and not reread;
  end if;
end
$$;

-- Bodies --------------------------------------------------------------------------------------------

-- The pages whose bodies a run has to walk, those marked by Notion first, then newest edit first,
-- each with the child pages it is known to have. A page owes a walk when it never had one, when the
-- last one was cut short, when it has been edited since, or when it was walked so soon after the edit
-- that another one may carry the same time: Notion rounds edit times down to the minute, and half a
-- minute is left for clocks that differ. In a full run every page that comes up does.
create function public.list_owed_pages(p_job bigint, p_limit integer default null)
returns table (
  page_id bigint, database_id bigint, notion_page_id text, parent_notion_id text, is_row boolean, children text[]
)
language sql
set search_path = ''
as $$
  select p.id, p.database_id, p.notion_page_id, p.parent_notion_id, p.is_row, array(
    select c.notion_page_id from public.page c
    where c.connection_id = p.connection_id and c.parent_notion_id = p.notion_page_id
      and not c.is_row and c.trashed_at is null
  )
  from public.integration_sync_jobs j
  join public.notion_database d on d.connection_id = j.connection_id and d.count_boxes
  join public.page p on p.database_id = d.id
  left join public.dirty_page m on m.connection_id = p.connection_id and m.notion_page_id = p.notion_page_id
  where j.id = p_job and exists (select from public.todo_list_source s where s.database_id = d.id)
    and p.trashed_at is null and p.read_by_job is distinct from j.id
    and (
      p.read_at is null or p.reread or m.marked_at is not null
      or p.last_edited_time is distinct from p.walked_edited_time
      or p.read_at < p.walked_edited_time + interval '90 seconds'
      or (j.full_read and p.listed_by_job = j.id)
    )
  order by m.marked_at is null, p.last_edited_time desc nulls last, p.id
  limit p_limit;
$$;
revoke execute on function public.list_owed_pages(bigint, integer) from public, anon, authenticated;
grant execute on function public.list_owed_pages(bigint, integer) to service_role;

-- Stores the last rows of a listing and, when it came to its end, what follows from that, in one
-- transaction: the data source counts as listed, unchanged bodies as read, and the watermark moves.
-- It moves to the newest edit seen, never past the listing's own beginning: what was edited while it
-- went on comes again. A minute long past gets no more edits and need not come again.
create function public.finish_listing(
  p_job bigint, p_database bigint, p_pages jsonb, p_whole boolean, p_started_at timestamptz, p_requests integer
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_newest timestamptz;
  v_unchanged integer := 0;
begin
  perform public.apply_listing(p_job, p_database, p_pages);
  if p_whole then
    select max(last_edited_time) into v_newest from public.page where database_id = p_database and is_row;
    if v_newest < now() - interval '15 minutes' then
      v_newest := v_newest + interval '3 minutes';
    end if;
    update public.notion_database d set
      access = 'ok', listed_by_job = p_job, listed_as = public.counting_of(d),
      watermark = greatest(d.watermark, least(v_newest, p_started_at))
    where d.id = p_database;
    update public.page p set read_by_job = p_job
    where p.database_id = p_database and p.listed_by_job = p_job and p.read_by_job is distinct from p_job
      and p.id not in (select o.page_id from public.list_owed_pages(p_job) o)
      and exists (select from public.notion_database d where d.id = p_database and d.count_boxes);
    get diagnostics v_unchanged = row_count;
  end if;
  update public.integration_sync_jobs set
    pages_done = pages_done + v_unchanged, requests_used = requests_used + p_requests,
    pages_total = greatest(pages_total, pages_done + v_unchanged)
  where id = p_job;
end
$$;
revoke execute on function public.finish_listing(bigint, bigint, jsonb, boolean, timestamptz, integer)
  from public, anon, authenticated;
grant execute on function public.finish_listing(bigint, bigint, jsonb, boolean, timestamptz, integer) to service_role;

-- Rows that a listing of ids alone has met. Answers whether any of them is new here, or was edited
-- without the incremental listing noticing: then everything has to be listed.
create function public.mark_listed(p_job bigint, p_database bigint, p_rows jsonb) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_missed boolean;
begin
  perform from public.profiles u where u.id = (select d.user_id from public.notion_database d where d.id = p_database)
  for no key update;
  update public.page p set listed_by_job = p_job
  from jsonb_to_recordset(p_rows) as r (notion_page_id text)
  where p.database_id = p_database and p.notion_page_id = r.notion_page_id and p.trashed_at is null;
  select exists (
    select from jsonb_to_recordset(p_rows) as r (notion_page_id text, last_edited_time timestamptz)
    where not exists (
      select from public.page p
      where p.database_id = p_database and p.notion_page_id = r.notion_page_id and p.trashed_at is null
        and p.last_edited_time >= r.last_edited_time
    )
  ) into v_missed;
  return v_missed;
end
$$;
revoke execute on function public.mark_listed(bigint, bigint, jsonb) from public, anon, authenticated;
grant execute on function public.mark_listed(bigint, bigint, jsonb) to service_role;

-- Stores what the walk of one page body found, and the run's progress with it. Read twice by one run,
-- a page counts once.
--   p_safe     every list of blocks was read to its end: what is not there any more may go
--   p_complete nothing at all was left out. Only then may what was seen through a synced copy go, too:
--              the copy's original may merely be closed to us
--   p_started_at when the walk began: what was marked or edited later is not in it
drop function public.apply_page(bigint, bigint, text, jsonb, jsonb, boolean, integer);
create function public.apply_page(
  p_job bigint, p_connection bigint, p_notion_page_id text, p_todos jsonb, p_completeness jsonb,
  p_safe boolean, p_complete boolean, p_requests integer, p_started_at timestamptz
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_page public.page;
  v_seq bigint;
begin
  v_seq := public.next_change_seq(c.user_id) from public.notion_access_token_user c where c.id = p_connection;
  select * into strict v_page from public.page
  where connection_id = p_connection and notion_page_id = p_notion_page_id;

  perform public.upsert_todos(v_page, p_todos, v_seq, p_job);

  if p_safe then
    update public.todo t set removed_at = now(), seq = v_seq
    where t.page_id = v_page.id and t.kind = 'block' and t.removed_at is null and (p_complete or not t.via_copy)
      and not exists (
        select from jsonb_to_recordset(p_todos) as r (notion_id text) where r.notion_id = t.notion_id
      );
  end if;

  update public.todo child set parent_id = parent.id, seq = v_seq
  from jsonb_to_recordset(p_todos) as r (notion_id text, parent_notion_id text)
  left join public.todo parent
    on parent.connection_id = p_connection and parent.notion_id = r.parent_notion_id
  where child.connection_id = p_connection and child.notion_id = r.notion_id
    and child.page_id = v_page.id and child.parent_id is distinct from parent.id;

  update public.page set
    completeness = p_completeness, complete = p_complete, read_by_job = p_job, read_at = p_started_at,
    walked_edited_time = last_edited_time, reread = not p_safe
  where id = v_page.id;
  delete from public.dirty_page
  where connection_id = p_connection and notion_page_id = p_notion_page_id and marked_at <= p_started_at;

  update public.integration_sync_jobs set
    pages_done = pages_done + (v_page.read_by_job is distinct from p_job)::integer,
    pages_total = greatest(
      pages_total + (v_page.listed_by_job is distinct from p_job and v_page.read_by_job is distinct from p_job)::integer,
      pages_done + (v_page.read_by_job is distinct from p_job)::integer
    ),
    requests_used = requests_used + p_requests
  where id = p_job;
end
$$;
revoke execute on function public.apply_page(bigint, bigint, text, jsonb, jsonb, boolean, boolean, integer, timestamptz)
  from public, anon, authenticated;
grant execute on function public.apply_page(bigint, bigint, text, jsonb, jsonb, boolean, boolean, integer, timestamptz)
  to service_role;

drop function public.skip_page(bigint, bigint);

-- A page proved gone (missing where it was listed and refused on its own): its to-dos leave. Should it
-- come back unedited, its body is walked again nevertheless.
create or replace function public.trash_page(p_connection bigint, p_notion_page_id text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_seq bigint;
  v_page bigint;
begin
  v_seq := public.next_change_seq(c.user_id) from public.notion_access_token_user c where c.id = p_connection;
  update public.page set trashed_at = now(), walked_edited_time = null, reread = true
  where connection_id = p_connection and notion_page_id = p_notion_page_id and trashed_at is null
  returning id into v_page;
  update public.todo set removed_at = now(), seq = v_seq where page_id = v_page and removed_at is null;
  delete from public.dirty_page where connection_id = p_connection and notion_page_id = p_notion_page_id;
end
$$;

-- Search by recency ---------------------------------------------------------------------------------

-- How far back search has to look for changed pages that are no rows: null when there are none, and
-- nothing needs to be searched.
create function public.search_since(p_connection bigint) returns timestamptz
language sql
set search_path = ''
as $$
  select coalesce(
    (select s.search_watermark from public.sync_schedule s where s.connection_id = p_connection), min(p.read_at)
  ) - interval '2 minutes'
  from public.page p
  where p.connection_id = p_connection and not p.is_row and p.trashed_at is null
  having count(*) > 0;
$$;
revoke execute on function public.search_since(bigint) from public, anon, authenticated;
grant execute on function public.search_since(bigint) to service_role;

-- Takes what search says about pages that are known here and no rows. What was read well after the
-- edit has been seen; p_watermark moves the search on once all of it has been taken.
create function public.apply_search(p_connection bigint, p_pages jsonb, p_watermark timestamptz) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_seq bigint;
  v_user uuid;
begin
  select user_id into strict v_user from public.notion_access_token_user where id = p_connection;
  v_seq := public.next_change_seq(v_user);
  update public.todo t set seq = v_seq
  from jsonb_to_recordset(p_pages) as r (notion_page_id text, title text, icon jsonb, url text)
  join public.page p on p.connection_id = p_connection and p.notion_page_id = r.notion_page_id and not p.is_row
  where t.page_id = p.id and t.removed_at is null
    and (p.title, p.icon, p.url) is distinct from (r.title, r.icon, r.url);
  update public.page p set
    title = r.title, icon = r.icon, url = r.url, last_edited_time = r.last_edited_time,
    walked_edited_time = case
      when p.read_at >= r.last_edited_time + interval '90 seconds' then r.last_edited_time
      else p.walked_edited_time
    end
  from jsonb_to_recordset(p_pages) as r (
    notion_page_id text, title text, icon jsonb, url text, last_edited_time timestamptz
  )
  where p.connection_id = p_connection and p.notion_page_id = r.notion_page_id and not p.is_row;
  if p_watermark < now() - interval '15 minutes' then
    p_watermark := p_watermark + interval '3 minutes';
  end if;
  insert into public.sync_schedule as s (connection_id, user_id, search_watermark)
  values (p_connection, v_user, p_watermark)
  on conflict (connection_id) do update set
    search_watermark = greatest(s.search_watermark, excluded.search_watermark);
end
$$;
revoke execute on function public.apply_search(bigint, jsonb, timestamptz) from public, anon, authenticated;
grant execute on function public.apply_search(bigint, jsonb, timestamptz) to service_role;

-- Sweep ---------------------------------------------------------------------------------------------

-- Marks the pages of a run's connection that have not been read for longest, to be walked again.
create function public.mark_oldest_read(p_job bigint, p_limit integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_count integer;
begin
  perform from public.profiles u where u.id = (select j.user_id from public.integration_sync_jobs j where j.id = p_job)
  for no key update;
  update public.page set reread = true where id in (
    select p.id from public.integration_sync_jobs j
    join public.notion_database d on d.connection_id = j.connection_id and d.count_boxes
    join public.page p on p.database_id = d.id
    where j.id = p_job and p.trashed_at is null and p.read_at < j.created_at - interval '12 hours'
      and exists (select from public.todo_list_source s where s.database_id = d.id)
    order by p.read_at limit p_limit
  );
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
revoke execute on function public.mark_oldest_read(bigint, integer) from public, anon, authenticated;
grant execute on function public.mark_oldest_read(bigint, integer) to service_role;

-- Telling every instance ----------------------------------------------------------------------------

-- Sent when the transaction commits, so whoever hears of a change can read it. One person's messages
-- within a transaction are one.
create function public.announce_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify('roundup_change', new.id::text || ' ' || new.change_seq::text);
  return null;
end
$$;
revoke execute on function public.announce_change() from public, anon, authenticated;
create trigger profiles_announce after update of change_seq on public.profiles
  for each row when (old.change_seq is distinct from new.change_seq) execute function public.announce_change();

create function public.announce_progress() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_catalog.pg_notify('roundup_progress', new.user_id::text);
  return null;
end
$$;
revoke execute on function public.announce_progress() from public, anon, authenticated;
create trigger integration_sync_jobs_announce_new after insert on public.integration_sync_jobs
  for each row execute function public.announce_progress();
create trigger integration_sync_jobs_announce after update on public.integration_sync_jobs
  for each row when (
    (old.state, old.pages_done, old.pages_total, old.complete, old.retry_at)
      is distinct from (new.state, new.pages_done, new.pages_total, new.complete, new.retry_at)
  ) execute function public.announce_progress();
