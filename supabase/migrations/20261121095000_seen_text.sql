-- A change is about what the person saw, which is not what is known here when their browser was offline or behind:
-- only then is it seen that Notion has made another to-do of it, and the look is not skipped (claim_ticks).

-- As before, but a change may say what the person saw: its first 200 characters (SEEN_TEXT_MAX_LENGTH). Where the
-- text known here begins so, it is that text; else what they saw stands in the history.
create or replace function public.record_wishes(p_user uuid, p_seq bigint, p_changes jsonb, p_source text, p_client uuid)
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
      jsonb_to_recordset(p_changes) as (id text, checked boolean, text text, undo_of bigint)
    ) with ordinality as w (id, checked, text, undo_of, place)
    order by w.id, w.place desc
  ), found as (
    -- One look-up a wish, whatever the planner knows about the size of things.
    select t.*, w.checked as wish, w.text as seen, w.undo_of as undone, w.place, p.title as page_title,
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
      f.notion_id, case f.seen when left(f.text, 200) then f.text else coalesce(f.seen, f.text) end,
      f.page_title, f.url, f.database_name,
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

-- What the person saw, where our own text has changed since, stands beside what Notion has: they choose between the two.
create or replace function public.finish_tick(
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
      then jsonb_strip_nulls(jsonb_build_object(
        'text', p_seen ->> 'text', 'checked', (p_seen ->> 'checked')::boolean,
        'seen', nullif(v_change.text, v_todo.text)
      )) end,
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
