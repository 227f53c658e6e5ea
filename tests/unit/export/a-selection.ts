import type { Todo } from '#shared/schemas/todo'
import type { TodoView } from '#shared/schemas/view'
import { arrange } from '#shared/todo/arrange'
import type { DatabaseName } from '#shared/todo/arrange-groups'
import { groundOf } from '#shared/todo/arrange-ground'
import type { Selection } from '#server/views/select'

export const OPTIONS = {
  now: new Date('2026-11-20T12:00:00Z'),
  timeZone: 'Europe/Berlin',
  locale: 'en' as const,
  bom: false,
}

/** All of some to-dos, as a view has them. */
export function aSelection(
  todos: readonly Todo[],
  view: Pick<TodoView, 'group' | 'sort'> = { group: 'page', sort: 'document' },
  databaseName = 'Tasks',
): Selection {
  const ground = groundOf(todos)
  const workspace = { connectionId: 1, name: 'Acme' }
  const databases = new Map<string, DatabaseName>(
    todos.map(({ databaseId }) => [databaseId, { name: databaseName, workspace }]),
  )
  const matches = new Set(todos.map(({ id }) => id))
  const rows = arrange(ground, { ...OPTIONS, view, matches, databases })
  return { rows, todos: [...todos], parents: ground.parents, byId: ground.byId, databases }
}
