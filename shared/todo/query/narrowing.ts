import type { TodoView } from '../../schemas/view'
import type { PlacedTodo } from '../parents'
import { conjunctsOf, type Expression, type Query } from './ast'
import { foldLine } from './search-text'
import { hidesDone, type ListRule } from './view-filter'

/** What is asked for; whatever else a predicate depends on, the criteria of `query` name. */
export interface Asked {
  query: Query
  show: TodoView['show']
  rules: readonly ListRule[]
  lingering: ReadonlySet<number>
}

interface Found<T> {
  todos: readonly T[]
  asked: Asked
  /** Where in `todos` they stand: a tick on its way to Notion takes its place in the same list. */
  places: readonly number[]
}

/**
 * What a filter found last. A letter more in a word can only leave out more: then only what was found is looked
 * through, and not everything.
 */
export class MatchMemory<T extends PlacedTodo> {
  #last: Found<T> | null = null

  /** The ids of those of `todos` that are shown, in their order. */
  find(todos: readonly T[], isShown: (todo: T) => boolean, asked: Asked): ReadonlySet<number> {
    const last = this.#last
    const among = last?.todos === todos && narrows(last.asked, asked) ? last.places : todos.keys()
    const places: number[] = []
    const ids = new Set<number>()
    for (const place of among) {
      const todo = todos[place]
      if (!todo || !isShown(todo)) continue
      places.push(place)
      ids.add(todo.id)
    }
    this.#last = { todos, asked, places }
    return ids
  }
}

/** Is everything that `after` asks for certainly among what `before` asks for? */
export function narrows(before: Asked, after: Asked): boolean {
  if (before.rules !== after.rules || before.lingering !== after.lingering) return false
  if (hidesDone(before.query, before.show) && !hidesDone(after.query, after.show)) return false
  const parts = conjunctsOf(after.query)
  return conjunctsOf(before.query).every((wanted) => parts.some((part) => implies(part, wanted)))
}

/** Only criteria about texts, which mean the same at all times: what a date or a name means may have changed. */
function implies(part: Expression, wanted: Expression): boolean {
  switch (wanted.type) {
    case 'text':
    case 'page':
    case 'heading':
      return part.type === wanted.type && foldLine(part.text).includes(foldLine(wanted.text))
    default:
      return false
  }
}
