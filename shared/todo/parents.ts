import type { Todo } from '../schemas/todo'

/** What placing and filtering need to know of a to-do; how its tick fares is the caller's own business. */
export type PlacedTodo = Omit<Todo, 'write'> & { write: { state: Todo['write']['state'] } }

/** Under which to-do each to-do is shown; those at the top of their page, which are most, are not in it. */
export type Parents = ReadonlyMap<number, number>

/**
 * A box without a parent of its own that stands in the body of a task row belongs to that row. Parents that are not
 * among `todos` do not count, and a circle (only possible in a half-read tree) is opened, so that everybody has a way
 * up to a root.
 *
 * @param byId the same to-dos
 */
export function parentsOf<T extends PlacedTodo>(todos: readonly T[], byId: ReadonlyMap<number, T>): Parents {
  const rowOfPage = new Map<number, number>()
  for (const todo of todos) if (todo.kind === 'row') rowOfPage.set(todo.page.id, todo.id)

  const parents = new Map<number, number>()
  for (const { id, parentId, kind, page } of todos) {
    const ownParent = parentId !== null && byId.has(parentId) ? parentId : undefined
    const parent = ownParent ?? (kind === 'block' ? rowOfPage.get(page.id) : undefined)
    if (parent !== undefined) parents.set(id, parent)
  }
  openCircles(parents)
  return parents
}

function openCircles(parents: Map<number, number>): void {
  const rooted = new Set<number>()
  for (const start of parents.keys()) {
    const path = new Set<number>()
    let id: number | undefined = start
    while (id !== undefined && !rooted.has(id)) {
      path.add(id)
      const next: number | undefined = parents.get(id)
      if (next !== undefined && path.has(next)) {
        parents.delete(id)
        break
      }
      id = next
    }
    for (const seen of path) rooted.add(seen)
  }
}
