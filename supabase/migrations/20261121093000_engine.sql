-- Marks that webhooks leave are owed by the connection until a reading has met them: also those on data
-- sources. What a connection leaves behind when it ends goes with it, and the list of gone to-dos has an end.

alter table public.notion_database
  -- When its last listing began, whatever came of it: what happened earlier is in it. And whether it came to
  -- its end.
  add column listed_at timestamptz,
  add column listed_whole boolean,
  -- When Notion last said that something in it appeared, changed or went, and when that was.
  add column told_at timestamptz,
  add column changed_at timestamptz;

alter table public.dirty_page
  -- When it changed, as far as Notion has said: what was read well after that has it, even if told of later.
  add column changed_at timestamptz not null default clock_timestamp();

alter table public.integration_sync_jobs
  -- Asked for by what Notion told alone: lists only the data sources that were named, and does not search.
  add column news boolean not null default false;

-- Has what Notion told about not been met by a reading that began then? A second is left for clocks that differ.
create function public.is_news(p_told_at timestamptz, p_changed_at timestamptz, p_read_at timestamptz) returns boolean
language sql
immutable
set search_path = ''
as $$
  select p_told_at is not null and (
    p_read_at is null or (p_told_at > p_read_at and p_changed_at > p_read_at - interval '1 second')
  );
$$;
revoke execute on function public.is_news(timestamptz, timestamptz, timestamptz) from public, anon, authenticated;
grant execute on function public.is_news(timestamptz, timestamptz, timestamptz) to service_role;

-- Is there anything that Notion has told about and no reading has met yet? A mark is owed only where a
-- reading would come across it, so that none can be owed for ever.
create function public.owes_reading(p_connection bigint) returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from public.dirty_page m
    join public.page p on p.connection_id = m.connection_id and p.notion_page_id = m.notion_page_id
      and p.trashed_at is null
    join public.notion_database d on d.id = p.database_id and d.count_boxes
    where m.connection_id = p_connection and public.is_news(m.marked_at, m.changed_at, p.read_at)
      and exists (select from public.todo_list_source s where s.database_id = d.id)
  ) or exists (
    select from public.notion_database d
    where d.connection_id = p_connection and d.access = 'ok'
      and public.is_news(d.told_at, d.changed_at, d.listed_at)
      and exists (select from public.todo_list_source s where s.database_id = d.id)
  );
$$;
revoke execute on function public.owes_reading(bigint) from public, anon, authenticated;
grant execute on function public.owes_reading(bigint) to service_role;

-- As before, and: a run asked for by marks (p_marked) need not follow the one under way. That one meets
-- them, and if not, its end sees that they are left. No run is made for marks that are gone by now.
drop function public.start_sync_job(bigint, boolean, boolean);
create function public.start_sync_job(
  p_connection bigint, p_full boolean, p_sweep boolean default false, p_marked boolean default false
)
returns table (job_id bigint, created boolean)
language plpgsql
set search_path = ''
as $$
declare
  v_job public.integration_sync_jobs;
  v_id bigint;
begin
  loop
    if p_marked and not public.owes_reading(p_connection) then
      return;
    end if;
    insert into public.integration_sync_jobs (user_id, connection_id, full_read, sweep, news)
    select c.user_id, c.id, p_full, p_sweep, p_marked from public.notion_access_token_user c
    where c.id = p_connection and c.deleted_at is null
    on conflict (connection_id) where state in ('queued', 'running') do nothing
    returning id into v_id;
    if v_id is not null then
      return query select v_id, true;
      return;
    end if;
    select * into v_job from public.integration_sync_jobs j
    where j.connection_id = p_connection and j.state in ('queued', 'running') for no key update;
    if v_job.id is not null then
      -- One that reads only news has chosen what to list as soon as it runs.
      if v_job.state = 'queued' or (
        not v_job.news and v_job.pages_done = 0 and v_job.pages_total = 0 and not exists (
          select from public.notion_database d where d.connection_id = p_connection and d.listed_by_job = v_job.id
        )
      ) then
        update public.integration_sync_jobs set full_read = full_read or p_full, news = news and p_marked
        where id = v_job.id;
      elsif not (p_sweep or p_marked) then
        update public.integration_sync_jobs set again = true, again_full = again_full or (p_full and not full_read)
        where id = v_job.id;
      end if;
      return query select v_job.id, false;
      return;
    end if;
    -- Either there is nothing to read, or the run in the way ended just now: then ours can start.
    perform from public.notion_access_token_user c where c.id = p_connection and c.deleted_at is null;
    exit when not found;
  end loop;
