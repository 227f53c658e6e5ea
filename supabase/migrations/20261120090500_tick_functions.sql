-- The outbox: a tick is recorded, claimed by one sender, and finished.

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
  v_seq := public.next_change_seq(p_user);
  select t.* into v_todo from public.todo t
  join public.notion_access_token_user c on c.id = t.connection_id and c.deleted_at is null
  where t.user_id = p_user and t.notion_id = p_notion_id and t.removed_at is null
    and exists (select from public.todo_list_source s where s.database_id = t.database_id and s.user_id = p_user)
  limit 1;
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

-- Takes the oldest unsent changes of a connection. Of each to-do only the newest wish is ever sent,
-- and not while an older one is still under way. A change whose sender died is taken again after a
-- minute: the write sets a value, so sending it twice does no harm.
create function public.claim_ticks(p_connection bigint, p_limit integer)
returns table (change_id bigint, notion_id text, kind text, checked boolean, attempts integer, done_property jsonb)
language plpgsql
set search_path = ''
as $$
declare
  v_alive timestamptz := now() - interval '1 minute';
begin
  -- What nobody is sending (any more) and the person has since changed their mind about.
  update public.todo_change set state = 'superseded' where id in (
    select h.id from public.todo_change h
    where h.connection_id = p_connection
      and (h.state = 'pending' or (h.state = 'sending' and h.updated_at < v_alive))
      and exists (select from public.todo_change newer where newer.todo_id = h.todo_id and newer.id > h.id)
    for update skip locked
  );

  -- A locked row is being taken by another claimer, or superseded by record_tick: not ours either way.
  -- One that is still being sent holds back the newer, whatever this statement cannot see yet of its
  -- being taken again.
  return query
  with ready as (
    select h.id from public.todo_change h
    where h.connection_id = p_connection
      and (h.state = 'pending' or (h.state = 'sending' and h.updated_at < v_alive))
      and not exists (
        select from public.todo_change older
        where older.todo_id = h.todo_id and older.id < h.id and older.state = 'sending'
      )
      and not exists (select from public.todo_change newer where newer.todo_id = h.todo_id and newer.id > h.id)
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

-- Records how an attempt ended: saved, failed (with a code of our vocabulary), or back to pending.
-- A sender given up for dead, whose change another has taken since, has no say any more.
create function public.finish_tick(p_change bigint, p_attempt integer, p_state text, p_error text default null)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_change public.todo_change;
  v_seq bigint;
  v_newest boolean;
begin
  v_seq := public.next_change_seq(h.user_id) from public.todo_change h where h.id = p_change;
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
    state = case when p_state = 'pending' and not v_newest then 'superseded' else p_state end,
    error_code = p_error
  where id = p_change;
  if v_newest then
    update public.todo set
      write_state = case p_state when 'saved' then 'saved' when 'failed' then 'failed' else 'waiting' end,
      write_error = p_error, seq = v_seq
    where id = v_change.todo_id;
  end if;
end
$$;
revoke execute on function public.finish_tick(bigint, integer, text, text) from public, anon, authenticated;
grant execute on function public.finish_tick(bigint, integer, text, text) to service_role;
