-- Profiles: one row per user. It also carries the user's change counter, the clock that
-- every to-do row is stamped with, so that "what changed since n" can never skip a row.

create function public.touch_updated_at() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;
revoke execute on function public.touch_updated_at() from public, anon, authenticated;

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  locale text not null default 'en',
  time_zone text not null default 'UTC',
  settings jsonb not null default '{}'::jsonb,
  change_seq bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table public.profiles is 'One row per user: preferences and the change counter that orders deltas.';

create trigger profiles_touch before update on public.profiles
  for each row execute function public.touch_updated_at();

alter table public.profiles enable row level security;
alter table public.profiles force row level security;
revoke all on public.profiles from anon, authenticated;
grant select on public.profiles to authenticated;
grant all on public.profiles to service_role;

create policy "Users read their own profile" on public.profiles
  for select to authenticated using ((select auth.uid()) = id);
create policy "Service role manages profiles" on public.profiles
  for all to service_role using (true) with check (true);
-- The sign-up trigger below runs as the owner of the function.
create policy "Sign-up creates the profile" on public.profiles
  for insert to postgres with check (true);

-- Idempotent on purpose: the trigger and the connect flow may both get here first.
create function public.handle_new_user() returns trigger
language plpgsql
security definer
set search_path = ''
as $$
begin
  insert into public.profiles (id) values (new.id) on conflict (id) do nothing;
  return new;
end
$$;
revoke execute on function public.handle_new_user() from public, anon, authenticated;

create trigger on_auth_user_created after insert on auth.users
  for each row execute function public.handle_new_user();

create function public.ensure_profile(p_user uuid) returns void
language sql
set search_path = ''
as $$
  insert into public.profiles (id) values (p_user) on conflict (id) do nothing;
$$;
revoke execute on function public.ensure_profile(uuid) from public, anon, authenticated;
grant execute on function public.ensure_profile(uuid) to service_role;

-- The row lock taken here is held until the caller's transaction ends: two writers for one
-- user are ordered, so a reader who has seen seq n has seen every row with seq <= n. Every
-- function that writes a user's pages, to-dos or changes takes it before anything else, which
-- also makes it the first lock of all of them: they cannot deadlock. What a function decides by
-- is read after it, never before.
create function public.next_change_seq(p_user uuid) returns bigint
language sql
set search_path = ''
as $$
  update public.profiles set change_seq = change_seq + 1 where id = p_user returning change_seq;
$$;
revoke execute on function public.next_change_seq(uuid) from public, anon, authenticated;
grant execute on function public.next_change_seq(uuid) to service_role;
