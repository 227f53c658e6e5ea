-- The writes of a sync run, each one transaction. A failed read never reaches these functions
-- with p_complete = true, so it can never remove anything.

-- Starts a run for a connection, or answers the live one (created = false).
create function public.start_sync_job(p_connection bigint, p_full boolean)
returns table (job_id bigint, created boolean)
language plpgsql
set search_path = ''
as $$
declare
  v_id bigint;
begin
  insert into public.integration_sync_jobs (user_id, connection_id, full_read)
  select c.user_id, c.id, p_full from public.notion_access_token_user c
  where c.id = p_connection and c.deleted_at is null
  on conflict (connection_id) where state in ('queued', 'running') do nothing
  returning id into v_id;
  if v_id is not null then
    return query select v_id, true;
    return;
  end if;
  return query select j.id, false from public.integration_sync_jobs j
    where j.connection_id = p_connection and j.state in ('queued', 'running');
end
$$;
revoke execute on function public.start_sync_job(bigint, boolean) from public, anon, authenticated;
grant execute on function public.start_sync_job(bigint, boolean) to service_role;

-- Takes the to-dos of p_todos (jsonb array, document order) into p_page. Only rows that really
-- differ get a new seq. A to-do seen through a synced copy never moves away from its original
-- page. While a tick is on its way, or has failed and waits for the person, Notion's older
-- value does not overwrite theirs.
create function public.upsert_todos(p_page public.page, p_todos jsonb, p_seq bigint) returns void
language sql
set search_path = ''
as $$
  insert into public.todo as t (
    user_id, connection_id, database_id, page_id, notion_id, kind, text, rich_text, checked, position,
    depth, heading_path, due, people, tags, via_copy, last_edited_time, seq
  )
  select p_page.user_id, p_page.connection_id, p_page.database_id, p_page.id, r.notion_id, r.kind, r.text,
    r.rich_text, r.checked, r.position, r.depth, coalesce(r.heading_path, '{}'), r.due,
    coalesce(r.people, '[]'::jsonb), coalesce(r.tags, '{}'), r.via_copy, r.last_edited_time, p_seq
  from jsonb_to_recordset(p_todos) as r (
    notion_id text, kind text, text text, rich_text jsonb, checked boolean, position integer, depth integer,
    heading_path text[], due jsonb, people jsonb, tags text[], via_copy boolean, last_edited_time timestamptz
  )
  on conflict (connection_id, notion_id) do update set
    database_id = excluded.database_id, page_id = excluded.page_id, kind = excluded.kind, text = excluded.text,
    rich_text = excluded.rich_text,
    checked = case when t.write_state = 'saved' then excluded.checked else t.checked end,
    position = excluded.position, depth = excluded.depth, heading_path = excluded.heading_path,
    due = excluded.due, people = excluded.people, tags = excluded.tags, via_copy = excluded.via_copy,
    last_edited_time = excluded.last_edited_time, removed_at = null, seq = excluded.seq
  where (t.page_id = excluded.page_id or t.removed_at is not null or not excluded.via_copy)
    and (
      t.database_id, t.page_id, t.kind, t.text, t.rich_text, t.position, t.depth, t.heading_path, t.due,
      t.people, t.tags, t.via_copy, t.removed_at is null,
      case when t.write_state = 'saved' then t.checked else excluded.checked end
    ) is distinct from (
      excluded.database_id, excluded.page_id, excluded.kind, excluded.text, excluded.rich_text,
      excluded.position, excluded.depth, excluded.heading_path, excluded.due, excluded.people, excluded.tags,
      excluded.via_copy, true, excluded.checked
    );
$$;
revoke execute on function public.upsert_todos(public.page, jsonb, bigint) from public, anon, authenticated;
grant execute on function public.upsert_todos(public.page, jsonb, bigint) to service_role;

-- Stores listed pages (rows of a data source, or child pages found in a body) and, for rows that
-- count, their to-do. Also adds newly found pages to the run's total.
create function public.apply_listing(p_job bigint, p_database bigint, p_pages jsonb) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_database public.notion_database;
  v_seq bigint;
  v_new integer;
  v_item record;
  v_page public.page;
