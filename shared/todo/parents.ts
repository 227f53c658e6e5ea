import type { Todo } from '../schemas/todo'

/** What placing and filtering need to know of a to-do; how its tick fares is the caller's own business. */
export type PlacedTodo = Omit<Todo, 'write'> & { write: { state: Todo['write']['state'] } }

export type Parents = ReadonlyMap<number, number | null>

/**
 * Under which to-do each to-do is shown; `null` at the top of its page. A box without a parent of its own that
 * stands in the body of a task row belongs to that row. Parents that are not among `todos` do not count, and a
 * circle (only possible in a half-read tree) is opened, so that everybody has a way up to a root.
 */
export function parentsOf(todos: readonly PlacedTodo[]): Parents {
  const byId = new Map(todos.map((todo) => [todo.id, todo]))
  const rowOfPage = new Map<number, number>()
  for (const todo of todos) if (todo.kind === 'row') rowOfPage.set(todo.page.id, todo.id)

  const parents = new Map<number, number | null>()
  for (const todo of todos) {
    if (todo.parentId !== null && byId.has(todo.parentId)) parents.set(todo.id, todo.parentId)
    else parents.set(todo.id, todo.kind === 'block' ? (rowOfPage.get(todo.page.id) ?? null) : null)
  }
  openCircles(parents)
  return parents
}

function openCircles(parents: Map<number, number | null>): void {
  const rooted = new Set<number>()
  for (const start of parents.keys()) {
    const path = new Set<number>()
    let id: number | null = start
    while (id !== null && !rooted.has(id)) {
      path.add(id)
      const next: number | null = parents.get(id) ?? null
      if (next !== null && path.has(next)) {
        parents.set(id, null)
        break
      }
      id = next
    }
    for (const seen of path) rooted.add(seen)
  }
}
