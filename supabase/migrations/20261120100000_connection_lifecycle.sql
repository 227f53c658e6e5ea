-- What happens to a connection between connecting and forgetting it: its status, the refresh of its
-- tokens, disconnecting, giving tokens back, the deletion of an account, and the change of keys.

alter table public.notion_access_token
  add column provider text not null default 'notion',
  add column refresh_lease uuid,
  add column refresh_lease_until timestamptz,
  add column refresh_attempts integer not null default 0,
  add column refresh_not_before timestamptz,
  add column last_probed_at timestamptz;
grant select (last_probed_at) on public.notion_access_token to authenticated;

-- A frozen connection has ended, but what was read through it stays readable.
alter table public.notion_access_token_user
  add column frozen_at timestamptz,
  add constraint frozen_when_ended check (frozen_at is null or deleted_at is not null);

-- The status machine -----------------------------------------------------------------------------

-- Every move there is. server/connections/status.ts says the same; a test compares the two.
--   connected              the token works, as far as we know
--   expired                it was refused; refreshing has not worked yet and is tried again by itself
--   needs_reauthorization  only the person can help
--   disconnected           ended; the ciphertext is gone. Connecting again may revive the row.
create function public.is_status_move(p_from text, p_to text, p_reason text) returns boolean
language sql
immutable
set search_path = ''
as $$
  select case p_to
    when 'connected' then
      p_from in ('expired', 'needs_reauthorization', 'disconnected') and p_reason is null
    when 'expired' then
      p_from = 'connected' and p_reason is null
    when 'needs_reauthorization' then
      p_from in ('connected', 'expired') and coalesce(p_reason in ('revoked_remotely', 'refresh_failed'), false)
    when 'disconnected' then
      p_from in ('connected', 'expired', 'needs_reauthorization')
        and coalesce(p_reason in ('user_request', 'replaced'), false)
    else false
  end;
$$;
revoke execute on function public.is_status_move(text, text, text) from public, anon, authenticated;
grant execute on function public.is_status_move(text, text, text) to service_role;

update public.notion_access_token set disconnect_reason = 'revoked_remotely'
where status = 'needs_reauthorization' and disconnect_reason is null;
update public.notion_access_token set disconnect_reason = 'user_request'
where status = 'disconnected' and disconnect_reason is null;
alter table public.notion_access_token add constraint reason_fits_status check (
  case status
    when 'needs_reauthorization' then coalesce(disconnect_reason in ('revoked_remotely', 'refresh_failed'), false)
    when 'disconnected' then coalesce(disconnect_reason in ('user_request', 'replaced'), false)
    else disconnect_reason is null
  end
);

-- Whoever changes a status, by whatever statement, can only make a move that exists.
create function public.guard_token_status() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if not public.is_status_move(old.status, new.status, new.disconnect_reason) then
    raise exception 'no such status move' using errcode = 'P0001';
  end if;
  return new;
end
$$;
revoke execute on function public.guard_token_status() from public, anon, authenticated;
create trigger notion_access_token_status before update of status on public.notion_access_token
  for each row when (old.status is distinct from new.status) execute function public.guard_token_status();

-- Moves a token's status and writes the line about it, or does nothing: when the token has been
-- replaced by a newer one since the caller looked (its fingerprint differs), or is there already.
-- Without an event the caller writes its own line.
create function public.move_token_status(
  p_token bigint, p_fingerprint text, p_to text, p_reason text,
  p_event text default null, p_outcome text default null, p_code text default null
) returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_from text;
begin
  select status into v_from from public.notion_access_token
  where id = p_token and token_fingerprint = p_fingerprint for no key update;
  if v_from is null or v_from = p_to then
    return false;
  end if;
  if not public.is_status_move(v_from, p_to, p_reason) then
    raise exception 'no such status move' using errcode = 'P0001';
  end if;
  update public.notion_access_token set
    status = p_to,
    disconnect_reason = p_reason,
    disconnected_at = case when p_to = 'disconnected' then now() end,
    deleted_at = case when p_to = 'disconnected' then now() end,
    access_token = case when p_to <> 'disconnected' then access_token end,
    refresh_token = case when p_to <> 'disconnected' then refresh_token end,
    refresh_lease = case when p_to <> 'disconnected' then refresh_lease end,
    refresh_lease_until = case when p_to <> 'disconnected' then refresh_lease_until end
  where id = p_token;
  if p_event is not null then
    insert into public.integration_logs (user_id, connection_id, event, outcome, code)
    select c.user_id, c.id, p_event, p_outcome, p_code
    from public.notion_access_token_user c where c.token_id = p_token;
  end if;
  return true;
