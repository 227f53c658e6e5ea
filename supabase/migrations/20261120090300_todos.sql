-- What was read: pages, to-dos and the runs that read them; and what was ticked: todo_change,
-- outbox and history in one.
--
-- user_id of page, todo and todo_change refers to the profile, which goes with its auth.users row:
-- their writers hold the profile's lock, and waiting for the user's row on top of it would deadlock
-- with the deletion of that user.

create table public.integration_sync_jobs (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  connection_id bigint not null references public.notion_access_token_user (id) on delete cascade,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed')),
  full_read boolean not null default false,
  pages_done integer not null default 0,
  pages_total integer not null default 0,
  requests_used integer not null default 0,
  complete boolean not null default false,
  error_code text,
  retry_at timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  updated_at timestamptz not null default now()
);
comment on table public.integration_sync_jobs is 'Sync runs with their progress. At most one live run per connection.';
create unique index integration_sync_jobs_live on public.integration_sync_jobs (connection_id)
  where state in ('queued', 'running');
create index integration_sync_jobs_owner on public.integration_sync_jobs (user_id, id desc);
create index integration_sync_jobs_connection on public.integration_sync_jobs (connection_id, id desc);

create trigger integration_sync_jobs_touch before update on public.integration_sync_jobs
  for each row execute function public.touch_updated_at();

alter table public.integration_sync_jobs enable row level security;
alter table public.integration_sync_jobs force row level security;
revoke all on public.integration_sync_jobs from anon, authenticated;
grant select on public.integration_sync_jobs to authenticated;
grant all on public.integration_sync_jobs to service_role;
create policy "Users read their own sync runs" on public.integration_sync_jobs
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages sync runs" on public.integration_sync_jobs
  for all to service_role using (true) with check (true);

create table public.page (
  id bigint generated always as identity primary key,
  user_id uuid not null references public.profiles (id) on delete cascade,
  connection_id bigint not null references public.notion_access_token_user (id) on delete cascade,
  database_id bigint not null references public.notion_database (id) on delete cascade,
  notion_page_id text not null,
  parent_notion_id text,
  is_row boolean not null default true,
  title text not null default '',
  icon jsonb,
  url text not null,
  created_time timestamptz,
  last_edited_time timestamptz,
  completeness jsonb,
  complete boolean,
  listed_by_job bigint,
  read_by_job bigint,
  read_at timestamptz,
  -- last_edited_time as it was when the body was walked: unchanged since means nothing to walk.
  walked_edited_time timestamptz,
  trashed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (connection_id, notion_page_id)
);
comment on table public.page is 'One row per Notion page read, with the report of what could not be read.';
create index page_owner on public.page (user_id);
create index page_database on public.page (database_id);

create trigger page_touch before update on public.page
  for each row execute function public.touch_updated_at();

alter table public.page enable row level security;
alter table public.page force row level security;
revoke all on public.page from anon, authenticated;
grant select on public.page to authenticated;
grant all on public.page to service_role;
create policy "Users read their own pages" on public.page
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages pages" on public.page
  for all to service_role using (true) with check (true);

create table public.todo (
  id bigint generated always as identity primary key,
  user_id uuid not null references public.profiles (id) on delete cascade,
  connection_id bigint not null references public.notion_access_token_user (id) on delete cascade,
  database_id bigint not null references public.notion_database (id) on delete cascade,
  page_id bigint not null references public.page (id) on delete cascade,
  notion_id text not null,
  kind text not null check (kind in ('block', 'row')),
  text text not null default '',
  rich_text jsonb not null default '[]'::jsonb,
  checked boolean not null,
  parent_id bigint references public.todo (id) on delete set null,
  position integer not null default 0,
  depth integer not null default 0,
  heading_path text[] not null default '{}',
  due jsonb,
  people jsonb not null default '[]'::jsonb,
  tags text[] not null default '{}',
  via_copy boolean not null default false,
  last_edited_time timestamptz,
  write_state text not null default 'saved' check (write_state in ('saved', 'waiting', 'failed')),
  write_error text,
  seq bigint not null,
  removed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (connection_id, notion_id)
);
comment on table public.todo is 'One row per to-do: a to_do block or a task row. seq orders deltas per user.';
create index todo_owner_seq on public.todo (user_id, seq);
-- A whole list is read in batches by id; those of other people are not walked over.
create index todo_live on public.todo (user_id, id) where removed_at is null;
create index todo_page on public.todo (page_id);
create index todo_database on public.todo (database_id);
create index todo_parent on public.todo (parent_id);
-- A database belongs to one person. Unless the planner knows, it takes both conditions together for
-- far rarer than they are, and reads everything for each batch.
create statistics public.todo_owner_database (dependencies) on user_id, database_id from public.todo;

create trigger todo_touch before update on public.todo
  for each row execute function public.touch_updated_at();

alter table public.todo enable row level security;
alter table public.todo force row level security;
revoke all on public.todo from anon, authenticated;
grant select on public.todo to authenticated;
grant all on public.todo to service_role;
create policy "Users read their own to-dos" on public.todo
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages to-dos" on public.todo
  for all to service_role using (true) with check (true);

create table public.todo_change (
  id bigint generated always as identity primary key,
  user_id uuid not null references public.profiles (id) on delete cascade,
  connection_id bigint not null references public.notion_access_token_user (id) on delete cascade,
  todo_id bigint not null references public.todo (id) on delete cascade,
  before_checked boolean not null,
  after_checked boolean not null,
  state text not null default 'pending' check (state in ('pending', 'sending', 'saved', 'failed', 'superseded')),
  attempts integer not null default 0,
  error_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.todo_change is 'Outbox and history in one: every tick, before it is acknowledged.';
create index todo_change_open on public.todo_change (connection_id, id) where state in ('pending', 'sending');
create index todo_change_connection on public.todo_change (connection_id);
create index todo_change_owner on public.todo_change (user_id, id desc);
create index todo_change_todo on public.todo_change (todo_id, id desc);

create trigger todo_change_touch before update on public.todo_change
  for each row execute function public.touch_updated_at();

alter table public.todo_change enable row level security;
alter table public.todo_change force row level security;
revoke all on public.todo_change from anon, authenticated;
grant select on public.todo_change to authenticated;
grant all on public.todo_change to service_role;
create policy "Users read their own changes" on public.todo_change
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages changes" on public.todo_change
  for all to service_role using (true) with check (true);
