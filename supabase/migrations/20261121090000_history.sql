-- The outbox is the history: every change a person asks for is one row that stays, with what it was about,
-- what came of it and what Notion said. Rows are written by record_changes and undo_changes alone, sent by
-- claim_ticks and finish_tick, and decided by resolve_write where the person has to choose.

alter table public.todo_change drop constraint todo_change_todo_id_fkey;
alter table public.todo_change
  alter column todo_id drop not null,
  add constraint todo_change_todo_id_fkey foreign key (todo_id) references public.todo (id) on delete set null,
  drop constraint todo_change_state_check,
  add constraint todo_change_state_check check (
    state in ('pending', 'sending', 'saved', 'failed', 'conflict', 'superseded', 'given_up')
  ),
  -- One tick, or one action on many, is one entry of the history; its first row stands for it.
  add column entry uuid not null default gen_random_uuid(),
  add column is_head boolean not null default true,
  -- The browser's own name for it: the same one twice is one change. On the first row of the entry.
  add column client_id uuid,
  add column source text not null default 'list'
    check (source in ('list', 'offline', 'undo', 'mirror', 'share', 'api')),
  add column undo_of bigint references public.todo_change (id) on delete set null,
  -- What it was about, for ever: the to-do itself may leave.
  add column notion_id text not null default '',
  add column text text not null default '',
  add column page_title text not null default '',
  add column url text not null default '',
  add column database_name text not null default '',
  -- What Notion had when the person decided, as far as it was known here; null: it cannot be said.
  add column base_checked boolean,
  -- Decided on an old view of things (offline, undo, retry): what contradicts it is shown, not overwritten.
  add column careful boolean not null default false,
  -- The person has seen what Notion has, and insists.
  add column insists boolean not null default false,
  -- One of many: sent when nobody waits for a single one.
  add column bulk boolean not null default false,
  -- Not sent before; set by every attempt that has to be repeated.
  add column next_attempt_at timestamptz not null default now(),
  -- Attempts that met a fault. attempts counts every claim and names the one who has it.
  add column faults integer not null default 0,
  add column worker integer,
  add column sent_at timestamptz,
  add column finished_at timestamptz,
  -- What Notion said the to-do was, last time it was asked or told.
  add column notion_checked boolean,
  add column notion_text text;
comment on table public.todo_change is
  'Outbox and history in one: every change a person asked for, before it is acknowledged, and for ever.';

update public.todo_change h set
  notion_id = t.notion_id, text = t.text, page_title = p.title, database_name = d.name,
  url = case t.kind when 'row' then p.url else split_part(p.url, '#', 1) || '#' || replace(t.notion_id, '-', '') end,
  finished_at = case when h.state in ('pending', 'sending') then null else h.updated_at end,
  sent_at = case when h.attempts > 0 then h.updated_at end
from public.todo t
join public.page p on p.id = t.page_id
join public.notion_database d on d.id = t.database_id
where t.id = h.todo_id;

drop index public.todo_change_open;
create index todo_change_open on public.todo_change (connection_id, bulk, id) where state in ('pending', 'sending');
create index todo_change_due on public.todo_change (next_attempt_at) where state in ('pending', 'sending');
create index todo_change_heads on public.todo_change (user_id, id desc) where is_head;
create index todo_change_entry on public.todo_change (user_id, entry, id);
create index todo_change_undo on public.todo_change (undo_of);
create unique index todo_change_client on public.todo_change (user_id, client_id) where client_id is not null;

alter table public.todo
  drop constraint todo_write_state_check,
  add constraint todo_write_state_check check (write_state in ('saved', 'waiting', 'failed', 'conflict')),
  -- In a conflict: what Notion has, {text, checked}.
  add column write_theirs jsonb,
  -- When Notion last said what this to-do is, other than by being read: a look or the reply to a write.
  add column looked_at timestamptz;