end
$$;
revoke execute on function public.move_token_status(bigint, text, text, text, text, text, text)
  from public, anon, authenticated;
grant execute on function public.move_token_status(bigint, text, text, text, text, text, text) to service_role;

-- Connecting ---------------------------------------------------------------------------------------

-- As before, and: the provider and the expiry are kept, what the former token went through is
-- forgotten, and a frozen workspace thaws.
create or replace function public.connect_workspace(p_user uuid, p_token jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_workspace text := p_token ->> 'workspace_id';
  v_expires timestamptz := now() + make_interval(secs => (p_token ->> 'expires_in')::double precision);
  v_token bigint;
  v_former record;
  v_replaced boolean := false;
  v_connection bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_user::text || v_workspace, 0));
  perform public.ensure_profile(p_user);

  insert into public.notion_access_token as t (
    user_id, bot_id, access_token, refresh_token, token_fingerprint, key_id, token_type, kind, provider,
    workspace_id, workspace_name, workspace_icon, request_id, owner, duplicated_template_id, expires_at
  ) values (
    p_user, p_token ->> 'bot_id', p_token ->> 'access_token', p_token ->> 'refresh_token',
    p_token ->> 'token_fingerprint', p_token ->> 'key_id', p_token ->> 'token_type', p_token ->> 'kind',
    coalesce(p_token ->> 'provider', 'notion'),
    v_workspace, p_token ->> 'workspace_name', p_token ->> 'workspace_icon', p_token ->> 'request_id',
    nullif(p_token -> 'owner', 'null'::jsonb), p_token ->> 'duplicated_template_id', v_expires
  )
  on conflict (token_fingerprint) do update set
    bot_id = excluded.bot_id, access_token = excluded.access_token, refresh_token = excluded.refresh_token,
    key_id = excluded.key_id, token_type = excluded.token_type, kind = excluded.kind,
    provider = excluded.provider,
    workspace_name = excluded.workspace_name, workspace_icon = excluded.workspace_icon,
    request_id = excluded.request_id, owner = excluded.owner,
    duplicated_template_id = excluded.duplicated_template_id,
    status = 'connected', expires_at = excluded.expires_at, disconnected_at = null, disconnect_reason = null,
    deleted_at = null, refresh_lease = null, refresh_lease_until = null, refresh_attempts = 0,
    refresh_not_before = null, last_probed_at = null
  where t.user_id = p_user and t.workspace_id = v_workspace
  returning id into v_token;
  if v_token is null then
    raise exception 'token belongs to another owner' using errcode = 'P0001';
  end if;

  for v_former in
    select id, token_fingerprint from public.notion_access_token
    where user_id = p_user and workspace_id = v_workspace and id <> v_token and deleted_at is null
    order by id
  loop
    v_replaced := public.move_token_status(v_former.id, v_former.token_fingerprint, 'disconnected', 'replaced')
      or v_replaced;
  end loop;

  -- The newest link of this workspace is revived, whether live, frozen, or left behind by a disconnect.
  update public.notion_access_token_user set token_id = v_token, deleted_at = null, frozen_at = null
  where id = (
    select id from public.notion_access_token_user
    where user_id = p_user and workspace_id = v_workspace
    order by deleted_at is null desc, id desc limit 1
  )
  returning id into v_connection;
  if v_connection is null then
    insert into public.notion_access_token_user (user_id, token_id, workspace_id)
    values (p_user, v_token, v_workspace) returning id into v_connection;
  end if;

  insert into public.integration_logs (user_id, connection_id, event, outcome, code)
  values (p_user, v_connection, 'connect', 'ok', case when v_replaced then 'replaced' end);
  return v_connection;
end
$$;

-- Refreshing ---------------------------------------------------------------------------------------

