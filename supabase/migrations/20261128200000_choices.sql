-- Lists can be changed after they were made: their name, and which databases they read.

-- What a list reads decides which to-dos an answer is about. A delta says only which to-dos changed, so whoever asks
-- for one across such a change gets everything instead, and every page that is open is told to ask.
create function public.begin_anew(p_user uuid) returns void
language sql
set search_path = ''
as $$
  update public.profiles set change_seq = change_seq + 1, pruned_seq = change_seq + 1 where id = p_user;
$$;
revoke execute on function public.begin_anew(uuid) from public, anon, authenticated;
grant execute on function public.begin_anew(uuid) to service_role;

-- As before, and: everything is asked for anew.
create or replace function public.create_todo_list(p_user uuid, p_name text, p_data_sources text[]) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_list bigint;
  v_found integer;
begin
  insert into public.todo_list (user_id, name) values (p_user, p_name) returning id into v_list;
  insert into public.todo_list_source (list_id, database_id, user_id, position)
  select v_list, d.id, p_user, min(wanted.ordinal)::integer - 1
  from unnest(p_data_sources) with ordinality as wanted (data_source_id, ordinal)
  join public.notion_database d on d.data_source_id = wanted.data_source_id and d.user_id = p_user
  join public.notion_access_token_user c on c.id = d.connection_id and c.deleted_at is null
  group by d.id;
  get diagnostics v_found = row_count;
  if v_found <> (select count(distinct x) from unnest(p_data_sources) as x) then
    delete from public.todo_list where id = v_list;
    return null;
  end if;
  perform public.begin_anew(p_user);
  return v_list;
end
$$;

-- Gives a list a name and the databases it reads. Those of an ended connection stay when they are named, but none
-- can be added. Answers 'done'; 'no_list' or 'no_database' when there is none such of this person's, and then
-- nothing has changed.
create function public.change_todo_list(p_user uuid, p_list bigint, p_name text, p_data_sources text[]) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_before bigint[];
  v_after bigint[];
begin
  perform from public.todo_list where id = p_list and user_id = p_user for update;
  if not found then
    return 'no_list';
  end if;
  select coalesce(array_agg(s.database_id order by s.position), '{}') into v_before
  from public.todo_list_source s where s.list_id = p_list;
  select coalesce(array_agg(found.id order by found.place), '{}') into v_after from (
    select d.id, min(wanted.ordinal) as place
    from unnest(p_data_sources) with ordinality as wanted (data_source_id, ordinal)
    join public.notion_database d on d.data_source_id = wanted.data_source_id and d.user_id = p_user
    join public.notion_access_token_user c on c.id = d.connection_id
    where c.deleted_at is null or d.id = any (v_before)
    group by d.id
  ) found;
  if cardinality(v_after) <> (select count(distinct x) from unnest(p_data_sources) as x) then
    return 'no_database';
  end if;
  update public.todo_list set name = p_name where id = p_list;
  if v_after <> v_before then
    delete from public.todo_list_source where list_id = p_list and database_id <> all (v_after);
    insert into public.todo_list_source (list_id, database_id, user_id, position)
    select p_list, chosen.id, p_user, chosen.place - 1 from unnest(v_after) with ordinality as chosen (id, place)
    on conflict (list_id, database_id) do update set position = excluded.position;
    perform public.begin_anew(p_user);
  end if;
  return 'done';
end
$$;
revoke execute on function public.change_todo_list(uuid, bigint, text, text[]) from public, anon, authenticated;
grant execute on function public.change_todo_list(uuid, bigint, text, text[]) to service_role;

-- Answers whether there was such a list of this person's.
create function public.delete_todo_list(p_user uuid, p_list bigint) returns boolean
language plpgsql
set search_path = ''
as $$
begin
  delete from public.todo_list where id = p_list and user_id = p_user;
  if not found then
    return false;
  end if;
  perform public.begin_anew(p_user);
  return true;
end
$$;
revoke execute on function public.delete_todo_list(uuid, bigint) from public, anon, authenticated;
grant execute on function public.delete_todo_list(uuid, bigint) to service_role;