end
$$;
revoke execute on function public.start_sync_job(bigint, boolean, boolean, boolean) from public, anon, authenticated;
grant execute on function public.start_sync_job(bigint, boolean, boolean, boolean) to service_role;

-- Ids of gone to-dos are of use to browsers that were away for a while, not for ever. Whoever was away longer
-- than this knows by pruned_seq that a delta no longer says everything.
alter table public.removed_todo add column removed_at timestamptz not null default now();
alter table public.profiles add column pruned_seq bigint not null default 0;
comment on column public.profiles.pruned_seq is 'Some removals up to this count of the change counter are forgotten.';

create function public.prune_removed_todos(p_user uuid) returns void
language sql
set search_path = ''
as $$
  with gone as (
    delete from public.removed_todo where user_id = p_user and removed_at < now() - interval '90 days' returning seq
  )
  update public.profiles set pruned_seq = greatest(pruned_seq, (select max(seq) from gone))
  where id = p_user and exists (select from gone);
$$;
revoke execute on function public.prune_removed_todos(uuid) from public, anon, authenticated;
grant execute on function public.prune_removed_todos(uuid) to service_role;

-- As before, and: marks that the run has not met are followed up like a wish of a person. The locked row
-- of the run makes whoever sets a mark meanwhile wait, and start a run of their own.
create or replace function public.finish_sync_job(p_job bigint, p_state text, p_complete boolean, p_code text default null)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_job public.integration_sync_jobs;
  v_complete boolean;
  v_told boolean;
  v_next bigint;
begin
  -- First, because it may take the person's profile, whose lock comes before all others.
  perform public.prune_removed_todos(j.user_id) from public.integration_sync_jobs j where j.id = p_job;
  select * into v_job from public.integration_sync_jobs where id = p_job and state in ('queued', 'running')
  for no key update;
  if v_job.id is null then
    return null;
  end if;
  v_complete := p_state = 'done' and p_complete and not exists (
    select from public.notion_database d
    join public.page p on p.database_id = d.id and p.trashed_at is null and p.complete is not true
    where d.connection_id = v_job.connection_id and d.count_boxes
      and exists (select from public.todo_list_source s where s.database_id = d.id)
  ) and not (v_job.news and exists (
    select from public.notion_database d
    where d.connection_id = v_job.connection_id and (d.access <> 'ok' or not coalesce(d.listed_whole, d.listed_as is not null))
      and exists (select from public.todo_list_source s where s.database_id = d.id)
  ));
  update public.integration_sync_jobs set
    state = p_state, complete = v_complete, error_code = p_code, retry_at = null, finished_at = now()
  where id = p_job;

  insert into public.sync_schedule as s (connection_id, user_id, next_run_at)
  select c.id, c.user_id, now() + interval '10 minutes' * (0.875 + random() / 4)
  from public.notion_access_token_user c where c.id = v_job.connection_id and c.deleted_at is null
  on conflict (connection_id) do update set
    failures = case when p_state = 'failed' then s.failures + 1 else 0 end,
    -- News does not take the place of what the clock asks for. Failing costs patience: twice as long each
    -- time, up to six hours.
    next_run_at = case when v_job.news and p_state = 'done' then s.next_run_at else now() + least(
      interval '6 hours', interval '10 minutes' * case when p_state = 'failed' then 2 ^ least(s.failures, 6) else 1 end
    ) * (0.875 + random() / 4) end;

  delete from public.integration_sync_jobs
  where connection_id = v_job.connection_id and state in ('done', 'failed') and id <> p_job
    and finished_at < now() - interval '30 days';
  delete from public.dirty_page m using public.page p
  where m.connection_id = v_job.connection_id and p.connection_id = m.connection_id
    and p.notion_page_id = m.notion_page_id and not public.is_news(m.marked_at, m.changed_at, p.read_at);

  -- What was told before the run began it has met, whatever its host's clock says: nothing goes round in circles.
  v_told := public.owes_reading(v_job.connection_id) and (
    exists (
      select from public.dirty_page m where m.connection_id = v_job.connection_id and m.marked_at > v_job.started_at
    ) or exists (
      select from public.notion_database d where d.connection_id = v_job.connection_id and d.told_at > v_job.started_at
    )
  );
  if p_state = 'done' and (v_job.again or v_told) then
    insert into public.integration_sync_jobs (user_id, connection_id, full_read, news)
    select v_job.user_id, c.id, v_job.again_full, not v_job.again from public.notion_access_token_user c
    where c.id = v_job.connection_id and c.deleted_at is null
    returning id into v_next;
  end if;
  return v_next;