-- Asks for the right to refresh a token. Of any number of askers on any number of machines one gets
-- it, for as long as the lease lasts: should it die, the next one may try.
--   claimed     go ahead
--   fresh       somebody has stored a newer token already: use that
--   busy        somebody is at it; ask again (wait_ms until their lease ends)
--   cooling     it failed a moment ago; not before wait_ms
--   impossible  there is no refresh token
--   dead        only the person can help
--   gone        the connection has ended
create function public.claim_refresh(p_token bigint, p_stale text, p_lease uuid, p_lease_ms integer)
returns table (outcome text, wait_ms integer)
language plpgsql
set search_path = ''
as $$
declare
  v public.notion_access_token;
begin
  select * into v from public.notion_access_token where id = p_token for no key update;
  if v.id is null or v.deleted_at is not null then
    return query select 'gone', 0;
  elsif v.status = 'needs_reauthorization' then
    return query select 'dead', 0;
  elsif v.token_fingerprint <> p_stale then
    return query select 'fresh', 0;
  elsif v.refresh_token is null then
    return query select 'impossible', 0;
  elsif v.refresh_lease <> p_lease and v.refresh_lease_until > now() then
    return query select 'busy', ceil(extract(epoch from v.refresh_lease_until - now()) * 1000)::integer;
  elsif v.refresh_not_before > now() then
    return query select 'cooling', ceil(extract(epoch from v.refresh_not_before - now()) * 1000)::integer;
  else
    update public.notion_access_token set
      refresh_lease = p_lease, refresh_lease_until = now() + make_interval(secs => p_lease_ms / 1000.0)
    where id = p_token;
    return query select 'claimed', 0;
  end if;
end
$$;
revoke execute on function public.claim_refresh(bigint, text, uuid, integer) from public, anon, authenticated;
grant execute on function public.claim_refresh(bigint, text, uuid, integer) to service_role;

-- Stores a new pair, both tokens in one statement, where the pair it came from still is. The lease
-- counts as well: a change of keys in between changes the fingerprint but not the token.
-- Answers saved; or why the pair has no place: replaced (the person connected again), gone.
create function public.save_refresh(
  p_token bigint, p_stale text, p_lease uuid, p_access text, p_fingerprint text, p_key_id text,
  p_refresh text default null, p_expires_in double precision default null
) returns text
language plpgsql
set search_path = ''
as $$
declare
  v public.notion_access_token;
begin
  select * into v from public.notion_access_token where id = p_token for no key update;
  if v.id is null or v.deleted_at is not null then
    return case when v.disconnect_reason = 'replaced' then 'replaced' else 'gone' end;
  end if;
  if v.token_fingerprint <> p_stale and v.refresh_lease is distinct from p_lease then
    return 'replaced';
  end if;
  update public.notion_access_token set
    access_token = p_access,
    -- A provider that sends no new refresh token leaves the old one in force (RFC 6749 §6).
    refresh_token = coalesce(p_refresh, refresh_token),
    token_fingerprint = p_fingerprint,
    key_id = p_key_id,
    expires_at = now() + make_interval(secs => p_expires_in),
    status = 'connected',
    disconnect_reason = null,
    refresh_lease = null,
    refresh_lease_until = null,
    refresh_attempts = 0,
    refresh_not_before = null
  where id = p_token;
  insert into public.integration_logs (user_id, connection_id, event, outcome)
  select c.user_id, c.id, 'refresh', 'ok' from public.notion_access_token_user c where c.token_id = p_token;
  return 'saved';
end
$$;
revoke execute on function
  public.save_refresh(bigint, text, uuid, text, text, text, text, double precision)
  from public, anon, authenticated;
grant execute on function
  public.save_refresh(bigint, text, uuid, text, text, text, text, double precision) to service_role;

-- A refresh that did not work this time: the lease is given back, and nobody tries before a pause
-- that doubles up to a quarter of an hour. A token that Notion refuses, or whose time is up, is
-- expired from here on; one that was to be refreshed ahead of time still works.
-- Answers the pause in milliseconds; null when the lease had passed to another.
create function public.release_refresh(
  p_token bigint, p_lease uuid, p_refused boolean, p_code text, p_at_least_ms integer
) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v public.notion_access_token;
  v_pause interval;
