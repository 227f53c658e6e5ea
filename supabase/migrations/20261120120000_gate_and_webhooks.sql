-- What Notion tells us without being asked: pages that have changed since they were read.

create table public.dirty_page (
  user_id uuid not null references public.profiles (id) on delete cascade,
  connection_id bigint not null references public.notion_access_token_user (id) on delete cascade,
  notion_page_id text not null,
  marked_at timestamptz not null default clock_timestamp(),
  primary key (connection_id, notion_page_id)
);
comment on table public.dirty_page is
  'Pages known to have changed. Whoever has read one takes the mark away, unless it was set anew meanwhile.';

alter table public.dirty_page enable row level security;
alter table public.dirty_page force row level security;
revoke all on public.dirty_page from anon, authenticated;
grant all on public.dirty_page to service_role;
create policy "Service role manages dirty pages" on public.dirty_page
  for all to service_role using (true) with check (true);
create index dirty_page_owner on public.dirty_page (user_id);

-- Events belong to Notion's application, not to a person: one event may concern several.
create table roundup_internal.integration_webhook_events (
  id text primary key,
  type text not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now()
);
comment on table roundup_internal.integration_webhook_events is
  'Ids of webhook events seen, so that a repeated one does nothing. No content.';
create index integration_webhook_events_age on roundup_internal.integration_webhook_events (received_at);
alter table roundup_internal.integration_webhook_events enable row level security;

-- Who is meant by an event is looked up by bot.
create index idx_notion_access_token_bot on public.notion_access_token (bot_id) where deleted_at is null;

-- Records an event and marks what it says has changed, once: the id decides. Answers the
-- connections that have something to read because of it. What the event says is a hint only: it
-- can make us read pages that we know already, and nothing else.
--
--   p_bots          the bots that may see it; null where Notion does not say (then all of the workspace)
--   p_author_bots   who did it, when it was bots alone
--   p_pages         pages that may have changed
--   p_places        databases and data sources in which something appeared, changed or went
--   p_updated       the blocks that changed, where Notion names them
create function roundup_internal.receive_webhook_event(
  p_id text, p_type text, p_occurred_at timestamptz, p_workspace text, p_bots text[],
  p_author_bots text[], p_pages text[], p_places text[], p_updated text[]
) returns setof bigint
language plpgsql
set search_path = ''
as $$
declare
  v_connection record;
  v_marked integer;
begin
  insert into roundup_internal.integration_webhook_events (id, type, occurred_at) values (p_id, p_type, p_occurred_at)
  on conflict (id) do nothing;
  if not found then
    -- Seen. Should we have died before the reading was queued, its marks are still there.
    return query
      select c.id from public.notion_access_token_user c
      join public.notion_access_token t on t.id = c.token_id
      where c.deleted_at is null and t.workspace_id = p_workspace
        and t.status in ('connected', 'expired') and (p_bots is null or t.bot_id = any (p_bots))
        and exists (
          select from public.dirty_page d where d.connection_id = c.id and d.notion_page_id = any (p_pages)
        );
    return;
  end if;
  delete from roundup_internal.integration_webhook_events where id in (
    select id from roundup_internal.integration_webhook_events where received_at < now() - interval '30 days'
    order by received_at limit 50
  );

  for v_connection in
    select c.id, t.bot_id from public.notion_access_token_user c
    join public.notion_access_token t on t.id = c.token_id
    where c.deleted_at is null and t.workspace_id = p_workspace
      and t.status in ('connected', 'expired') and (p_bots is null or t.bot_id = any (p_bots))
    order by c.id
  loop
    -- Our own tick coming back: only our bot wrote, and only what we have sent ourselves.
    continue when p_author_bots is not null and p_author_bots <@ array[v_connection.bot_id]
      and not exists (
        select from unnest(p_updated) u (notion_id) where not exists (
          select from public.todo k join public.todo_change h on h.todo_id = k.id
          where k.connection_id = v_connection.id and k.notion_id = u.notion_id
            and h.created_at > now() - interval '2 days'
        )
      );

    insert into public.dirty_page as d (user_id, connection_id, notion_page_id)
    select p.user_id, p.connection_id, p.notion_page_id from public.page p
    where p.connection_id = v_connection.id and (
        p.notion_page_id = any (p_pages)
        -- Seen through a synced copy, a to-do stands on a page other than the one that was edited.
        or p.id in (
          select k.page_id from public.todo k
          where k.connection_id = v_connection.id and k.notion_id = any (p_updated) and k.removed_at is null
        )
      )
      -- What was read after it happened has it already. A second is left for clocks that differ.
      and (p.read_at is null or p.read_at < p_occurred_at + interval '1 second')
    order by p.notion_page_id
    on conflict (connection_id, notion_page_id) do update set marked_at = clock_timestamp();
    get diagnostics v_marked = row_count;

    if v_marked > 0 or exists (
      select from public.notion_database b join public.todo_list_source s on s.database_id = b.id
      where b.connection_id = v_connection.id
        and (b.data_source_id = any (p_places) or b.notion_database_id = any (p_places))
    ) then
      return next v_connection.id;
    end if;
  end loop;
