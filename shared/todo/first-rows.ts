import { DEFAULT_VIEW, QUERY_MAX_LENGTH } from '../schemas/view'
import type { FirstTodosReply } from '../schemas/snapshot'
import type { Todo } from '../schemas/todo'
import { arrange, type ArrangeOptions, type Row } from './arrange'
import { groundOf } from './arrange-ground'
import { EMPTY_DIRECTORY } from './query/directory'
import { parseQuery } from './query/parse'
import { compileView, type ListRule } from './query/view-filter'

/** What the first window of most screens shows: every row more is laid out before anything is seen. */
export const FIRST_ROWS = 30

/**
 * The first rows of a person's plain list, as `arrange` has them for all of their to-dos.
 *
 * @param todos all of them, or those of the pages the list begins with
 * @param open how many are open in a whole database, where `todos` are not all
 */
export function firstRows(
  todos: readonly Todo[],
  rules: readonly ListRule[],
  databases: ArrangeOptions['databases'],
  open: FirstTodosReply['open'] = [],
): Row<Todo>[] {
  const now = new Date()
  // Where the reader is, and so what is late, only their browser knows; nothing in this view asks for it.
  const [timeZone, view] = ['UTC', DEFAULT_VIEW]
  const { query } = parseQuery(view.query, QUERY_MAX_LENGTH)
  const isShown = compileView(query, view.show, { now, timeZone, directory: EMPTY_DIRECTORY, rules })
  const matches = new Set(todos.filter(isShown).map(({ id }) => id))
  const rows = arrange(groundOf(todos), { view, matches, now, timeZone, databases })
  const openIn = new Map(open.map(({ databaseId, count }) => [databaseId, count]))
  return rows.slice(0, FIRST_ROWS).map((row) => {
    if (row.kind !== 'group' || row.group.by !== 'database') return row
    return { ...row, open: openIn.get(row.group.databaseId) ?? row.open }
  })
}
