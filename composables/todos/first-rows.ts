import { arrange } from '#shared/todo/arrange'
import { groundOf } from '#shared/todo/arrange-ground'
import { EMPTY_DIRECTORY } from '#shared/todo/query/directory'
import { parseQuery } from '#shared/todo/query/parse'
import { compileView } from '#shared/todo/query/view-filter'
import { DEFAULT_VIEW, QUERY_MAX_LENGTH } from '#shared/schemas/view'
import { expandReply } from '#shared/todo/snapshot'
import { ApiError } from '~/composables/api/api-error'
import type { Api } from '~/composables/api/useApi'
import type { useLibraryStore } from '~/stores/library'
import type { useTodosStore } from '~/stores/todos'
import type { ShownRow } from './useTodoRows'

/** More than the first window of a large screen shows. */
const FIRST_ROWS = 40

/**
 * What `useFirstRows` brings along, on the server alone. Fills the stores with what stands around the rows.
 *
 * @returns none when the person begins with a view of their own, or the server cannot tell
 */
export async function loadFirstRows(
  api: Api,
  library: ReturnType<typeof useLibraryStore>,
  store: ReturnType<typeof useTodosStore>,
): Promise<ShownRow[]> {
  try {
    const [{ views, rules }, snapshot] = await Promise.all([
      api('GET /api/views'),
      api('GET /api/todos/snapshot'),
      library.searchDatabases(),
    ])
    if (views.some(({ isDefault }) => isDefault)) return []
    const { todos, sync } = expandReply(snapshot)
    // What is said above the list would push it down when it comes later. What it counts in minutes may come later.
    if (sync.state === 'idle') {
      store.sync = sync
      store.lastFinishedAt = sync.lastFinishedAt
    }
    const now = new Date()
    // Where the reader is, and so what is late, only their browser knows: dates are left to it.
    const [timeZone, view] = ['UTC', DEFAULT_VIEW]
    const { query } = parseQuery(view.query, QUERY_MAX_LENGTH)
    const isShown = compileView(query, view.show, { now, timeZone, directory: EMPTY_DIRECTORY, rules })
    const matches = new Set(todos.filter(isShown).map(({ id }) => id))
    const databases = library.databaseById
    const rows = arrange(groundOf(todos), { view, matches, now, timeZone, databases })
    return rows.slice(0, FIRST_ROWS).map(withoutDates)
  } catch (thrown) {
    // The list itself will say what is wrong.
    if (thrown instanceof ApiError) return []
    throw thrown
  }
}

function withoutDates(row: ShownRow): ShownRow {
  if (row.kind !== 'item') return row
  const richText = row.todo.richText.map((span) =>
    span.mention?.type === 'date' ? { ...span, mention: undefined } : span,
  )
  return { ...row, todo: { ...row.todo, due: null, richText } }
}
