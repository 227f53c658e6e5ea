-- The writes of a sync run, each one transaction. A failed read never reaches these functions
-- with p_complete = true, so it can never remove anything.

-- Starts a run for a connection, or answers the live one (created = false). No row: the
-- connection is gone.
create function public.start_sync_job(p_connection bigint, p_full boolean)
returns table (job_id bigint, created boolean)
language plpgsql
set search_path = ''
as $$
declare
  v_id bigint;
begin
  loop
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
    if found then
      return;
    end if;
    -- Either there is nothing to read, or the run in the way ended just now: then ours can start.
    perform from public.notion_access_token_user c where c.id = p_connection and c.deleted_at is null;
    exit when not found;
  end loop;
end
$$;
revoke execute on function public.start_sync_job(bigint, boolean) from public, anon, authenticated;
grant execute on function public.start_sync_job(bigint, boolean) to service_role;

-- Takes the to-dos of p_todos (jsonb array, document order) into p_page. Only rows that really
-- differ get a new seq. A to-do seen through a synced copy never moves away from its original
-- page.
--
-- The person's own value stands while their tick is on its way, or has failed and waits for them;
-- and when it was saved after this run began, unless the block was edited since: the run may have
-- read the box before Notion got the tick. Notion rounds edit times down to the minute.
create function public.upsert_todos(p_page public.page, p_todos jsonb, p_seq bigint, p_job bigint) returns void
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
          where h.todo_id = k.id and h.state = 'saved' and h.updated_at >= j.created_at
            and r.last_edited_time < date_trunc('minute', h.created_at)
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
revoke execute on function public.upsert_todos(public.page, jsonb, bigint, bigint)
  from public, anon, authenticated;
grant execute on function public.upsert_todos(public.page, jsonb, bigint, bigint) to service_role;

-- Stores listed pages (rows of a data source, or child pages found in a body) and, for rows that
-- count, their to-do. Also adds newly found pages to the run's total.
create function public.apply_listing(p_job bigint, p_database bigint, p_pages jsonb) returns void
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
      and p.notion_page_id = l.notion_page_id and p.listed_by_job = p_job
  );

  -- A to-do is shown with its page and found by its database: what changes there changes it too.
  update public.todo t set database_id = p_database, seq = v_seq
  from jsonb_to_recordset(v_pages) as l (
    notion_page_id text, title text, icon jsonb, url text, last_edited_time timestamptz
  )
  join public.page p on p.connection_id = v_database.connection_id and p.notion_page_id = l.notion_page_id
  where t.page_id = p.id and t.removed_at is null
    and (p.database_id, p.title, p.icon, p.url, p.last_edited_time)
      is distinct from (p_database, l.title, l.icon, l.url, l.last_edited_time);

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
    title = excluded.title, icon = excluded.icon, url = excluded.url, created_time = excluded.created_time,
    last_edited_time = excluded.last_edited_time, listed_by_job = p_job, trashed_at = null;

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
    update public.page set walked_edited_time = null
    where database_id = p_database and walked_edited_time is not null;
  end if;
end
$$;
revoke execute on function public.apply_listing(bigint, bigint, jsonb) from public, anon, authenticated;
grant execute on function public.apply_listing(bigint, bigint, jsonb) to service_role;

-- Stores what the walk of one page body found, and the run's progress with it. Only a complete
-- read removes to-dos that are no longer there. Read twice by one run, a page counts once.
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
  v_seq := public.next_change_seq(c.user_id) from public.notion_access_token_user c where c.id = p_connection;
  select * into strict v_page from public.page
  where connection_id = p_connection and notion_page_id = p_notion_page_id;

  perform public.upsert_todos(v_page, p_todos, v_seq, p_job);

  if p_complete then
    update public.todo t set removed_at = now(), seq = v_seq
    where t.page_id = v_page.id and t.kind = 'block' and t.removed_at is null and not exists (
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
    completeness = p_completeness, complete = p_complete, read_by_job = p_job, read_at = now(),
    walked_edited_time = last_edited_time
  where id = v_page.id;

  update public.integration_sync_jobs set
    pages_done = pages_done + (v_page.read_by_job is distinct from p_job)::integer,
    pages_total = greatest(pages_total, pages_done + (v_page.read_by_job is distinct from p_job)::integer),
    requests_used = requests_used + p_requests
  where id = p_job;
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
  -- No to-do changes, so the clock stands still; it is the first lock here too.
  perform from public.profiles u where u.id = (select p.user_id from public.page p where p.id = p_page)
  for no key update;
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
  set pages_done = pages_done + 1, pages_total = greatest(pages_total, pages_done + 1) + v_children
  where id = p_job;
end
$$;
revoke execute on function public.skip_page(bigint, bigint) from public, anon, authenticated;
grant execute on function public.skip_page(bigint, bigint) to service_role;

-- A page proved gone (missing from a complete listing and refused on its own): its to-dos leave.
-- Should it come back unedited, its body is walked again nevertheless.
create function public.trash_page(p_connection bigint, p_notion_page_id text) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_seq bigint;
  v_page bigint;
begin
  v_seq := public.next_change_seq(c.user_id) from public.notion_access_token_user c where c.id = p_connection;
  update public.page set trashed_at = now(), walked_edited_time = null
  where connection_id = p_connection and notion_page_id = p_notion_page_id and trashed_at is null
  returning id into v_page;
  update public.todo set removed_at = now(), seq = v_seq where page_id = v_page and removed_at is null;
end
$$;
revoke execute on function public.trash_page(bigint, text) from public, anon, authenticated;
grant execute on function public.trash_page(bigint, text) to service_role;