begin
  select * into strict v_database from public.notion_database where id = p_database;
  v_seq := public.next_change_seq(v_database.user_id);

  with listed as (
    select * from jsonb_to_recordset(p_pages) as r (
      notion_page_id text, parent_notion_id text, is_row boolean, title text, icon jsonb, url text,
      created_time timestamptz, last_edited_time timestamptz
    )
  ), counted as (
    select count(*) as n from listed l where not exists (
      select 1 from public.page p where p.connection_id = v_database.connection_id
        and p.notion_page_id = l.notion_page_id and p.listed_by_job = p_job
    )
  ), written as (
    insert into public.page as p (
      user_id, connection_id, database_id, notion_page_id, parent_notion_id, is_row, title, icon, url,
      created_time, last_edited_time, listed_by_job
    )
    select v_database.user_id, v_database.connection_id, p_database, l.notion_page_id, l.parent_notion_id,
      l.is_row, l.title, l.icon, l.url, l.created_time, l.last_edited_time, p_job
    from listed l
    on conflict (connection_id, notion_page_id) do update set
      -- A row belongs to its data source; a child page keeps its first home within a run.
      database_id = case when p.is_row and not excluded.is_row then p.database_id else excluded.database_id end,
      is_row = p.is_row and excluded.is_row or excluded.is_row,
      parent_notion_id = coalesce(excluded.parent_notion_id, p.parent_notion_id),
      title = excluded.title, icon = excluded.icon, url = excluded.url, created_time = excluded.created_time,
      last_edited_time = excluded.last_edited_time, listed_by_job = p_job, trashed_at = null
  )
  select n into v_new from counted;

  -- Progress counts bodies to be read.
  if v_database.count_boxes then
    update public.integration_sync_jobs set pages_total = pages_total + v_new where id = p_job;
  end if;

  for v_item in
    select r.notion_page_id, r.todo from jsonb_to_recordset(p_pages) as r (notion_page_id text, todo jsonb)
    where r.todo is not null
  loop
    select * into strict v_page from public.page
    where connection_id = v_database.connection_id and notion_page_id = v_item.notion_page_id;
    perform public.upsert_todos(v_page, jsonb_build_array(v_item.todo), v_seq);
  end loop;

  -- A kind that no longer counts here lets go of the to-dos it had.
  update public.todo set removed_at = now(), seq = v_seq
  where database_id = p_database and removed_at is null
    and ((kind = 'row' and not v_database.count_rows) or (kind = 'block' and not v_database.count_boxes));
end
$$;
revoke execute on function public.apply_listing(bigint, bigint, jsonb) from public, anon, authenticated;
grant execute on function public.apply_listing(bigint, bigint, jsonb) to service_role;

