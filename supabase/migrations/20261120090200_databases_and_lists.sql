-- The cache of data sources a connection can read, and the lists a person builds over them.

create table public.notion_database (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  connection_id bigint not null references public.notion_access_token_user (id) on delete cascade,
  notion_database_id text not null,
  data_source_id text not null,
  name text not null default '',
  icon jsonb,
  url text,
  metadata jsonb not null default '{}'::jsonb,
  last_edited_time timestamptz,
  access text not null default 'ok' check (access in ('ok', 'lost')),
  count_boxes boolean not null default true,
  count_rows boolean not null default false,
  done_property jsonb,
  customised boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint valid_notion_database_id check (notion_database_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  constraint valid_data_source_id check (data_source_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  unique (connection_id, data_source_id)
);
comment on table public.notion_database is 'Cached data sources, per connection: two tenants may cache the same one.';
create index idx_notion_database_id on public.notion_database (notion_database_id);
create index idx_notion_database_owner on public.notion_database (user_id);
create index idx_notion_database_name on public.notion_database (name);

create trigger notion_database_touch before update on public.notion_database
  for each row execute function public.touch_updated_at();

alter table public.notion_database enable row level security;
alter table public.notion_database force row level security;
revoke all on public.notion_database from anon, authenticated;
grant select on public.notion_database to authenticated;
grant all on public.notion_database to service_role;
create policy "Users read their own databases" on public.notion_database
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages databases" on public.notion_database
  for all to service_role using (true) with check (true);

create table public.todo_list (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.todo_list is 'A named choice of databases.';
create index todo_list_owner on public.todo_list (user_id);

create trigger todo_list_touch before update on public.todo_list
  for each row execute function public.touch_updated_at();

alter table public.todo_list enable row level security;
alter table public.todo_list force row level security;
revoke all on public.todo_list from anon, authenticated;
grant select on public.todo_list to authenticated;
grant all on public.todo_list to service_role;
create policy "Users read their own lists" on public.todo_list
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages lists" on public.todo_list
  for all to service_role using (true) with check (true);

create table public.todo_list_source (
  list_id bigint not null references public.todo_list (id) on delete cascade,
  database_id bigint not null references public.notion_database (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  position integer not null default 0,
  primary key (list_id, database_id)
);
comment on table public.todo_list_source is 'Which databases a list reads.';
create index todo_list_source_database on public.todo_list_source (database_id);
create index todo_list_source_owner on public.todo_list_source (user_id);

alter table public.todo_list_source enable row level security;
alter table public.todo_list_source force row level security;
revoke all on public.todo_list_source from anon, authenticated;
grant select on public.todo_list_source to authenticated;
grant all on public.todo_list_source to service_role;
create policy "Users read their own list sources" on public.todo_list_source
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages list sources" on public.todo_list_source
  for all to service_role using (true) with check (true);

-- Writes what Notion answered for one connection. A choice the person made about what counts
-- (customised) outlives a refresh. Returns how many rows were written. Rows are written in one
-- order and once each, in whatever order Notion names them: two refreshes at once cannot deadlock.
create function public.cache_databases(p_connection bigint, p_databases jsonb) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_user uuid;
  v_count integer;
begin
  select user_id into v_user from public.notion_access_token_user where id = p_connection;
  if v_user is null then
    raise exception 'unknown connection' using errcode = 'P0002';
  end if;
  insert into public.notion_database as d (
    user_id, connection_id, notion_database_id, data_source_id, name, icon, url, metadata,
    last_edited_time, access, count_boxes, count_rows, done_property
  )
  select distinct on (r.data_source_id)
    v_user, p_connection, r.notion_database_id, r.data_source_id, coalesce(r.name, ''), r.icon, r.url,
    coalesce(r.metadata, '{}'::jsonb), r.last_edited_time, 'ok', r.count_boxes, r.count_rows, r.done_property
  from jsonb_to_recordset(p_databases) as r (
    notion_database_id text, data_source_id text, name text, icon jsonb, url text, metadata jsonb,
    last_edited_time timestamptz, count_boxes boolean, count_rows boolean, done_property jsonb
  )
  order by r.data_source_id
  on conflict (connection_id, data_source_id) do update set
    notion_database_id = excluded.notion_database_id, name = excluded.name, icon = excluded.icon,
    url = excluded.url, metadata = excluded.metadata, last_edited_time = excluded.last_edited_time,
    access = 'ok',
    count_boxes = case when d.customised then d.count_boxes else excluded.count_boxes end,
    count_rows = case when d.customised then d.count_rows else excluded.count_rows end,
    done_property = case when d.customised then d.done_property else excluded.done_property end;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
revoke execute on function public.cache_databases(bigint, jsonb) from public, anon, authenticated;
grant execute on function public.cache_databases(bigint, jsonb) to service_role;

-- Makes a list over data sources the caller can reach. Returns null when any of them is not
-- the caller's: the route answers 404 and nothing is stored.
create function public.create_todo_list(p_user uuid, p_name text, p_data_sources text[]) returns bigint
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
  return v_list;
end
$$;
revoke execute on function public.create_todo_list(uuid, text, text[]) from public, anon, authenticated;
grant execute on function public.create_todo_list(uuid, text, text[]) to service_role;