-- What was asked for cannot be rewritten. What nobody can send any more is said to be so.
create function public.keep_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if (
    new.id, new.user_id, new.entry, new.is_head, new.client_id, new.source, new.notion_id, new.text, new.page_title,
    new.url, new.database_name, new.before_checked, new.after_checked, new.created_at
  ) is distinct from (
    old.id, old.user_id, old.entry, old.is_head, old.client_id, old.source, old.notion_id, old.text, old.page_title,
    old.url, old.database_name, old.before_checked, old.after_checked, old.created_at
  ) then
    raise exception 'history is not rewritten' using errcode = 'P0001';
  end if;
  if new.todo_id is null and old.todo_id is not null and new.state in ('pending', 'sending') then
    new.state := 'failed';
    new.error_code := 'NOT_FOUND';
  end if;
  if new.state in ('pending', 'sending') then
    new.finished_at := null;
  elsif old.state in ('pending', 'sending') then
    new.finished_at := now();
  end if;
  return new;
end
$$;
revoke execute on function public.keep_change() from public, anon, authenticated;
create trigger todo_change_keep before update on public.todo_change
  for each row execute function public.keep_change();

-- Recording -----------------------------------------------------------------------------------------

-- Writes the rows of one entry and the cached state. The caller holds the profile's lock and has stamped p_seq.
-- Of a to-do that is named twice the last wish counts. Answers the entry, or null when nothing was taken.
create function public.record_wishes(p_user uuid, p_seq bigint, p_changes jsonb, p_source text, p_client uuid)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_entry uuid := gen_random_uuid();
  v_connections bigint[] := array(
    select c.id from public.notion_access_token_user c where c.user_id = p_user and c.deleted_at is null
  );
  v_todos bigint[];
  v_connection bigint;
begin
  with wanted as (
    select distinct on (w.id) w.* from rows from (
      jsonb_to_recordset(p_changes) as (id text, checked boolean, undo_of bigint)
    ) with ordinality as w (id, checked, undo_of, place)
    order by w.id, w.place desc
  ), found as (
    -- One look-up a wish, whatever the planner knows about the size of things.
    select t.*, w.checked as wish, w.undo_of as undone, w.place, p.title as page_title,
      case t.kind when 'row' then p.url else split_part(p.url, '#', 1) || '#' || replace(t.notion_id, '-', '') end as url,
      d.name as database_name
    from wanted w
    cross join lateral (
      select k.* from public.todo k
      where k.connection_id = any (v_connections) and k.notion_id = w.id and k.removed_at is null
        and exists (
          select from public.todo_list_source s where s.database_id = k.database_id and s.user_id = p_user
        )
      order by k.id limit 1
    ) t
    join public.page p on p.id = t.page_id
    join public.notion_database d on d.id = t.database_id
  ), overruled as (
    -- Rapid clicks coalesce: what was not sent yet is superseded by the newest wish.
    update public.todo_change h set state = 'superseded'
    from found f where h.todo_id = f.id and h.state in ('pending', 'conflict')
    returning h.id
  ), written as (
    insert into public.todo_change (
      user_id, connection_id, todo_id, before_checked, after_checked, entry, is_head, client_id, source, undo_of,
      notion_id, text, page_title, url, database_name, base_checked, careful, bulk
    )
    select p_user, f.connection_id, f.id, f.checked, f.wish, v_entry, row_number() over (order by f.place) = 1,
      case when row_number() over (order by f.place) = 1 then p_client end, p_source, f.undone,
      f.notion_id, f.text, f.page_title, f.url, f.database_name,
      case f.write_state
        when 'saved' then f.checked
        when 'conflict' then (f.write_theirs ->> 'checked')::boolean
        else (select h.base_checked from public.todo_change h where h.todo_id = f.id order by h.id desc limit 1)
      end,
      p_source in ('offline', 'undo', 'mirror'), p_source = 'mirror' or count(*) over () > 1
    from found f order by f.place
    returning todo_id
  )
  select array_agg(w.todo_id) into v_todos from written w;
  if v_todos is null then
    return null;
  end if;
  update public.todo t set
    checked = h.after_checked, write_state = 'waiting', write_error = null, write_theirs = null, seq = p_seq
  from public.todo_change h
  where t.id = any (v_todos) and h.user_id = p_user and h.entry = v_entry and h.todo_id = t.id;
  for v_connection in select distinct t.connection_id from public.todo t where t.id = any (v_todos) loop
    perform pg_catalog.pg_notify('roundup_ticks', v_connection::text);
  end loop;
  return v_entry;
