import type { Todo } from '#shared/schemas/todo'
import type { FailureCode } from '~/composables/api/api-error'

export type ShownWrite = Todo['write'] | { state: 'failed'; code: FailureCode }

/** A to-do as it is shown: the server's word, with the person's pending wish on top. */
export type ShownTodo = Omit<Todo, 'write'> & { write: ShownWrite }

type Page = Todo['page']

const COMPARED_MAX = 500

/**
 * Plain objects, made for tens of thousands of to-dos: what did not change keeps its identity, a change of one
 * costs one object and one copy of the array of references, and any number of changes between two looks cost
 * one copy. Nothing in here is reactive; the store says when to look again.
 *
 * @param overlay what the person wants of a to-do, put on the server's word
 */
export function createTodoTable(overlay: (todo: Todo) => ShownTodo) {
  const known = new Map<number, Todo>()
  const pages = new Map<number, Page>()
  const places = new Map<number, number>()
  const dirty = new Set<number>()
  const unsaved = new Set<number>()
  let shown: ShownTodo[] = []
  let hasGaps = false

  function put(todo: Todo): void {
    known.set(todo.id, withSharedPage(todo))
    dirty.add(todo.id)
  }

  function withSharedPage(todo: Todo): Todo {
    const page = pages.get(todo.page.id)
    if (page === todo.page) return todo
    if (page && isSamePage(page, todo.page)) return { ...todo, page }
    pages.set(todo.page.id, todo.page)
    return todo
  }

  function remove(id: number): void {
    if (!known.delete(id)) return
    dirty.delete(id)
    unsaved.delete(id)
    hasGaps = true
  }

  /** Shown anew at the next look: the wish on top of it has changed. */
  function touch(id: number): void {
    if (known.has(id)) dirty.add(id)
  }

  function clear(): void {
    known.clear()
    pages.clear()
    places.clear()
    dirty.clear()
    unsaved.clear()
    shown = []
    hasGaps = false
  }

  /**
   * All to-dos in the order they came in; another array when one of them changed. That a tick has arrived is no
   * such change: it comes with every tick, and nothing is counted or arranged by it.
   */
  function look(): readonly ShownTodo[] {
    if (hasGaps) closeGaps()
    // Few: most are echoes of what is shown already. Many: a look at each would cost more than it saves.
    const isWorthALook = dirty.size <= COMPARED_MAX
    const changed: [place: number, todo: ShownTodo][] = []
    let end = shown.length
    for (const id of dirty) {
      const todo = known.get(id)
      if (!todo) continue
      const next = overlay(todo)
      if (next.write.state === 'saved') unsaved.delete(id)
      else unsaved.add(id)
      const place = places.get(id)
      const before = place === undefined ? undefined : shown[place]
      if (before && isWorthALook && looksTheSame(before, next)) continue
      changed.push([place ?? end, next])
      if (place !== undefined) continue
      places.set(id, end)
      end += 1
    }
    dirty.clear()
    if (changed.some(([place, todo]) => !isQuiet(shown[place], todo))) shown = shown.slice()
    for (const [place, todo] of changed) shown[place] = todo
    return shown
  }

  function closeGaps(): void {
    shown = shown.filter((todo) => known.has(todo.id))
    places.clear()
    for (const [place, todo] of shown.entries()) places.set(todo.id, place)
    hasGaps = false
  }

  function find(id: number): ShownTodo | undefined {
    const all = look()
    const place = places.get(id)
    return place === undefined ? undefined : all[place]
  }

  return {
    /** The server's word, without wishes. */
    known: known as ReadonlyMap<number, Todo>,
    pages: pages as ReadonlyMap<number, Page>,
    /** Ids of to-dos that are on their way, refused, or in conflict. As of the last look. */
    unsaved: unsaved as ReadonlySet<number>,
    put,
    remove,
    touch,
    clear,
    look,
    find,
  }
}

function looksTheSame(a: ShownTodo, b: ShownTodo): boolean {
  return a === b || (a.page === b.page && JSON.stringify(a) === JSON.stringify(b))
}

/** Only how the tick fares has changed, and it fares well. */
function isQuiet(before: ShownTodo | undefined, after: ShownTodo): boolean {
  if (!before || !isFaringWell(before.write) || !isFaringWell(after.write)) return false
  return looksTheSame({ ...before, write: after.write }, after)
}

function isFaringWell({ state }: ShownWrite): boolean {
  return state === 'saved' || state === 'waiting'
}

function isSamePage(a: Page, b: Page): boolean {
  return (
    a.title === b.title &&
    a.url === b.url &&
    a.lastEditedTime === b.lastEditedTime &&
    JSON.stringify(a.icon) === JSON.stringify(b.icon)
  )
}
