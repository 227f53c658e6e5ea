-- Connections: OAuth states, tokens (ciphertext only) and the link user <-> token.
-- A connection is a row of notion_access_token_user: it survives a re-authorisation, so lists
-- built on it heal at once when the person reconnects.

create table public.oauth_states (
  id bigint generated always as identity primary key,
  state_hash text not null unique,
  user_id uuid not null references auth.users (id) on delete cascade,
  provider text not null,
  redirect_uri text not null,
  return_to text not null,
  browser_hash text not null,
  code_verifier text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  consumed_at timestamptz,
  constraint oauth_states_short_lived check (expires_at <= created_at + interval '15 minutes')
);
comment on table public.oauth_states is 'Single-use OAuth states, hashed. A row is consumed by one compare-and-set.';
create index oauth_states_user on public.oauth_states (user_id);
create index oauth_states_expiry on public.oauth_states (expires_at);

alter table public.oauth_states enable row level security;
alter table public.oauth_states force row level security;
revoke all on public.oauth_states from anon, authenticated;
grant all on public.oauth_states to service_role;
create policy "Service role manages OAuth states" on public.oauth_states
  for all to service_role using (true) with check (true);

-- Stores a state that lives ten minutes, by the database's clock: every instance shares it.
-- States nobody came back for are cleared on the way.
create function public.store_oauth_state(
  p_state_hash text, p_user uuid, p_provider text, p_redirect_uri text, p_return_to text,
  p_browser_hash text, p_code_verifier text default null
) returns void
language sql
set search_path = ''
as $$
  delete from public.oauth_states where user_id = p_user and expires_at < now() - interval '1 day';
  insert into public.oauth_states
    (state_hash, user_id, provider, redirect_uri, return_to, browser_hash, code_verifier, expires_at)
  values
    (p_state_hash, p_user, p_provider, p_redirect_uri, p_return_to, p_browser_hash, p_code_verifier,
     now() + interval '10 minutes');
$$;
revoke execute on function public.store_oauth_state(text, uuid, text, text, text, text, text)
  from public, anon, authenticated;
grant execute on function public.store_oauth_state(text, uuid, text, text, text, text, text) to service_role;

-- Compare-and-set: of any number of callbacks with one state, exactly one gets the row.
create function public.consume_oauth_state(
  p_state_hash text, p_user uuid, p_provider text, p_browser_hash text
) returns table (redirect_uri text, return_to text, code_verifier text)
language sql
set search_path = ''
as $$
  update public.oauth_states s set consumed_at = now()
  where s.state_hash = p_state_hash and s.user_id = p_user and s.provider = p_provider
    and s.browser_hash = p_browser_hash and s.consumed_at is null and s.expires_at > now()
  returning s.redirect_uri, s.return_to, s.code_verifier;
$$;
revoke execute on function public.consume_oauth_state(text, uuid, text, text) from public, anon, authenticated;
grant execute on function public.consume_oauth_state(text, uuid, text, text) to service_role;

create table public.notion_access_token (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  bot_id text not null,
  access_token text,
  refresh_token text,
  token_fingerprint text not null unique,
  key_id text not null,
  token_type text not null,
  kind text not null default 'oauth' check (kind in ('oauth', 'internal', 'personal')),
  workspace_id text not null,
  workspace_name text,
  workspace_icon text,
  request_id text,
  owner jsonb,
  duplicated_template_id text,
  status text not null default 'connected'
    check (status in ('connected', 'expired', 'needs_reauthorization', 'disconnected')),
  expires_at timestamptz,
  disconnected_at timestamptz,
  disconnect_reason text
    check (disconnect_reason in ('user_request', 'revoked_remotely', 'refresh_failed', 'replaced')),
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- A compact JWE with direct encryption: header, empty key, nonce, ciphertext, tag.
  -- A plain token cannot be stored here, not even by mistake.
  constraint access_token_is_ciphertext
    check (access_token ~ '^eyJ[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$'),
  constraint refresh_token_is_ciphertext
    check (refresh_token ~ '^eyJ[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$'),
  constraint live_token_has_ciphertext check (deleted_at is not null or access_token is not null),
  constraint erased_when_deleted check (deleted_at is null or (access_token is null and refresh_token is null))
);
comment on table public.notion_access_token is 'The OAuth reply in its own columns; both tokens as ciphertext.';
create index idx_notion_access_token_created on public.notion_access_token (created_at);
create index idx_notion_access_token_workspace on public.notion_access_token (workspace_id);
create index idx_notion_access_token_user_id on public.notion_access_token (user_id);

create trigger notion_access_token_touch before update on public.notion_access_token
  for each row execute function public.touch_updated_at();

alter table public.notion_access_token enable row level security;
alter table public.notion_access_token force row level security;
revoke all on public.notion_access_token from anon, authenticated;
-- Named columns only: ciphertext, fingerprint, key id and owner stay out of reach of browser roles.
grant select (
  id, user_id, kind, workspace_id, workspace_name, workspace_icon, status,
  disconnected_at, disconnect_reason, deleted_at, created_at, updated_at
) on public.notion_access_token to authenticated;
grant all on public.notion_access_token to service_role;
create policy "Users see their own connections" on public.notion_access_token
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages tokens" on public.notion_access_token
  for all to service_role using (true) with check (true);

