import { parentsOf, type Parents, type PlacedTodo } from './parents'

type Page = PlacedTodo['page']

/** Of all direct sub-to-dos, shown or not. */
export interface Progress {
  done: number
  total: number
}

/** What is known of to-dos whatever is asked about them: made once, and kept while somebody types a filter. */
export interface Ground<T extends PlacedTodo> {
  todos: readonly T[]
  byId: ReadonlyMap<number, T>
  parents: Parents
  /** By id, for to-dos with others below them. */
  progress: ReadonlyMap<number, Progress>
  /** Place of each page among all, by its id: newest first. */
  pageRanks: ReadonlyMap<number, number>
}

/**
 * @param editedTime when a page counts as edited: a list must not jump about under the hand that ticks
 * @param before what it was until now: ticks, the most frequent change, move nothing
 */
export function groundOf<T extends PlacedTodo>(
  todos: readonly T[],
  editedTime: (page: Page) => string | null = ({ lastEditedTime }) => lastEditedTime,
  before?: Ground<T>,
): Ground<T> {
  const byId = new Map<number, T>()
  for (const todo of todos) byId.set(todo.id, todo)
  const { parents, pageRanks } =
    before && stayInPlace(before.todos, todos)
      ? before
      : { parents: parentsOf(todos, byId), pageRanks: ranksOf(todos, editedTime) }
  return { todos, byId, parents, progress: progressOf(todos, parents), pageRanks }
}

function stayInPlace(before: readonly PlacedTodo[], after: readonly PlacedTodo[]): boolean {
  return (
    before.length === after.length &&
    after.every((todo, index) => {
      const was = before[index]
      return todo === was || (was !== undefined && isSamePlace(was, todo))
    })
  )
}

function isSamePlace(a: PlacedTodo, b: PlacedTodo): boolean {
  return a.id === b.id && a.kind === b.kind && a.parentId === b.parentId && a.page === b.page
}

function progressOf(todos: readonly PlacedTodo[], parents: Parents): Map<number, Progress> {
  const progress = new Map<number, Progress>()
  for (const todo of todos) {
    const parentId = parents.get(todo.id)
    if (parentId === undefined) continue
    const known = progress.get(parentId)
    const done = todo.checked ? 1 : 0
    if (known) {
      known.done += done
      known.total += 1
    } else progress.set(parentId, { done, total: 1 })
  }
  return progress
}

function ranksOf(
  todos: readonly PlacedTodo[],
  editedTime: (page: Page) => string | null,
): Map<number, number> {
  const times = new Map<number, number>()
  for (const { page } of todos) {
    if (times.has(page.id)) continue
    // Instants compared as moments, not as text: their offsets may differ. Unknown comes last.
    const time = editedTime(page)
    times.set(page.id, time === null ? 0 : instantOf(time))
  }
  const newestFirst = [...times].sort(([a, timeOfA], [b, timeOfB]) => timeOfB - timeOfA || b - a)
  return new Map(newestFirst.map(([id], rank) => [id, rank]))
}

/** Thousands of pages, read anew at every change: reading their times once is what makes that quick. */
const instants = new Map<string, number>()
const INSTANTS_MAX = 50_000

function instantOf(time: string): number {
  let instant = instants.get(time)
  if (instant === undefined) {
    if (instants.size >= INSTANTS_MAX) instants.clear()
    instant = Date.parse(time)
    instants.set(time, instant)
  }
  return instant
}