end
$$;
-- The key that webhooks are signed with, as Notion sent it in its handshake: encrypted.
create table roundup_internal.webhook_token (
  only_one boolean primary key default true check (only_one),
  token text not null check (token ~ '^eyJ[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$'),
  received_at timestamptz not null default now()
);
comment on table roundup_internal.webhook_token is 'The verification token of Notion''s webhooks, as ciphertext.';
alter table roundup_internal.webhook_token enable row level security;

-- Notion's budget ------------------------------------------------------------------------------------

-- What is known about a connection's budget, shared by all instances. Forgetting it costs no more
-- than learning it again.
create table roundup_internal.notion_gate (
  connection_key text primary key,
  -- Requests a window, as learnt so far; server/notion/budget-learning.ts has the rules.
  budget integer not null check (budget > 0),
  confirmed integer not null default 0,
  failures integer not null default 0,
  probe_at timestamptz not null default '-infinity',
  refused_at timestamptz not null default '-infinity',
  version integer not null default 0,
  -- One request beyond the budget is under way, to see whether it is let through.
  probe_until timestamptz not null default '-infinity',
  paused_until timestamptz not null default '-infinity',
  -- People waiting on some instance, for whom the next slots are kept.
  waiting_people integer not null default 0,
  waiting_until timestamptz not null default '-infinity',
  touched_at timestamptz not null default now()
);
comment on table roundup_internal.notion_gate is 'The learnt request budget of each connection, and until when Notion asked it to pause.';
alter table roundup_internal.notion_gate enable row level security;

-- Slots of the present window: those an instance holds (open), and those of requests that have ended.
create table roundup_internal.notion_gate_slots (
  id bigint generated always as identity primary key,
  connection_key text not null references roundup_internal.notion_gate (connection_key) on delete cascade,
  -- The instance that holds them; null once their requests have ended.
  holder uuid,
  slots integer not null check (slots >= 0),
  people integer not null default 0,
  -- None of their requests was sent before.
  first_at timestamptz not null,
  frees_at timestamptz not null
);
comment on table roundup_internal.notion_gate_slots is 'Requests of the present window, in bundles. A bundle comes back one window after its last request ended.';
create unique index notion_gate_slots_open on roundup_internal.notion_gate_slots (connection_key, holder)
  where holder is not null;
create index notion_gate_slots_key on roundup_internal.notion_gate_slots (connection_key, frees_at);
alter table roundup_internal.notion_gate_slots enable row level security;

-- Hands slots back and takes new ones, in one round trip for a bundle of requests. The lock on the
-- connection's row makes it exact: whatever instances ask, together they never hold more than the budget.
--   p_people, p_background     slots wanted: for people who wait, for work in the background
--   p_ended ... p_last_ago_ms  slots whose requests have ended since the last call, how many of them were
--                              people's, and how long ago the first was sent and the last one ended
--   p_unused                   slots taken earlier that are not needed
-- An instance that dies holds its slots for p_grace_ms, the longest a request may take, and a window.
create function roundup_internal.gate_exchange(
  p_key text, p_holder uuid, p_people integer, p_background integer,
  p_ended integer, p_ended_people integer, p_first_ago_ms double precision, p_last_ago_ms double precision,
  p_unused integer, p_window_ms integer, p_grace_ms integer, p_base integer, p_max integer
) returns table (
  people integer, background integer, is_probe boolean, budget integer, used integer,
  ask_in_ms double precision, slot_in_ms double precision, paused_for_ms double precision
)
language plpgsql
set search_path = ''
as $$
declare
  v_now timestamptz;
  v_window interval := make_interval(secs => p_window_ms / 1000.0);
  v_soon interval := make_interval(secs => p_window_ms / 30000.0);
  v_gate roundup_internal.notion_gate;
  v_returning integer;
  v_ended integer;
  v_people_lately integer;
  v_proven integer;
  v_next timestamptz;
  v_reserve integer;
