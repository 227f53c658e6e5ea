import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import {
  DEFAULT_VIEW,
  GroupBySchema,
  QUERY_MAX_LENGTH,
  SortBySchema,
  TodoViewSchema,
  type TodoView,
} from '#shared/schemas/view'

const NAMES = ['q', 'group', 'sort', 'show'] as const

/** The view an address names. What is not said, or makes no sense, is as it is by default. */
export function readView(query: LocationQuery, standard: TodoView = DEFAULT_VIEW): TodoView {
  if (!NAMES.some((name) => name in query)) return { ...standard }
  const line = query.q
  return {
    query: typeof line === 'string' ? line.slice(0, QUERY_MAX_LENGTH) : '',
    group: GroupBySchema.catch(DEFAULT_VIEW.group).parse(query.group),
    sort: SortBySchema.catch(DEFAULT_VIEW.sort).parse(query.sort),
    show: TodoViewSchema.shape.show.catch(DEFAULT_VIEW.show).parse(query.show),
  }
}

/**
 * The address of a view: only what is not as it is by default. When an address that says nothing would mean
 * another view (a person's own default), it says at least that the line is empty.
 *
 * @param others parameters of the page that are not about the view
 */
export function writeView(
  view: TodoView,
  others: LocationQuery = {},
  standard: TodoView = DEFAULT_VIEW,
): LocationQueryRaw {
  const query: LocationQueryRaw = { ...others }
  for (const name of NAMES) query[name] = undefined
  if (sameView(view, standard)) return query
  if (view.query !== '') query.q = view.query
  if (view.group !== DEFAULT_VIEW.group) query.group = view.group
  if (view.sort !== DEFAULT_VIEW.sort) query.sort = view.sort
  if (view.show !== DEFAULT_VIEW.show) query.show = view.show
  return sameView(view, DEFAULT_VIEW) ? { ...query, q: '' } : query
}

export function sameView(a: TodoView, b: TodoView): boolean {
  return a.query === b.query && a.group === b.group && a.sort === b.sort && a.show === b.show
}