begin
  select * into v from public.notion_access_token
  where id = p_token and refresh_lease = p_lease and deleted_at is null for no key update;
  if v.id is null then
    return null;
  end if;
  v_pause := greatest(
    least(interval '15 minutes', interval '5 seconds' * power(2, least(v.refresh_attempts, 12))),
    make_interval(secs => least(p_at_least_ms, 3600000) / 1000.0)
  );
  update public.notion_access_token set
    refresh_lease = null, refresh_lease_until = null,
    refresh_attempts = refresh_attempts + 1, refresh_not_before = now() + v_pause
  where id = p_token;
  if p_refused or v.expires_at <= now() then
    perform public.move_token_status(p_token, v.token_fingerprint, 'expired', null);
  end if;
  insert into public.integration_logs (user_id, connection_id, event, outcome, code)
  select c.user_id, c.id, 'refresh', 'failed', p_code
  from public.notion_access_token_user c where c.token_id = p_token;
  return (extract(epoch from v_pause) * 1000)::integer;
end
$$;
revoke execute on function public.release_refresh(bigint, uuid, boolean, text, integer)
  from public, anon, authenticated;
grant execute on function public.release_refresh(bigint, uuid, boolean, text, integer) to service_role;

-- Giving tokens back -------------------------------------------------------------------------------

-- It names nobody: the token has to be given back even when the account it belonged to is gone.
create table public.token_revocation (
  id uuid primary key,
  provider text not null,
  sealed_token text not null,
  key_id text not null,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  give_up_at timestamptz not null default now() + interval '24 hours',
  created_at timestamptz not null default now(),
  constraint sealed_token_is_ciphertext
    check (sealed_token ~ '^eyJ[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$')
);
comment on table public.token_revocation is
  'Tokens to be given back to their provider, as ciphertext bound to the row. Erased after a day at the latest.';
create index token_revocation_due on public.token_revocation (next_attempt_at);

alter table public.token_revocation enable row level security;
alter table public.token_revocation force row level security;
revoke all on public.token_revocation from anon, authenticated;
grant all on public.token_revocation to service_role;
create policy "Service role manages revocations" on public.token_revocation
  for all to service_role using (true) with check (true);

-- Takes a revocation that is due, and decides when it would be next. No row: done, given up, or not
-- yet due.
create function public.claim_revocation(p_id uuid)
returns table (provider text, sealed_token text, attempts integer, next_in_ms integer)
language sql
set search_path = ''
as $$
  update public.token_revocation r set
    attempts = r.attempts + 1,
    next_attempt_at = now() + least(interval '1 hour', interval '2 seconds' * power(2, least(r.attempts, 12)))
  where r.id = p_id and r.next_attempt_at <= now() and r.give_up_at > now()
  returning r.provider, r.sealed_token, r.attempts,
    (extract(epoch from r.next_attempt_at - now()) * 1000)::integer;
$$;
revoke execute on function public.claim_revocation(uuid) from public, anon, authenticated;
grant execute on function public.claim_revocation(uuid) to service_role;

-- Forgets what nobody could give back in time, and names what is due.
create function public.due_revocations(p_limit integer) returns setof uuid
language sql
set search_path = ''
as $$
  delete from public.token_revocation where give_up_at <= now();
  select id from public.token_revocation where next_attempt_at <= now() order by next_attempt_at limit p_limit;
$$;
revoke execute on function public.due_revocations(integer) from public, anon, authenticated;
grant execute on function public.due_revocations(integer) to service_role;

-- Disconnecting ------------------------------------------------------------------------------------

-- Ids of to-dos whose rows are gone, so that a browser that asks what changed hears of them.
create table public.removed_todo (
  user_id uuid not null references public.profiles (id) on delete cascade,
  todo_id bigint not null,
  seq bigint not null,
  primary key (user_id, todo_id)
);
comment on table public.removed_todo is 'Ids of deleted to-dos, stamped by the change counter like the to-dos themselves.';
create index removed_todo_seq on public.removed_todo (user_id, seq);

alter table public.removed_todo enable row level security;
alter table public.removed_todo force row level security;
revoke all on public.removed_todo from anon, authenticated;
grant select on public.removed_todo to authenticated;
grant all on public.removed_todo to service_role;
create policy "Users read their own removals" on public.removed_todo
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages removals" on public.removed_todo
  for all to service_role using (true) with check (true);