begin
  -- What a crash of the database forgets here is a moment's bookkeeping: not worth waiting for the disk.
  perform pg_catalog.set_config('synchronous_commit', 'off', true);
  select * into v_gate from roundup_internal.notion_gate g where g.connection_key = p_key for update;
  if v_gate.connection_key is null then
    insert into roundup_internal.notion_gate (connection_key, budget) values (p_key, p_base)
    on conflict (connection_key) do nothing;
    select * into v_gate from roundup_internal.notion_gate g where g.connection_key = p_key for update;
  end if;
  v_now := pg_catalog.clock_timestamp();
  people := 0; background := 0; is_probe := false; budget := v_gate.budget; slot_in_ms := 0;

  delete from roundup_internal.notion_gate_slots s where s.connection_key = p_key and s.frees_at <= v_now;
  if p_ended > 0 then
    insert into roundup_internal.notion_gate_slots (connection_key, slots, people, first_at, frees_at)
    values (
      p_key, p_ended, p_ended_people, v_now - make_interval(secs => p_first_ago_ms / 1000.0),
      v_now - make_interval(secs => p_last_ago_ms / 1000.0) + v_window
    );
  end if;
  update roundup_internal.notion_gate_slots s set
    slots = greatest(0, s.slots - p_ended - p_unused),
    frees_at = v_now + v_window + make_interval(secs => p_grace_ms / 1000.0)
  where s.connection_key = p_key and s.holder = p_holder;

  select coalesce(sum(s.slots), 0),
    coalesce(sum(s.slots) filter (where s.frees_at <= v_now + v_soon), 0),
    coalesce(sum(s.people), 0),
    coalesce(sum(s.slots) filter (where s.holder is null and s.first_at >= v_now - v_window), 0),
    coalesce(sum(s.slots) filter (where s.holder is null), 0),
    min(s.frees_at) filter (where s.slots > 0)
  into used, v_returning, v_people_lately, v_proven, v_ended, v_next
  from roundup_internal.notion_gate_slots s where s.connection_key = p_key;

  if v_gate.paused_until > v_now then
    paused_for_ms := extract(epoch from v_gate.paused_until - v_now) * 1000;
    ask_in_ms := paused_for_ms;
    return next;
    return;
  end if;
  paused_for_ms := 0;

  -- Kept for people: a little always, more where people are busy or waiting elsewhere; less when so many
  -- slots are about to come back that nobody would have to wait.
  v_reserve := greatest(
    ceil(v_gate.budget * 0.03)::integer, least(floor(v_gate.budget * 0.15)::integer, v_people_lately),
    case when v_gate.waiting_until > v_now then v_gate.waiting_people else 0 end
  );
  v_reserve := greatest(0, v_reserve - v_returning);
  people := least(p_people, greatest(0, v_gate.budget - used));
  background := least(p_background, greatest(0, v_gate.budget - v_reserve - used - people));

  if people + background = 0 and p_people + p_background > 0 and used >= v_gate.budget
    and v_gate.budget < p_max and v_gate.probe_at <= v_now and v_gate.probe_until <= v_now
    and v_next <= v_now + v_soon and v_proven >= v_gate.budget
  then
    is_probe := true;
    people := least(p_people, 1);
    background := 1 - people;
  end if;

  if people + background > 0 then
    insert into roundup_internal.notion_gate_slots as s (connection_key, holder, slots, first_at, frees_at)
    values (
      p_key, p_holder, people + background, v_now, v_now + v_window + make_interval(secs => p_grace_ms / 1000.0)
    )
    on conflict (connection_key, holder) where holder is not null
    do update set slots = s.slots + excluded.slots;
    used := used + people + background;
  end if;
  update roundup_internal.notion_gate g set
    waiting_people = p_people - people,
    waiting_until = case when p_people > people then v_now + v_window / 6 else g.waiting_until end,
    probe_until = case when is_probe then v_now + make_interval(secs => p_grace_ms / 1000.0) else g.probe_until end,
    touched_at = v_now
  where g.connection_key = p_key and (p_people > 0 or is_probe or g.touched_at < v_now - v_window);

  if v_ended >= v_gate.budget then
    slot_in_ms := extract(epoch from v_next - v_now) * 1000;
  end if;
  -- When asking again makes sense: at the next slot, or a little before it, when the reserve is given up.
  v_next := coalesce(v_next, v_now + v_window);
  ask_in_ms := extract(epoch from case
    when v_next > v_now + v_soon then least(v_next - v_now - v_soon, v_window / 12)
    when v_gate.budget < p_max and v_gate.probe_at <= v_now then least(v_next - v_now, v_soon / 8)
    else v_next - v_now
  end) * 1000;
  return next;
end
$$;

-- What a meter shows: requests used in the present window, those held by instances included, and when
-- the first of them comes back.
create function roundup_internal.gate_meter(p_keys text[])
returns table (connection_key text, used integer, budget integer, resets_at timestamptz, paused_until timestamptz)
language sql
stable
set search_path = ''
as $$
  select g.connection_key,
    coalesce(sum(s.slots), 0)::integer, g.budget, min(s.frees_at) filter (where s.holder is null and s.slots > 0),
    case when g.paused_until > pg_catalog.clock_timestamp() then g.paused_until end
  from roundup_internal.notion_gate g
  left join roundup_internal.notion_gate_slots s
    on s.connection_key = g.connection_key and s.frees_at > pg_catalog.clock_timestamp()
  where g.connection_key = any (p_keys)
  group by g.connection_key, g.budget, g.paused_until;
$$;
