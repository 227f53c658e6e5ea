-- How much of what somebody may keep, held where it is stored, so that requests that come at once cannot pass it; and
-- when a handshake of Notion's webhooks is taken.

-- Refuses one row too many of a person. Whoever adds one waits for whoever is adding one, so the count holds.
create function roundup_internal.refuse_too_many() returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_count bigint;
begin
  perform from public.profiles where id = new.user_id for update;
  execute format('select count(*) from %s where user_id = $1', tg_relid::regclass) into v_count using new.user_id;
  if v_count >= tg_argv[0]::bigint then
    -- server/errors/to-app-error.ts knows this code.
    raise exception 'too many' using errcode = 'RU001';
  end if;
  return new;
end
$$;

-- The numbers are those of shared/schemas, where the interface and the documents have them from.
create trigger at_most before insert on public.todo_list
  for each row execute function roundup_internal.refuse_too_many('100');
create trigger at_most before insert on public.saved_view
  for each row execute function roundup_internal.refuse_too_many('50');
create trigger at_most before insert on public.calendar_feed
  for each row execute function roundup_internal.refuse_too_many('20');

-- Until when the next handshake is taken (docs/webhooks.md). Whoever takes it deletes this.
create table roundup_internal.webhook_arming (
  only_one boolean primary key default true check (only_one),
  until timestamptz not null
);
comment on table roundup_internal.webhook_arming is 'Until when Notion may send the verification token of its webhooks.';
alter table roundup_internal.webhook_arming enable row level security;
