-- How people look at their to-dos: views they have saved, places they keep out of their lists, and calendar
-- feeds, which show a view to whoever has the address.

create table public.saved_view (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  -- As docs/query.md describes it, names bound to ids: a renamed database stays in its views.
  query text not null default '' check (length(query) <= 4000),
  group_by text not null
    check (group_by in ('page', 'database', 'workspace', 'heading', 'due', 'person', 'tag', 'state')),
  sort_by text not null check (sort_by in ('document', 'due', 'edited', 'text', 'urgency')),
  show text not null check (show in ('open', 'all')),
  position integer not null default 0,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.saved_view is 'Views that people have named. At most one is where they begin.';
create index saved_view_owner on public.saved_view (user_id, position);
create unique index saved_view_default on public.saved_view (user_id) where is_default;

create trigger saved_view_touch before update on public.saved_view
  for each row execute function public.touch_updated_at();

alter table public.saved_view enable row level security;
alter table public.saved_view force row level security;
revoke all on public.saved_view from anon, authenticated;
grant select on public.saved_view to authenticated;
grant all on public.saved_view to service_role;
create policy "Users read their own views" on public.saved_view
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages views" on public.saved_view
  for all to service_role using (true) with check (true);

create table public.list_rule (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  database_id bigint references public.notion_database (id) on delete cascade,
  page_id bigint references public.page (id) on delete cascade,
  effect text not null check (effect in ('hide', 'show')),
  created_at timestamptz not null default now(),
  constraint one_target check (num_nonnulls(database_id, page_id) = 1),
  unique (database_id),
  unique (page_id)
);
comment on table public.list_rule is
  'Databases and pages that a person keeps out of all lists, and pages that are shown all the same.';
create index list_rule_owner on public.list_rule (user_id);

alter table public.list_rule enable row level security;
alter table public.list_rule force row level security;
revoke all on public.list_rule from anon, authenticated;
grant select on public.list_rule to authenticated;
grant all on public.list_rule to service_role;
create policy "Users read their own list rules" on public.list_rule
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages list rules" on public.list_rule
  for all to service_role using (true) with check (true);

create table public.calendar_feed (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  view_id bigint not null references public.saved_view (id) on delete cascade,
  -- SHA-256 of 256 random bits: what is stored here opens nothing.
  token_hash text not null unique,
  contains text not null check (contains in ('events', 'todos', 'both')),
  locale text not null check (locale in ('en', 'de')),
  time_zone text not null check (length(time_zone) between 1 and 64),
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
comment on table public.calendar_feed is 'Secret addresses under which calendars read a view. A revoked one is deleted.';
create index calendar_feed_owner on public.calendar_feed (user_id);
create index calendar_feed_view on public.calendar_feed (view_id);

alter table public.calendar_feed enable row level security;
alter table public.calendar_feed force row level security;
revoke all on public.calendar_feed from anon, authenticated;
grant select (id, user_id, view_id, contains, locale, time_zone, expires_at, last_used_at, created_at)
  on public.calendar_feed to authenticated;
grant all on public.calendar_feed to service_role;
create policy "Users read their own feeds" on public.calendar_feed
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages feeds" on public.calendar_feed
  for all to service_role using (true) with check (true);

-- Makes one of a person's views the one they begin with, or none (null). Returns whether there is such a view.
create function public.set_default_view(p_user uuid, p_view bigint) returns boolean
language plpgsql
set search_path = ''
as $$
begin
  if p_view is not null
    and not exists (select from public.saved_view where id = p_view and user_id = p_user for update)
  then
    return false;
  end if;
  update public.saved_view set is_default = false
    where user_id = p_user and is_default and id is distinct from p_view;
  update public.saved_view set is_default = true
    where user_id = p_user and id = p_view and not is_default;
  return true;
end
$$;
revoke execute on function public.set_default_view(uuid, bigint) from public, anon, authenticated;
grant execute on function public.set_default_view(uuid, bigint) to service_role;

-- Puts a person's views into this order. Ids of others are passed over.
create function public.order_views(p_user uuid, p_views bigint[]) returns void
language sql
set search_path = ''
as $$
  update public.saved_view v set position = wanted.ordinal::integer
  from unnest(p_views) with ordinality as wanted (id, ordinal)
  where v.id = wanted.id and v.user_id = p_user;
$$;
revoke execute on function public.order_views(uuid, bigint[]) from public, anon, authenticated;
grant execute on function public.order_views(uuid, bigint[]) to service_role;

-- Hides a place from a person's lists, shows it all the same, or (null) lets go of what was said about it. A data
-- source that is cached through several connections is one place. Returns whether the person has such a place.
create function public.set_list_rule(p_user uuid, p_effect text, p_data_source text, p_page bigint)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_databases bigint[];
  v_pages bigint[];
begin
  select array_agg(id order by id) into v_databases
    from public.notion_database where user_id = p_user and data_source_id = p_data_source;
  select array_agg(id) into v_pages
    from public.page where user_id = p_user and id = p_page;
  if v_databases is null and v_pages is null then
    return false;
  end if;
  if p_effect is null then
    delete from public.list_rule
      where user_id = p_user and (database_id = any (v_databases) or page_id = any (v_pages));
    return true;
  end if;
  insert into public.list_rule (user_id, database_id, effect)
    select p_user, id, p_effect from unnest(v_databases) as id
    on conflict (database_id) do update set effect = excluded.effect;
  insert into public.list_rule (user_id, page_id, effect)
    select p_user, id, p_effect from unnest(v_pages) as id
    on conflict (page_id) do update set effect = excluded.effect;
  return true;
end
$$;
revoke execute on function public.set_list_rule(uuid, text, text, bigint) from public, anon, authenticated;
grant execute on function public.set_list_rule(uuid, text, text, bigint) to service_role;