end
$$;

-- As before, but a mark that was met already is none.
create or replace function public.list_owed_pages(p_job bigint, p_limit integer default null)
returns table (
  page_id bigint, database_id bigint, notion_page_id text, parent_notion_id text, is_row boolean, children text[]
)
language sql
set search_path = ''
as $$
  select p.id, p.database_id, p.notion_page_id, p.parent_notion_id, p.is_row, array(
    select c.notion_page_id from public.page c
    where c.connection_id = p.connection_id and c.parent_notion_id = p.notion_page_id
      and not c.is_row and c.trashed_at is null
  )
  from public.integration_sync_jobs j
  join public.notion_database d on d.connection_id = j.connection_id and d.count_boxes
  join public.page p on p.database_id = d.id
  left join public.dirty_page m on m.connection_id = p.connection_id and m.notion_page_id = p.notion_page_id
    and public.is_news(m.marked_at, m.changed_at, p.read_at)
  where j.id = p_job and exists (select from public.todo_list_source s where s.database_id = d.id)
    and p.trashed_at is null and p.read_by_job is distinct from j.id
    and (
      p.read_at is null or p.reread or m.marked_at is not null
      or p.last_edited_time is distinct from p.walked_edited_time
      or p.read_at < p.walked_edited_time + interval '90 seconds'
      or (j.full_read and p.listed_by_job = j.id)
    )
  order by m.marked_at is null, p.last_edited_time desc nulls last, p.id
  limit p_limit;
$$;

-- As before, but where only news is read, only the data sources that Notion named.
create or replace function public.plan_listings(p_job bigint)
returns table (
  database_id bigint, data_source_id text, count_boxes boolean, count_rows boolean, done_property jsonb,
  edited_since timestamptz, listed boolean
)
language sql
set search_path = ''
as $$
  select d.id, d.data_source_id, d.count_boxes, d.count_rows, d.done_property,
    case when not j.full_read and d.access = 'ok' and d.listed_as = public.counting_of(d) and 100 < (
      select count(*) from (
        select from public.page p where p.database_id = d.id and p.is_row and p.trashed_at is null limit 101
      ) few
    ) then d.watermark - interval '2 minutes' end,
    coalesce(d.listed_by_job = p_job and d.listed_as = public.counting_of(d), false)
  from public.integration_sync_jobs j
  join public.notion_database d on d.connection_id = j.connection_id
  where j.id = p_job and exists (select from public.todo_list_source s where s.database_id = d.id)
    and (not j.news or d.listed_as is null or public.is_news(d.told_at, d.changed_at, d.listed_at))
  order by public.is_news(d.told_at, d.changed_at, d.listed_at) desc, d.id;
$$;