-- A connection that has ended takes no more databases, whatever was still under way. The share lock
-- makes a disconnect that is under way come first or wait.
create function public.refuse_ended_connection() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform from public.notion_access_token_user c
  where c.id = new.connection_id and c.deleted_at is null for share;
  if not found then
    raise exception 'the connection has ended' using errcode = 'P0002';
  end if;
  return new;
end
$$;
revoke execute on function public.refuse_ended_connection() from public, anon, authenticated;
create trigger notion_database_live_connection before insert on public.notion_database
  for each row execute function public.refuse_ended_connection();

-- A run that has ended stays as it ended: its worker may learn of a disconnect only afterwards.
create function public.keep_ended_run() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  return null;
end
$$;
revoke execute on function public.keep_ended_run() from public, anon, authenticated;
create trigger integration_sync_jobs_keep_ended before update on public.integration_sync_jobs
  for each row when (
    old.state in ('done', 'failed')
    and (new.state, new.complete, new.error_code) is distinct from (old.state, old.complete, old.error_code)
  ) execute function public.keep_ended_run();

-- Ends a connection in one transaction: ciphertext erased, run ended, unsent ticks failed, what was
-- read removed or frozen, and the token (sealed anew by the caller, bound to p_revocation) put by
-- to be given back. p_fingerprint says which token the caller sealed.
-- Answers disconnected (also when it was already); unknown (not this user's); changed (the token is
-- another by now: look again).
create function public.disconnect_workspace(
  p_user uuid, p_connection bigint, p_lists text, p_fingerprint text,
  p_revocation uuid default null, p_sealed text default null, p_key_id text default null
) returns text
language plpgsql
set search_path = ''
as $$
declare
  v_link public.notion_access_token_user;
  v_token public.notion_access_token;
  v_log bigint;
  v_seq bigint;
  v_lists bigint[];
begin
  if p_lists not in ('remove', 'freeze') then
    raise exception 'no such choice' using errcode = 'P0001';
  end if;
  select * into v_link from public.notion_access_token_user where id = p_connection and user_id = p_user;
  if v_link.id is null then
    return 'unknown';
  end if;
  -- The lock that connecting takes.
  perform pg_advisory_xact_lock(hashtextextended(p_user::text || v_link.workspace_id, 0));
  select * into v_link from public.notion_access_token_user where id = p_connection for no key update;
  select * into strict v_token from public.notion_access_token where id = v_link.token_id;
  if v_link.deleted_at is not null and (v_link.frozen_at is null or p_lists = 'freeze') then
    return 'disconnected';
  end if;
  if v_link.deleted_at is null and v_token.token_fingerprint is distinct from p_fingerprint then
    return 'changed';
  end if;

  -- The log line comes before the profile's lock: its foreign key takes the user's row, and deleting
  -- a user takes the two in this order.
  insert into public.integration_logs (user_id, connection_id, event, outcome, code)
  values (p_user, p_connection, 'disconnect', 'ok', p_lists) returning id into v_log;
  v_seq := public.next_change_seq(p_user);

  if v_link.deleted_at is null then
    if not public.move_token_status(v_token.id, p_fingerprint, 'disconnected', 'user_request') then
      -- A refresh came in between the look and the lock.
      delete from public.integration_logs where id = v_log;
      return 'changed';
    end if;
    if p_sealed is not null then
      insert into public.token_revocation (id, provider, sealed_token, key_id)
      values (p_revocation, v_token.provider, p_sealed, p_key_id);
    end if;
    update public.notion_access_token_user set deleted_at = now(), frozen_at = now() where id = p_connection;
    update public.integration_sync_jobs set
      state = 'failed', error_code = 'NOTION_NOT_CONNECTED', retry_at = null, finished_at = now()
    where connection_id = p_connection and state in ('queued', 'running');
    update public.todo t set write_state = 'failed', write_error = 'NOTION_NOT_CONNECTED', seq = v_seq
    where t.id in (
      select h.todo_id from public.todo_change h
      where h.connection_id = p_connection and h.state in ('pending', 'sending')
    );
    update public.todo_change set state = 'failed', error_code = 'NOTION_NOT_CONNECTED'
    where connection_id = p_connection and state in ('pending', 'sending');
  end if;

  if p_lists = 'remove' then
    insert into public.removed_todo (user_id, todo_id, seq)
    select p_user, t.id, v_seq from public.todo t where t.connection_id = p_connection;
    v_lists := array(
      select distinct s.list_id from public.todo_list_source s
      join public.notion_database d on d.id = s.database_id where d.connection_id = p_connection
    );
    delete from public.notion_database where connection_id = p_connection;
    delete from public.todo_list l where l.id = any (v_lists) and l.user_id = p_user
      and not exists (select from public.todo_list_source s where s.list_id = l.id);
    update public.notion_access_token_user set frozen_at = null where id = p_connection;
  end if;
  return 'disconnected';