end
$$;
revoke execute on function public.record_wishes(uuid, bigint, jsonb, text, uuid) from public, anon, authenticated;
grant execute on function public.record_wishes(uuid, bigint, jsonb, text, uuid) to service_role;

-- What became of a request: {entry, accepted: [notion ids], refused: [{id, code}]}. What an entry has is
-- accepted; of the rest it is said why not, p_code where the to-do is there all the same.
create function public.answer_changes(p_user uuid, p_entry uuid, p_ids text[], p_code text) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'entry', coalesce(p_entry, gen_random_uuid()),
    'accepted', coalesce((
      select jsonb_agg(h.notion_id order by h.id) from public.todo_change h
      where h.user_id = p_user and h.entry = p_entry
    ), '[]'::jsonb),
    'refused', coalesce((
      select jsonb_agg(jsonb_build_object('id', w.id, 'code', case
        when known.is_live then p_code when known.is_frozen then 'NOTION_NOT_CONNECTED' else 'NOT_FOUND'
      end))
      from (select distinct unnest(p_ids) as id) w
      left join lateral (
        select c.frozen_at is not null as is_frozen, c.deleted_at is null and exists (
          select from public.todo_list_source s where s.database_id = t.database_id
        ) as is_live
        from public.todo t join public.notion_access_token_user c on c.id = t.connection_id
        where t.notion_id = w.id and t.removed_at is null and t.connection_id = any (array(
          select mine.id from public.notion_access_token_user mine where mine.user_id = p_user
        ))
        order by c.deleted_at nulls first limit 1
      ) known on true
      where not exists (
        select from public.todo_change h where h.user_id = p_user and h.entry = p_entry and h.notion_id = w.id
      )
    ), '[]'::jsonb)
  );
$$;
revoke execute on function public.answer_changes(uuid, uuid, text[], text) from public, anon, authenticated;
grant execute on function public.answer_changes(uuid, uuid, text[], text) to service_role;