create table public.notion_access_token_user (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  token_id bigint not null references public.notion_access_token (id) on delete cascade,
  workspace_id text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz
);
comment on table public.notion_access_token_user is 'User <-> token. A row is a connection; its id survives reconnecting.';
create unique index notion_access_token_user_live on public.notion_access_token_user (user_id, workspace_id)
  where deleted_at is null;
create index idx_notion_token_user on public.notion_access_token_user (user_id);
create index idx_notion_token_value on public.notion_access_token_user (token_id);

create trigger notion_access_token_user_touch before update on public.notion_access_token_user
  for each row execute function public.touch_updated_at();

alter table public.notion_access_token_user enable row level security;
alter table public.notion_access_token_user force row level security;
revoke all on public.notion_access_token_user from anon, authenticated;
grant select on public.notion_access_token_user to authenticated;
grant all on public.notion_access_token_user to service_role;
create policy "Users see their own links" on public.notion_access_token_user
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages links" on public.notion_access_token_user
  for all to service_role using (true) with check (true);

create table public.integration_logs (
  id bigint generated always as identity primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  connection_id bigint references public.notion_access_token_user (id) on delete cascade,
  event text not null check (event in ('connect', 'refresh', 'revoke', 'disconnect', 'health', 'sync', 'error')),
  outcome text not null check (outcome in ('ok', 'failed')),
  code text,
  created_at timestamptz not null default now()
);
comment on table public.integration_logs is 'What happened to a connection, for its owner. Codes only, never secrets or content.';
create index integration_logs_owner on public.integration_logs (user_id, created_at desc);
create index integration_logs_connection on public.integration_logs (connection_id);

alter table public.integration_logs enable row level security;
alter table public.integration_logs force row level security;
revoke all on public.integration_logs from anon, authenticated;
grant select on public.integration_logs to authenticated;
grant all on public.integration_logs to service_role;
create policy "Users read their own log" on public.integration_logs
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "Service role manages logs" on public.integration_logs
  for all to service_role using (true) with check (true);

-- Stores a checked token reply and makes it the one live token of (user, workspace).
-- One transaction: profile, token, replacement of the former token, link, log line.
-- Returns the connection id. The advisory lock orders two callbacks for one workspace.
create function public.connect_workspace(p_user uuid, p_token jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_workspace text := p_token ->> 'workspace_id';
  v_token bigint;
  v_connection bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended(p_user::text || v_workspace, 0));
  perform public.ensure_profile(p_user);

  insert into public.notion_access_token as t (
    user_id, bot_id, access_token, refresh_token, token_fingerprint, key_id, token_type, kind,
    workspace_id, workspace_name, workspace_icon, request_id, owner, duplicated_template_id
  ) values (
    p_user, p_token ->> 'bot_id', p_token ->> 'access_token', p_token ->> 'refresh_token',
    p_token ->> 'token_fingerprint', p_token ->> 'key_id', p_token ->> 'token_type', p_token ->> 'kind',
    v_workspace, p_token ->> 'workspace_name', p_token ->> 'workspace_icon', p_token ->> 'request_id',
    nullif(p_token -> 'owner', 'null'::jsonb), p_token ->> 'duplicated_template_id'
  )
  on conflict (token_fingerprint) do update set
    bot_id = excluded.bot_id, access_token = excluded.access_token, refresh_token = excluded.refresh_token,
    key_id = excluded.key_id, token_type = excluded.token_type, kind = excluded.kind,
    workspace_name = excluded.workspace_name, workspace_icon = excluded.workspace_icon,
    request_id = excluded.request_id, owner = excluded.owner,
    duplicated_template_id = excluded.duplicated_template_id,
    status = 'connected', expires_at = null, disconnected_at = null, disconnect_reason = null, deleted_at = null
  where t.user_id = p_user and t.workspace_id = v_workspace
  returning id into v_token;
  if v_token is null then
    raise exception 'token belongs to another owner' using errcode = 'P0001';
  end if;

  update public.notion_access_token set
    access_token = null, refresh_token = null, deleted_at = now(), disconnected_at = now(),
    status = 'disconnected', disconnect_reason = 'replaced'
  where user_id = p_user and workspace_id = v_workspace and id <> v_token and deleted_at is null;

  -- The newest link of this workspace is revived, whether live or left behind by a disconnect.
  update public.notion_access_token_user set token_id = v_token, deleted_at = null
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

  insert into public.integration_logs (user_id, connection_id, event, outcome)
  values (p_user, v_connection, 'connect', 'ok');
  return v_connection;
end
$$;
revoke execute on function public.connect_workspace(uuid, jsonb) from public, anon, authenticated;
grant execute on function public.connect_workspace(uuid, jsonb) to service_role;