-- As before, and: notes when the listing began, whole or not.
create or replace function public.finish_listing(
  p_job bigint, p_database bigint, p_pages jsonb, p_whole boolean, p_started_at timestamptz, p_requests integer
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_newest timestamptz;
  v_unchanged integer := 0;
begin
  perform public.apply_listing(p_job, p_database, p_pages);
  update public.notion_database set listed_at = p_started_at, listed_whole = p_whole where id = p_database;
  if p_whole then
    select max(last_edited_time) into v_newest from public.page where database_id = p_database and is_row;
    if v_newest < now() - interval '15 minutes' then
      v_newest := v_newest + interval '3 minutes';
    end if;
    update public.notion_database d set
      access = 'ok', listed_by_job = p_job, listed_as = public.counting_of(d),
      watermark = greatest(d.watermark, least(v_newest, p_started_at))
    where d.id = p_database;
    update public.page p set read_by_job = p_job
    where p.database_id = p_database and p.listed_by_job = p_job and p.read_by_job is distinct from p_job
      and p.id not in (select o.page_id from public.list_owed_pages(p_job) o)
      and exists (select from public.notion_database d where d.id = p_database and d.count_boxes);
    get diagnostics v_unchanged = row_count;
  end if;
  update public.integration_sync_jobs set
    pages_done = pages_done + v_unchanged, requests_used = requests_used + p_requests,
    pages_total = greatest(pages_total, pages_done + v_unchanged)
  where id = p_job;
end
$$;

-- As before, but a data source that changed is marked as well, and what was listed after it happened asks
-- for nothing: of a thousand events about ten pages, those that come after the reading cost none.
create or replace function roundup_internal.receive_webhook_event(
  p_id text, p_type text, p_occurred_at timestamptz, p_workspace text, p_bots text[],
  p_author_bots text[], p_pages text[], p_places text[], p_updated text[]
) returns setof bigint
language plpgsql
set search_path = ''
as $$
declare
  v_connection record;
  v_marked integer;
  v_changed integer;
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
        and (
          exists (select from public.dirty_page d where d.connection_id = c.id and d.notion_page_id = any (p_pages))
          or exists (
            select from public.notion_database b
            where b.connection_id = c.id and public.is_news(b.told_at, b.changed_at, b.listed_at)
              and (b.data_source_id = any (p_places) or b.notion_database_id = any (p_places))
          )
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

    insert into public.dirty_page as d (user_id, connection_id, notion_page_id, changed_at)
    select p.user_id, p.connection_id, p.notion_page_id, p_occurred_at from public.page p
    where p.connection_id = v_connection.id and (
        p.notion_page_id = any (p_pages)
        -- Seen through a synced copy, a to-do stands on a page other than the one that was edited.
        or p.id in (
          select k.page_id from public.todo k
          where k.connection_id = v_connection.id and k.notion_id = any (p_updated) and k.removed_at is null
        )
      )
      and public.is_news(clock_timestamp(), p_occurred_at, p.read_at)
    order by p.notion_page_id
    on conflict (connection_id, notion_page_id) do update set
      marked_at = clock_timestamp(), changed_at = greatest(d.changed_at, excluded.changed_at);
    get diagnostics v_marked = row_count;

    update public.notion_database set
      told_at = clock_timestamp(), changed_at = greatest(changed_at, p_occurred_at)
    where id in (
      select b.id from public.notion_database b
      where b.connection_id = v_connection.id
        and (b.data_source_id = any (p_places) or b.notion_database_id = any (p_places))
        and public.is_news(clock_timestamp(), p_occurred_at, b.listed_at)
        and exists (select from public.todo_list_source s where s.database_id = b.id)
      order by b.id for no key update of b
    );
    get diagnostics v_changed = row_count;

    if v_marked + v_changed > 0 then
      return next v_connection.id;
    end if;
  end loop;
end
$$;

-- Endings -------------------------------------------------------------------------------------------

-- A connection that has ended is not read any more: what was planned or marked for it goes with it.
create function public.forget_ended_connection() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  delete from public.dirty_page where connection_id = new.id;
  delete from public.sync_schedule where connection_id = new.id;
  return null;
end
$$;
revoke execute on function public.forget_ended_connection() from public, anon, authenticated;
create trigger notion_access_token_user_forget_ended after update of deleted_at on public.notion_access_token_user
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function public.forget_ended_connection();
delete from public.dirty_page m using public.notion_access_token_user c
where c.id = m.connection_id and c.deleted_at is not null;
delete from public.sync_schedule s using public.notion_access_token_user c
where c.id = s.connection_id and c.deleted_at is not null;

-- Sweep ---------------------------------------------------------------------------------------------

-- As before, but also a page that this very run has met unchanged is walked again: that is what a sweep is for.
create or replace function public.mark_oldest_read(p_job bigint, p_limit integer) returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_count integer;
begin
  perform from public.profiles u where u.id = (select j.user_id from public.integration_sync_jobs j where j.id = p_job)
  for no key update;
  with oldest as (
    select p.id, p.read_by_job from public.integration_sync_jobs j
    join public.notion_database d on d.connection_id = j.connection_id and d.count_boxes
    join public.page p on p.database_id = d.id
    where j.id = p_job and p.trashed_at is null and p.read_at < j.created_at - interval '12 hours'
      and exists (select from public.todo_list_source s where s.database_id = d.id)
    order by p.read_at limit p_limit
  ), marked as (
    update public.page p set reread = true, read_by_job = null from oldest where p.id = oldest.id
  ), undone as (
    -- They count as to be read again.
    update public.integration_sync_jobs set
      pages_done = pages_done - (select count(*) from oldest where read_by_job = p_job)
    where id = p_job
  )
  select count(*) into v_count from oldest;
  return v_count;
end
$$;
