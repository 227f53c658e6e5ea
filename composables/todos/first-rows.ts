import { firstRows } from '#shared/todo/first-rows'
import { expandReply } from '#shared/todo/snapshot'
import { ApiError } from '~/composables/api/api-error'
import type { Api } from '~/composables/api/useApi'
import type { useLibraryStore } from '~/stores/library'
import type { useTodosStore } from '~/stores/todos'
import type { ShownRow } from './useTodoRows'

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
    const [{ views, rules }, { todos, open, sync }] = await Promise.all([
      api('GET /api/views'),
      loadFirstTodos(api),
      library.searchDatabases(),
    ])
    if (views.some(({ isDefault }) => isDefault)) return []
    // What is said above the list would push it down when it comes later. What it counts in minutes may come later.
    if (sync.state === 'idle') {
      store.sync = sync
      store.lastFinishedAt = sync.lastFinishedAt
    }
    return firstRows(todos, rules, library.databaseById, open).map(withoutDates)
  } catch (thrown) {
    // The list itself will say what is wrong.
    if (thrown instanceof ApiError) return []
    throw thrown
  }
}

async function loadFirstTodos(api: Api) {
  const first = await api('GET /api/todos/first')
  return first.todos.length > 0 ? first : { ...expandReply(await api('GET /api/todos/snapshot')), open: [] }
}

function withoutDates(row: ShownRow): ShownRow {
  if (row.kind !== 'item') return row
  const richText = row.todo.richText.map((span) =>
    span.mention?.type === 'date' ? { ...span, mention: undefined } : span,
  )
  return { ...row, todo: { ...row.todo, due: null, richText } }
}