-- Stores what the walk of one page body found, and the run's progress with it. Only a complete
-- read removes to-dos that are no longer there.
create function public.apply_page(
  p_job bigint, p_connection bigint, p_notion_page_id text, p_todos jsonb, p_completeness jsonb,
  p_complete boolean, p_requests integer
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_page public.page;
  v_seq bigint;
begin
  select * into strict v_page from public.page
  where connection_id = p_connection and notion_page_id = p_notion_page_id;
  v_seq := public.next_change_seq(v_page.user_id);

  perform public.upsert_todos(v_page, p_todos, v_seq);

  if p_complete then
    update public.todo set removed_at = now(), seq = v_seq
    where page_id = v_page.id and kind = 'block' and removed_at is null
      and notion_id not in (select r.notion_id from jsonb_to_recordset(p_todos) as r (notion_id text));
  end if;

  update public.todo child set parent_id = parent.id, seq = v_seq
  from jsonb_to_recordset(p_todos) as r (notion_id text, parent_notion_id text)
  left join public.todo parent
    on parent.connection_id = p_connection and parent.notion_id = r.parent_notion_id
  where child.connection_id = p_connection and child.notion_id = r.notion_id
    and child.page_id = v_page.id and child.parent_id is distinct from parent.id;

  update public.integration_sync_jobs set
    pages_done = pages_done + case when v_page.read_by_job is distinct from p_job then 1 else 0 end,
    requests_used = requests_used + p_requests
  where id = p_job;

  update public.page set
    completeness = p_completeness, complete = p_complete, read_by_job = p_job, read_at = now(),
    walked_edited_time = last_edited_time
  where id = v_page.id;
end
$$;
revoke execute on function public.apply_page(bigint, bigint, text, jsonb, jsonb, boolean, integer)
  from public, anon, authenticated;
grant execute on function public.apply_page(bigint, bigint, text, jsonb, jsonb, boolean, integer) to service_role;

-- Counts a page whose body has not changed since it was last walked as done. Its child pages, which
-- may have changed all the same, join the run without the walk that would have found them.
create function public.skip_page(p_job bigint, p_page bigint) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_page public.page;
  v_children integer;
begin
  update public.page set read_by_job = p_job where id = p_page and read_by_job is distinct from p_job
  returning * into v_page;
  if v_page.id is null then
    return;
  end if;
  update public.page set listed_by_job = p_job
  where connection_id = v_page.connection_id and parent_notion_id = v_page.notion_page_id
    and not is_row and trashed_at is null and listed_by_job is distinct from p_job;
  get diagnostics v_children = row_count;
  update public.integration_sync_jobs
  set pages_done = pages_done + 1, pages_total = pages_total + v_children
  where id = p_job;
end
$$;
revoke execute on function public.skip_page(bigint, bigint) from public, anon, authenticated;
grant execute on function public.skip_page(bigint, bigint) to service_role;

-- A page proved gone (missing from a complete listing and refused on its own): its to-dos leave.
create function public.trash_page(p_connection bigint, p_notion_page_id text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_page public.page;
begin
  select * into v_page from public.page
  where connection_id = p_connection and notion_page_id = p_notion_page_id and trashed_at is null;
  if v_page.id is null then
    return;
  end if;
  update public.todo set removed_at = now(), seq = public.next_change_seq(v_page.user_id)
  where page_id = v_page.id and removed_at is null;
  update public.page set trashed_at = now() where id = v_page.id;
end
$$;
revoke execute on function public.trash_page(bigint, text) from public, anon, authenticated;
grant execute on function public.trash_page(bigint, text) to service_role;

-- Tick: history, outbox and cached state in one transaction, before anybody is told.
-- Answers no row unless the to-do is the caller's, live, and read by one of their lists.
create function public.record_tick(p_user uuid, p_notion_id text, p_checked boolean)
returns table (change_id bigint, todo_id bigint, connection_id bigint)
language plpgsql
set search_path = ''
as $$
declare
  v_todo public.todo;
  v_change bigint;
  v_seq bigint;
begin
  -- Taken before the to-do's row, as the sync functions do: one lock order, no deadlock.
  v_seq := public.next_change_seq(p_user);
  select t.* into v_todo from public.todo t
  join public.notion_access_token_user c on c.id = t.connection_id and c.deleted_at is null
  where t.user_id = p_user and t.notion_id = p_notion_id and t.removed_at is null
    and exists (select 1 from public.todo_list_source s where s.database_id = t.database_id and s.user_id = p_user)
  limit 1
  for update of t;
  if v_todo.id is null then
    return;
  end if;
  -- Rapid clicks coalesce: what was not sent yet is superseded by the newest wish.
  update public.todo_change h set state = 'superseded' where h.todo_id = v_todo.id and h.state = 'pending';
  insert into public.todo_change (user_id, connection_id, todo_id, before_checked, after_checked)
  values (p_user, v_todo.connection_id, v_todo.id, v_todo.checked, p_checked)
  returning id into v_change;
  update public.todo set checked = p_checked, write_state = 'waiting', write_error = null, seq = v_seq
  where id = v_todo.id;
  return query select v_change, v_todo.id, v_todo.connection_id;
end
$$;
revoke execute on function public.record_tick(uuid, text, boolean) from public, anon, authenticated;
grant execute on function public.record_tick(uuid, text, boolean) to service_role;

-- Takes the oldest unsent changes of a connection, one per to-do and never one whose to-do has
-- an older change still under way. A change whose sender died is taken again after a minute:
-- the write sets a value, so sending it twice does no harm.
create function public.claim_ticks(p_connection bigint, p_limit integer)
returns table (change_id bigint, notion_id text, kind text, checked boolean, attempts integer, done_property jsonb)
language plpgsql
set search_path = ''
as $$
begin
  return query
  with ready as (
    select h.id from public.todo_change h
    where h.connection_id = p_connection
      and (h.state = 'pending' or (h.state = 'sending' and h.updated_at < now() - interval '1 minute'))
      and not exists (
        select 1 from public.todo_change older
        where older.todo_id = h.todo_id and older.id < h.id
          and older.state = 'sending' and older.updated_at >= now() - interval '1 minute'
      )
      and not exists (
        select 1 from public.todo_change newer
        where newer.todo_id = h.todo_id and newer.id > h.id and newer.state in ('pending', 'sending')
      )
    order by h.id limit p_limit for update skip locked
  ), taken as (
    update public.todo_change h set state = 'sending', attempts = h.attempts + 1
    from ready where h.id = ready.id
    returning h.id, h.todo_id, h.after_checked, h.attempts
  )
  select taken.id, t.notion_id, t.kind, taken.after_checked, taken.attempts, d.done_property
  from taken
  join public.todo t on t.id = taken.todo_id
  join public.notion_database d on d.id = t.database_id
  order by taken.id;
end
$$;
revoke execute on function public.claim_ticks(bigint, integer) from public, anon, authenticated;
grant execute on function public.claim_ticks(bigint, integer) to service_role;

-- Records how a send ended: saved, failed (with a code of our vocabulary), or back to pending.
create function public.finish_tick(p_change bigint, p_state text, p_error text default null) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_change public.todo_change;
  v_seq bigint;
begin
  select * into strict v_change from public.todo_change where id = p_change;
  v_seq := public.next_change_seq(v_change.user_id);
  update public.todo_change set state = p_state, error_code = p_error where id = p_change;
  -- A newer wish keeps the item waiting whatever became of this one.
  update public.todo t set
    write_state = case p_state when 'saved' then 'saved' when 'failed' then 'failed' else 'waiting' end,
    write_error = p_error, seq = v_seq
  where t.id = v_change.todo_id
    and not exists (
      select 1 from public.todo_change newer
      where newer.todo_id = t.id and newer.id > p_change and newer.state in ('pending', 'sending')
    );
end
$$;
revoke execute on function public.finish_tick(bigint, text, text) from public, anon, authenticated;
grant execute on function public.finish_tick(bigint, text, text) to service_role;
