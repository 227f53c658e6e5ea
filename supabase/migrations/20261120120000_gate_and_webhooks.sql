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
    where p.connection_id = v_connection.id and p.notion_page_id = any (p_pages)
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