end
$$;
revoke execute on function public.disconnect_workspace(uuid, bigint, text, text, uuid, text, text)
  from public, anon, authenticated;
grant execute on function public.disconnect_workspace(uuid, bigint, text, text, uuid, text, text)
  to service_role;

-- Leaving ------------------------------------------------------------------------------------------

-- Somebody wants to be forgotten. The row goes with the user; one that stays was cut off half-way
-- and is finished by the next process that looks.
create table public.account_deletion (
  user_id uuid primary key references auth.users (id) on delete cascade,
  requested_at timestamptz not null default now()
);
comment on table public.account_deletion is 'Accounts whose deletion was asked for and is not finished.';

alter table public.account_deletion enable row level security;
alter table public.account_deletion force row level security;
revoke all on public.account_deletion from anon, authenticated;
grant all on public.account_deletion to service_role;
create policy "Service role manages account deletions" on public.account_deletion
  for all to service_role using (true) with check (true);

-- Health -------------------------------------------------------------------------------------------

-- Live connections nobody has asked after for six hours, and those that wait for a refresh.
create function public.connections_to_probe(p_limit integer) returns setof bigint
language sql
stable
set search_path = ''
as $$
  select c.id from public.notion_access_token_user c
  join public.notion_access_token t on t.id = c.token_id
  where c.deleted_at is null and t.status in ('connected', 'expired')
    and (t.status = 'expired' or t.last_probed_at is null or t.last_probed_at < now() - interval '6 hours')
  order by t.last_probed_at nulls first, c.id limit p_limit;
$$;
revoke execute on function public.connections_to_probe(integer) from public, anon, authenticated;
grant execute on function public.connections_to_probe(integer) to service_role;

-- Records how a probe went, for the owner to see. Lines older than ninety days go.
create function public.record_probe(p_connection bigint, p_code text default null) returns void
language sql
set search_path = ''
as $$
  update public.notion_access_token t set last_probed_at = now()
  from public.notion_access_token_user c
  where c.id = p_connection and c.deleted_at is null and t.id = c.token_id;
  insert into public.integration_logs (user_id, connection_id, event, outcome, code)
  select c.user_id, c.id, 'health', case when p_code is null then 'ok' else 'failed' end, p_code
  from public.notion_access_token_user c where c.id = p_connection and c.deleted_at is null;
  delete from public.integration_logs
  where connection_id = p_connection and created_at < now() - interval '90 days';
$$;
revoke execute on function public.record_probe(bigint, text) from public, anon, authenticated;
grant execute on function public.record_probe(bigint, text) to service_role;

-- Changing keys ------------------------------------------------------------------------------------

-- The ids of the keys that something stored still needs.
create function public.keys_in_use() returns setof text
language sql
stable
set search_path = ''
as $$
  select key_id from public.notion_access_token where deleted_at is null
  union
  select key_id from public.token_revocation where give_up_at > now();
$$;
revoke execute on function public.keys_in_use() from public, anon, authenticated;
grant execute on function public.keys_in_use() to service_role;

-- Puts the same token under another key, unless it is no longer the same or a refresh is under way.
create function public.reencrypt_token(
  p_token bigint, p_former text, p_access text, p_fingerprint text, p_key_id text, p_refresh text default null
) returns boolean
language plpgsql
set search_path = ''
as $$
begin
  update public.notion_access_token set
    access_token = p_access, refresh_token = p_refresh, token_fingerprint = p_fingerprint, key_id = p_key_id
  where id = p_token and access_token = p_former and deleted_at is null
    and (refresh_lease_until is null or refresh_lease_until <= now());
  return found;
end
$$;
revoke execute on function public.reencrypt_token(bigint, text, text, text, text, text)
  from public, anon, authenticated;
grant execute on function public.reencrypt_token(bigint, text, text, text, text, text) to service_role;