-- Takes what a person wants of some to-dos, [{id, checked}], as one entry: history, outbox and cached state in
-- one transaction, before anybody is told. The same p_client again answers what the first one was answered.
drop function public.record_tick(uuid, text, boolean);
create function public.record_changes(p_user uuid, p_changes jsonb, p_source text, p_client uuid default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_seq bigint;
  v_entry uuid;
  v_ids text[] := array(select w.id from jsonb_to_recordset(p_changes) as w (id text));
begin
  v_seq := public.next_change_seq(p_user);
  select h.entry into v_entry from public.todo_change h where h.user_id = p_user and h.client_id = p_client;
  if v_entry is null then
    v_entry := public.record_wishes(p_user, v_seq, p_changes, p_source, p_client);
  end if;
  return public.answer_changes(p_user, v_entry, v_ids, 'CONFLICT');
end
$$;
revoke execute on function public.record_changes(uuid, jsonb, text, uuid) from public, anon, authenticated;
grant execute on function public.record_changes(uuid, jsonb, text, uuid) to service_role;

-- Undo ----------------------------------------------------------------------------------------------

-- The changes of an entry whose to-dos are as they left them, with nothing decided about them since.
create function public.undoable_changes(p_user uuid, p_entry uuid) returns bigint[]
language sql
stable
set search_path = ''
as $$
  select coalesce(array_agg(h.id), '{}') from public.todo_change h
  where h.user_id = p_user and h.entry = p_entry and h.before_checked <> h.after_checked
    and h.state in ('pending', 'sending', 'saved', 'failed', 'conflict')
    and not exists (
      select from public.todo_change newer where newer.todo_id = h.todo_id and newer.id > h.id
    )
    and exists (
      select from public.todo t
      join public.notion_access_token_user c on c.id = t.connection_id and c.deleted_at is null
      where t.id = h.todo_id and t.removed_at is null and t.checked = h.after_checked
        and exists (select from public.todo_list_source s where s.database_id = t.database_id)
    );
$$;
revoke execute on function public.undoable_changes(uuid, uuid) from public, anon, authenticated;
grant execute on function public.undoable_changes(uuid, uuid) to service_role;

-- Takes an entry back, or those of it that are named: as an entry of its own. What has changed since is refused.
-- Null: there is no such entry.
create function public.undo_changes(p_user uuid, p_entry uuid, p_ids text[] default null, p_client uuid default null)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_seq bigint;
  v_entry uuid;
  v_changes jsonb;
  v_ids text[];
begin
  v_seq := public.next_change_seq(p_user);
  v_ids := array(
    select h.notion_id from public.todo_change h
    where h.user_id = p_user and h.entry = p_entry and (p_ids is null or h.notion_id = any (p_ids))
      and h.before_checked <> h.after_checked and h.state not in ('superseded', 'given_up')
  );
  if not exists (select from public.todo_change h where h.user_id = p_user and h.entry = p_entry) then
    return null;
  end if;
  select h.entry into v_entry from public.todo_change h where h.user_id = p_user and h.client_id = p_client;
  if v_entry is null then
    select jsonb_agg(jsonb_build_object('id', h.notion_id, 'checked', h.before_checked, 'undo_of', h.id) order by h.id)
    into v_changes
    from public.todo_change h
    where h.id = any (public.undoable_changes(p_user, p_entry)) and h.notion_id = any (v_ids);
    v_entry := public.record_wishes(p_user, v_seq, coalesce(v_changes, '[]'::jsonb), 'undo', p_client);
  end if;
  return public.answer_changes(p_user, v_entry, coalesce(p_ids, v_ids), 'CONFLICT');
end
$$;
revoke execute on function public.undo_changes(uuid, uuid, text[], uuid) from public, anon, authenticated;
grant execute on function public.undo_changes(uuid, uuid, text[], uuid) to service_role;

-- Sending -------------------------------------------------------------------------------------------

-- Will whoever took this never finish it? A killed worker is known at once; what it had sent gets a moment to
-- arrive. One without a number is waited for a minute, a live one that says nothing for two.
create function public.is_sender_gone(p_worker integer, p_sent_at timestamptz) returns boolean
language sql
stable
set search_path = ''
as $$
  select case
    when p_worker is null then p_sent_at < now() - interval '1 minute'
    else p_sent_at < now() - interval '2 minutes'
      or (p_sent_at < now() - interval '2 seconds' and not public.is_worker_alive(p_worker))
  end;
$$;
revoke execute on function public.is_sender_gone(integer, timestamptz) from public, anon, authenticated;
grant execute on function public.is_sender_gone(integer, timestamptz) to service_role;

-- Connections that have something to send now. An array, because the REST interface cuts long lists.
create function public.connections_with_due_ticks() returns bigint[]
language sql
stable
set search_path = ''
as $$
  select coalesce(array_agg(distinct h.connection_id), '{}') from public.todo_change h
  where h.state in ('pending', 'sending') and h.next_attempt_at <= now()
    and (h.state = 'pending' or public.is_sender_gone(h.worker, h.sent_at));
$$;
revoke execute on function public.connections_with_due_ticks() from public, anon, authenticated;
grant execute on function public.connections_with_due_ticks() to service_role;

-- Has a change's time come, is nobody sending it (any more), and is it the newest wish of a to-do of which
-- nothing is under way?
create function public.is_free(p_connection bigint, p_change public.todo_change) returns boolean
language sql
stable
set search_path = ''
as $$
  select p_change.connection_id = p_connection
    and case p_change.state
      when 'pending' then p_change.next_attempt_at <= now()
      when 'sending' then public.is_sender_gone(p_change.worker, p_change.sent_at)
      else false
    end
    and not exists (
      select from public.todo_change older
      where older.todo_id = p_change.todo_id and older.id < p_change.id and older.state = 'sending'
    )
    and not exists (
      select from public.todo_change newer where newer.todo_id = p_change.todo_id and newer.id > p_change.id
    );
$$;
revoke execute on function public.is_free(bigint, public.todo_change) from public, anon, authenticated;
grant execute on function public.is_free(bigint, public.todo_change) to service_role;

-- Takes up to p_limit unsent changes of a connection whose time has come: single ones before those of many (up
-- to p_bulk_limit of these), older before newer. Of each to-do only the newest wish is ever sent, and not while an older one is still under way. What
-- a dead sender had is taken again.
-- is_known: Notion has said within the last minute what this to-do is, and it is still what the person saw.
drop function public.claim_ticks(bigint, integer);
create function public.claim_ticks(
  p_connection bigint, p_limit integer, p_bulk_limit integer, p_worker integer default null
)
returns table (
  change_id bigint, notion_id text, kind text, checked boolean, attempts integer, faults integer, bulk boolean,
  recorded_at timestamptz, text text, base_checked boolean, careful boolean, insists boolean, is_known boolean,
  done_property jsonb
)
language plpgsql
set search_path = ''
as $$
begin
  -- What nobody is sending (any more) and the person has since changed their mind about.
  update public.todo_change set state = 'superseded' where id in (
    select h.id from public.todo_change h
    where h.connection_id = p_connection and h.state in ('pending', 'sending')
      and (h.state = 'pending' or public.is_sender_gone(h.worker, h.sent_at))
      and exists (select from public.todo_change newer where newer.todo_id = h.todo_id and newer.id > h.id)
    for update skip locked
  );

  -- A locked row is being taken by another claimer, or superseded by record_wishes: not ours either way.
  -- One that is still being sent holds back the newer, whatever this statement cannot see yet of its
  -- being taken again.
  return query
  with single as (
    select h.id from public.todo_change h
    where h.connection_id = p_connection and h.state in ('pending', 'sending') and not h.bulk
      and public.is_free(p_connection, h)
    order by h.id limit p_limit for update skip locked
  ), many as (
    select h.id from public.todo_change h
    where h.connection_id = p_connection and h.state in ('pending', 'sending') and h.bulk
      and public.is_free(p_connection, h)
    order by h.id limit (select least(p_bulk_limit, p_limit - count(*)) from single) for update skip locked
  ), ready as (
    select id from single union all select id from many
  ), taken as (
    update public.todo_change h set
      state = 'sending', attempts = h.attempts + 1, worker = p_worker, sent_at = now(), error_code = null
    from ready where h.id = ready.id
    returning h.*
  )
  select taken.id, t.notion_id, t.kind, taken.after_checked, taken.attempts, taken.faults, taken.bulk,
    taken.created_at, taken.text, taken.base_checked, taken.careful, taken.insists,
    taken.attempts = 1 and not taken.careful and t.text = taken.text and (
      coalesce(t.looked_at > now() - interval '1 minute', false)
      or (t.kind = 'block' and coalesce(p.read_at > now() - interval '1 minute', false))
    ),
    d.done_property
  from taken
  join public.todo t on t.id = taken.todo_id
  join public.page p on p.id = t.page_id
  join public.notion_database d on d.id = t.database_id
  order by taken.bulk, taken.id;
end
$$;
revoke execute on function public.claim_ticks(bigint, integer, integer, integer) from public, anon, authenticated;
grant execute on function public.claim_ticks(bigint, integer, integer, integer) to service_role;

-- What else its page says has to be read again.
create function public.mark_page_of(p_todo bigint) returns void
language sql
set search_path = ''
as $$
  insert into public.dirty_page as d (user_id, connection_id, notion_page_id)
  select p.user_id, p.connection_id, p.notion_page_id from public.todo t join public.page p on p.id = t.page_id
  where t.id = p_todo
  on conflict (connection_id, notion_page_id) do update set marked_at = clock_timestamp();
$$;
revoke execute on function public.mark_page_of(bigint) from public, anon, authenticated;
grant execute on function public.mark_page_of(bigint) to service_role;

-- Records how an attempt ended: saved, failed (with a code of our vocabulary), conflict, or pending again for
-- after p_pause_ms. A sender given up for dead, whose change another has taken since, has no say any more.
--   p_seen     what Notion said the to-do is: {checked, text, rich_text, last_edited_time}
--   p_is_fault the attempt counts as one of those that are not repeated for ever
drop function public.finish_tick(bigint, integer, text, text);
create function public.finish_tick(
  p_change bigint, p_attempt integer, p_state text, p_error text default null, p_seen jsonb default null,
  p_pause_ms integer default 0, p_is_fault boolean default false
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_change public.todo_change;
  v_todo public.todo;
  v_newest boolean;
begin
  perform from public.profiles u
  where u.id = (select h.user_id from public.todo_change h where h.id = p_change) for no key update;
  select * into v_change from public.todo_change
  where id = p_change and state = 'sending' and attempts = p_attempt
  for no key update;
  if v_change.id is null then
    return;
  end if;
  v_newest := not exists (
    select from public.todo_change newer where newer.todo_id = v_change.todo_id and newer.id > p_change
  );
  -- A newer wish keeps the item waiting whatever became of this one, and this one is not sent again.
  update public.todo_change set
    state = case when p_state in ('pending', 'conflict') and not v_newest then 'superseded' else p_state end,
    error_code = p_error, faults = faults + p_is_fault::integer,
    next_attempt_at = now() + p_pause_ms * interval '1 millisecond',
    notion_checked = coalesce((p_seen ->> 'checked')::boolean, notion_checked),
    notion_text = coalesce(p_seen ->> 'text', notion_text)
  where id = p_change;
  if not v_newest then
    -- The newer one was decided before this: what it finds in Notion is what this one left there.
    update public.todo_change set
      base_checked = case p_state when 'saved' then v_change.after_checked else (p_seen ->> 'checked')::boolean end
    where todo_id = v_change.todo_id and id > p_change and state = 'pending';
    return;
  end if;
  select * into v_todo from public.todo where id = v_change.todo_id;
  if p_state = 'pending' and v_todo.write_state = 'waiting' then
    return;
  end if;
  update public.todo set
    write_state = case when p_state = 'pending' then 'waiting' else p_state end,
    write_error = p_error,
    write_theirs = case when p_state = 'conflict'
      then jsonb_build_object('text', p_seen ->> 'text', 'checked', (p_seen ->> 'checked')::boolean) end,
    text = case when p_state = 'saved' then coalesce(p_seen ->> 'text', text) else text end,
    rich_text = case when p_state = 'saved' then coalesce(p_seen -> 'rich_text', rich_text) else rich_text end,
    last_edited_time = coalesce((p_seen ->> 'last_edited_time')::timestamptz, last_edited_time),
    looked_at = case when p_seen is null then looked_at else now() end,
    seq = public.next_change_seq(v_change.user_id)
  where id = v_change.todo_id;
  if p_state = 'saved' and v_todo.text is distinct from coalesce(p_seen ->> 'text', v_todo.text) then
    perform public.mark_page_of(v_change.todo_id);
  end if;
end
$$;

revoke execute on function public.finish_tick(bigint, integer, text, text, jsonb, integer, boolean)
  from public, anon, authenticated;
grant execute on function public.finish_tick(bigint, integer, text, text, jsonb, integer, boolean) to service_role;

-- As before, but a tick that had to wait counts from when it was sent: what was edited while it waited does not
-- tell that Notion has been read after it.
create or replace function public.upsert_todos(p_page public.page, p_todos jsonb, p_seq bigint, p_job bigint) returns void
language sql
set search_path = ''
as $$
  with read as (
    select distinct on (r.notion_id) r.*
    from rows from (jsonb_to_recordset(p_todos) as (
      notion_id text, kind text, text text, rich_text jsonb, checked boolean, position integer, depth integer,
      heading_path text[], due jsonb, people jsonb, tags text[], via_copy boolean, last_edited_time timestamptz
    )) with ordinality as r
    order by r.notion_id, r.via_copy, r.ordinality
  )
  insert into public.todo as t (
    user_id, connection_id, database_id, page_id, notion_id, kind, text, rich_text, checked, position,
    depth, heading_path, due, people, tags, via_copy, last_edited_time, seq
  )
  select p_page.user_id, p_page.connection_id, p_page.database_id, p_page.id, r.notion_id, r.kind, r.text,
    r.rich_text, coalesce(own.checked, r.checked), r.position, r.depth, coalesce(r.heading_path, '{}'), r.due,
    coalesce(r.people, '[]'::jsonb), coalesce(r.tags, '{}'), r.via_copy, r.last_edited_time, p_seq
  from read r
  left join lateral (
    select k.checked from public.todo k
    where k.connection_id = p_page.connection_id and k.notion_id = r.notion_id
      and (
        k.write_state <> 'saved'
        or exists (
          select from public.todo_change h
          join public.integration_sync_jobs j on j.id = p_job
          where h.todo_id = k.id and h.state = 'saved' and h.finished_at >= j.created_at
            and r.last_edited_time < date_trunc('minute', coalesce(h.sent_at, h.created_at))
        )
      )
  ) own on true
  order by r.ordinality
  on conflict (connection_id, notion_id) do update set
    database_id = excluded.database_id, page_id = excluded.page_id, kind = excluded.kind, text = excluded.text,
    rich_text = excluded.rich_text, checked = excluded.checked, position = excluded.position,
    depth = excluded.depth, heading_path = excluded.heading_path, due = excluded.due, people = excluded.people,
    tags = excluded.tags, via_copy = excluded.via_copy, last_edited_time = excluded.last_edited_time,
    removed_at = null, seq = excluded.seq
  where (t.page_id = excluded.page_id or t.removed_at is not null or not excluded.via_copy)
    and (
      t.database_id, t.page_id, t.kind, t.text, t.rich_text, t.checked, t.position, t.depth, t.heading_path,
      t.due, t.people, t.tags, t.via_copy, t.removed_at is null
    ) is distinct from (
      excluded.database_id, excluded.page_id, excluded.kind, excluded.text, excluded.rich_text, excluded.checked,
      excluded.position, excluded.depth, excluded.heading_path, excluded.due, excluded.people, excluded.tags,
      excluded.via_copy, true
    );
$$;

-- Deciding ------------------------------------------------------------------------------------------

-- The person decides about a to-do whose last change did not get through. Answers done, unknown (no such
-- to-do of theirs), disconnected, or changed (it is not in a state in which this can be decided).
--   retry        once more, with care
--   give-up      the box goes back to what Notion has
--   keep-mine    in a conflict: write it all the same
--   keep-theirs  in a conflict: take what Notion has
--   remove       gone from Notion: gone from here
create function public.resolve_write(p_user uuid, p_notion_id text, p_action text) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_seq bigint;
  v_todo public.todo;
  v_change public.todo_change;
  v_live boolean;
begin
  v_seq := public.next_change_seq(p_user);
  select t.* into v_todo from public.todo t
  join public.notion_access_token_user c on c.id = t.connection_id
  where t.notion_id = p_notion_id and t.removed_at is null and t.connection_id = any (array(
      select mine.id from public.notion_access_token_user mine where mine.user_id = p_user
    ))
    and exists (select from public.todo_list_source s where s.database_id = t.database_id and s.user_id = p_user)
  order by c.deleted_at nulls first, t.id limit 1;
  if v_todo.id is null then
    return 'unknown';
  end if;
  select * into v_change from public.todo_change h where h.todo_id = v_todo.id order by h.id desc limit 1
  for no key update;
  v_live := exists (
    select from public.notion_access_token_user c where c.id = v_todo.connection_id and c.deleted_at is null
  );

  if p_action in ('retry', 'keep-mine') then
    if v_todo.write_state <> (case p_action when 'retry' then 'failed' else 'conflict' end)
      or v_change.state is distinct from v_todo.write_state then
      return 'changed';
    elsif not v_live then
      return 'disconnected';
    end if;
    update public.todo_change set
      state = 'pending', faults = 0, next_attempt_at = now(), error_code = null, careful = p_action = 'retry',
      insists = p_action = 'keep-mine'
    where id = v_change.id;
    update public.todo set write_state = 'waiting', write_error = null, write_theirs = null, seq = v_seq
    where id = v_todo.id;
    perform pg_catalog.pg_notify('roundup_ticks', v_todo.connection_id::text);
    return 'done';
  end if;

  if v_change.state is null or v_change.state not in ('pending', 'failed', 'conflict')
    or (p_action = 'keep-theirs' and v_todo.write_state <> 'conflict')
    or (p_action = 'remove' and v_todo.write_error is distinct from 'NOTION_BLOCK_NOT_FOUND') then
    return 'changed';
  end if;
  update public.todo_change set state = 'given_up' where id = v_change.id;
  update public.todo set
    checked = coalesce(
      (v_todo.write_theirs ->> 'checked')::boolean, v_change.notion_checked, v_change.base_checked, checked
    ),
    text = coalesce(v_todo.write_theirs ->> 'text', text),
    rich_text = case when v_todo.write_theirs ->> 'text' is distinct from text and v_todo.write_theirs is not null
      then jsonb_build_array(jsonb_build_object('text', v_todo.write_theirs ->> 'text')) else rich_text end,
    write_state = 'saved', write_error = null, write_theirs = null, seq = v_seq,
    removed_at = case when p_action = 'remove' then now() end
  where id = v_todo.id;
  -- What Notion has was known a while ago: it is read again to be sure.
  if v_live and p_action <> 'remove' then
    perform public.mark_page_of(v_todo.id);
  end if;
  return 'done';
end
$$;
revoke execute on function public.resolve_write(uuid, text, text) from public, anon, authenticated;
grant execute on function public.resolve_write(uuid, text, text) to service_role;

-- Showing -------------------------------------------------------------------------------------------

-- A change as the person is shown it.
create function public.shown_change(p_change public.todo_change, p_undoable bigint[]) returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'id', p_change.notion_id, 'text', p_change.text, 'pageTitle', p_change.page_title, 'url', p_change.url,
    'databaseName', p_change.database_name, 'before', p_change.before_checked, 'after', p_change.after_checked,
    'state', p_change.state, 'code', p_change.error_code, 'attempts', p_change.attempts,
    'notion', case when p_change.notion_checked is not null
      then jsonb_build_object('checked', p_change.notion_checked, 'text', p_change.notion_text) end,
    'finishedAt', p_change.finished_at, 'undoable', p_change.id = any (p_undoable)
  );
$$;
revoke execute on function public.shown_change(public.todo_change, bigint[]) from public, anon, authenticated;
grant execute on function public.shown_change(public.todo_change, bigint[]) to service_role;

-- Entries of a person's history, newest first, from below p_before: how far each has come, and its first three.
create function public.history_entries(p_user uuid, p_limit integer, p_before bigint default null)
returns table (
  head_id bigint, entry uuid, created_at timestamptz, source text, undo_of uuid, size integer, counts jsonb,
  undoable boolean, preview jsonb
)
language sql
stable
set search_path = ''
as $$
  with heads as (
    select h.* from public.todo_change h
    where h.user_id = p_user and h.is_head and h.id < coalesce(p_before, 9223372036854775807)
    order by h.id desc limit p_limit
  )
  select heads.id, heads.entry, heads.created_at, heads.source,
    (select u.entry from public.todo_change u where u.id = heads.undo_of),
    tally.size, tally.counts, cardinality(undoable.ids) > 0,
    (
      select jsonb_agg(public.shown_change(h, undoable.ids) order by h.id) from (
        select * from public.todo_change c where c.user_id = p_user and c.entry = heads.entry order by c.id limit 3
      ) h
    )
  from heads
  cross join lateral (
    select count(*)::integer as size, jsonb_build_object(
      'waiting', count(*) filter (where h.state in ('pending', 'sending')),
      'saved', count(*) filter (where h.state = 'saved'),
      'failed', count(*) filter (where h.state = 'failed'),
      'conflict', count(*) filter (where h.state = 'conflict'),
      'superseded', count(*) filter (where h.state = 'superseded'),
      'givenUp', count(*) filter (where h.state = 'given_up')
    ) as counts
    from public.todo_change h where h.user_id = p_user and h.entry = heads.entry
  ) tally
  cross join lateral (select public.undoable_changes(p_user, heads.entry) as ids) undoable
  order by heads.id desc;
$$;
revoke execute on function public.history_entries(uuid, integer, bigint) from public, anon, authenticated;
grant execute on function public.history_entries(uuid, integer, bigint) to service_role;

-- All changes of one entry, in their order; no rows: it is not this person's.
create function public.history_changes(p_user uuid, p_entry uuid)
returns table (change_id bigint, shown jsonb)
language sql
stable
set search_path = ''
as $$
  select h.id, public.shown_change(h, undoable.ids)
  from (select public.undoable_changes(p_user, p_entry) as ids) undoable, public.todo_change h
  where h.user_id = p_user and h.entry = p_entry order by h.id;
$$;
revoke execute on function public.history_changes(uuid, uuid) from public, anon, authenticated;
grant execute on function public.history_changes(uuid, uuid) to service_role;
