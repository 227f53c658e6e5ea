-- What a list begins with, found where the rows are: a page that comes with its first rows must not read twenty thousand
-- to-dos for forty of them.

-- The first pages of a person's plain list (shared/todo/arrange.ts: grouped by page, open ones, in the order of
-- documents), with how much is open in the whole database of each. Databases by their newest page; in each, task rows
-- before pages, and the newest first. Each page makes at least one row, so as many pages as rows are enough.
--
-- None for somebody with a task below a task: those stand where the upper one does, which takes the whole list to say.
create function public.first_pages(p_user uuid, p_count integer)
returns table (page_id bigint, data_source_id text, open integer)
language sql
stable
set search_path = ''
as $$
  with standing as (
    select t.database_id, t.page_id, bool_or(t.kind = 'row') as has_row,
      bool_or(not t.checked or t.write_state not in ('saved', 'waiting')) as is_shown,
      count(*) filter (where not t.checked) as open
    from public.todo t
    where t.user_id = p_user and t.removed_at is null
      and t.database_id in (select s.database_id from public.todo_list_source s where s.user_id = p_user)
    group by t.database_id, t.page_id
  ), ranked as (
    select standing.*,
      row_number() over (order by coalesce(p.last_edited_time, 'epoch') desc, p.id desc) as rank
    from standing
    join public.page p on p.id = standing.page_id
    left join public.list_rule of_page on of_page.page_id = p.id
    left join public.list_rule of_database on of_database.database_id = standing.database_id
    where is_shown and coalesce(of_page.effect, of_database.effect, 'show') = 'show'
  ), placed as (
    select ranked.*, min(rank) over of_database as database_rank, sum(open) over of_database as database_open
    from ranked
    window of_database as (partition by database_id)
  )
  select placed.page_id, d.data_source_id, placed.database_open::integer
  from placed
  join public.notion_database d on d.id = placed.database_id
  where not exists (
    select from public.todo t
    join public.todo above on above.id = t.parent_id
    where t.user_id = p_user and t.kind = 'row' and t.removed_at is null and above.page_id <> t.page_id
  )
  order by database_rank, has_row desc, rank
  limit p_count
$$;
revoke execute on function public.first_pages(uuid, integer) from public, anon, authenticated;
grant execute on function public.first_pages(uuid, integer) to service_role;
