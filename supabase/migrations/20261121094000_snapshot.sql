-- All to-dos of a person in one answer, made where the rows are. Columns instead of one object a to-do, and
-- what repeats (pages, headings, people, tags, dates) once, referred to by its place: twenty thousand fit into
-- one and a half megabytes, where PostgREST would be asked twenty times and repeat every page's title.
--
-- p_since and p_sources are what the last answer said. When they still hold, only what changed since is
-- answered; else everything is ("whole"): after other databases were chosen, when removals since are forgotten,
-- and when the counter is behind, which is another database or an older copy of this one.
--
-- One statement sees one state of the database, so the counter it answers and the rows belong together.
create function public.todo_snapshot(p_user uuid, p_since bigint default null, p_sources text default null)
returns text
language sql
stable
set search_path = ''
-- A few megabytes a column: on disk they would take longer than all the rest.
set work_mem = '64MB'
as $$
  with source as (
    select coalesce(array_agg(distinct s.database_id order by s.database_id), '{}') as ids
    from public.todo_list_source s where s.user_id = p_user
  ), clock as (
    select
      p.change_seq as seq, source.ids, left(md5(source.ids::text), 12) as sources,
      p_since is null or p_since > p.change_seq or p_since < p.pruned_seq
        or p_sources is distinct from left(md5(source.ids::text), 12) as whole
    from public.profiles p, source where p.id = p_user
  ), changed as materialized (
    select t.id, t.page_id, t.database_id, t.notion_id, t.kind, t.text, t.rich_text, t.checked, t.parent_id, t.depth,
      t.position, t.heading_path, t.due, t.people, t.tags, t.removed_at
    from clock, public.todo t
    where t.user_id = p_user and t.database_id = any (clock.ids)
      and case when clock.whole then t.removed_at is null else t.seq > p_since end
  ), live as not materialized (
    select * from changed where removed_at is null
  ), page as materialized (
    select p.*, (row_number() over (order by p.id))::integer - 1 as place
    from public.page p where p.user_id = p_user and p.id in (select page_id from live)
  ), database as materialized (
    select d.id, d.data_source_id, (row_number() over (order by d.id))::integer - 1 as place
    from public.notion_database d where d.user_id = p_user and d.id in (select database_id from live)
  ), heading as materialized (
    select value, (row_number() over ())::integer - 1 as place from (select distinct heading_path as value from live) v
  ), due as materialized (
    select value, (row_number() over ())::integer - 1 as place from (select distinct due as value from live where due is not null) v
  ), person as materialized (
    select value, (row_number() over ())::integer - 1 as place from (select distinct people as value from live) v
  ), tag as materialized (
    select value, (row_number() over ())::integer - 1 as place from (select distinct tags as value from live) v
  ), placed as (
    select t.*, page.place as page_place, database.place as database_place, heading.place as heading_place,
      due.place as due_place, person.place as person_place, tag.place as tag_place
    from live t
    join page on page.id = t.page_id
    join database on database.id = t.database_id
    join heading on heading.value = t.heading_path
    join person on person.value = t.people
    join tag on tag.value = t.tags
    left join due on due.value = t.due
    order by t.id
  )
  select json_build_object(
    'cursor', clock.seq || '-' || clock.sources,
    'seq', clock.seq,
    'whole', clock.whole,
    'todos', (
      select json_build_object(
        'id', coalesce(json_agg(id), '[]'),
        'notionId', coalesce(json_agg(notion_id), '[]'),
        'row', coalesce(json_agg((kind = 'row')::integer), '[]'),
        'text', coalesce(json_agg(text), '[]'),
        -- Most texts are plain: then the spans say nothing that the text does not.
        'richText', coalesce(json_agg(
          case when rich_text = jsonb_build_array(jsonb_build_object('text', text)) then null else rich_text end
        ), '[]'),
        'checked', coalesce(json_agg(checked::integer), '[]'),
        'page', coalesce(json_agg(page_place), '[]'),
        'database', coalesce(json_agg(database_place), '[]'),
        'parentId', coalesce(json_agg(parent_id), '[]'),
        'depth', coalesce(json_agg(depth), '[]'),
        'position', coalesce(json_agg(position), '[]'),
        'headings', coalesce(json_agg(heading_place), '[]'),
        'due', coalesce(json_agg(due_place), '[]'),
        'people', coalesce(json_agg(person_place), '[]'),
        'tags', coalesce(json_agg(tag_place), '[]')
      ) from placed
    ),
    'pages', (
      select json_build_object(
        'id', coalesce(json_agg(id), '[]'),
        'title', coalesce(json_agg(title), '[]'),
        'icon', coalesce(json_agg(icon), '[]'),
        'url', coalesce(json_agg(url), '[]'),
        'lastEditedTime', coalesce(json_agg(last_edited_time), '[]')
      ) from (select * from page order by place) p
    ),
    'databases', (select coalesce(json_agg(data_source_id order by place), '[]') from database),
    'headings', (select coalesce(json_agg(value order by place), '[]') from heading),
    'dues', (select coalesce(json_agg(value order by place), '[]') from due),
    'people', (select coalesce(json_agg(value order by place), '[]') from person),
    'tags', (select coalesce(json_agg(value order by place), '[]') from tag),
    'removed', (
      select coalesce(json_agg(gone.id), '[]') from (
        select id from changed where removed_at is not null
        union
        select r.todo_id from public.removed_todo r
        where not clock.whole and r.user_id = p_user and r.seq > p_since
      ) gone
    )
  )::text
  from clock;
$$;
revoke execute on function public.todo_snapshot(uuid, bigint, text) from public, anon, authenticated;
grant execute on function public.todo_snapshot(uuid, bigint, text) to service_role;
