import type { SortBy } from '../schemas/view'
import type { ArrangeOptions } from './arrange'
import type { Ground } from './arrange-ground'
import { dueBuckets } from './due-bucket'
import { foldText } from './fold-text'
import type { PlacedTodo } from './parents'
import { urgencyOf } from './urgency'

/** The order of to-dos, and what an order needs to be found quickly. */
export interface Ranking<T extends PlacedTodo> {
  /** Place of a page among all: newest first. */
  pageRank: (todo: PlacedTodo) => number
  /** Less comes first; `null` when the order is that of texts, or of documents. */
  weight: ((todo: PlacedTodo) => number) | null
  /** Compares siblings of one group; parents stand where the first of what is shown below them would. */
  within: (
    childrenOf: ReadonlyMap<number, readonly T[]>,
    roles: ReadonlyMap<number, 'match' | 'context'>,
  ) => (a: T, b: T) => number
}

/** Orders in which a sub-to-do brings its parents along: what presses must not hide below what does not. */
const LIFTING: ReadonlySet<SortBy> = new Set(['due', 'urgency'])

export function rankingOf<T extends PlacedTodo>(
  { pageRanks }: Ground<T>,
  options: ArrangeOptions,
): Ranking<T> {
  const { sort } = options.view
  const pageRank = (todo: PlacedTodo) => pageRanks.get(todo.page.id) ?? pageRanks.size
  const inPageOrder = (a: PlacedTodo, b: PlacedTodo) =>
    a.page.id === b.page.id ? 0 : pageRank(a) - pageRank(b)
  const inDocumentOrder = (a: PlacedTodo, b: PlacedTodo) =>
    kindRank(a) - kindRank(b) || inPageOrder(a, b) || a.position - b.position || a.id - b.id
  const weight = weightOf(sort, options, pageRank)

  return {
    pageRank,
    weight,
    within(childrenOf, roles) {
      if (sort === 'text') return (a, b) => compareTexts(a, b) || inDocumentOrder(a, b)
      if (!weight) return inDocumentOrder
      const weights = LIFTING.has(sort) ? liftedWeights(childrenOf, roles, weight) : weight
      const tie = sort === 'urgency' ? dueMs : constant
      return (a, b) =>
        difference(weights(a), weights(b)) || difference(tie(a), tie(b)) || inDocumentOrder(a, b)
    },
  }
}

function weightOf(
  sort: SortBy,
  { now, timeZone }: ArrangeOptions,
  pageRank: (todo: PlacedTodo) => number,
): ((todo: PlacedTodo) => number) | null {
  const bucketOf = dueBuckets(now, timeZone)
  switch (sort) {
    case 'due':
      return dueMs
    case 'edited':
      return pageRank
    case 'urgency':
      return (todo) => -urgencyOf(todo, bucketOf(todo.due))
    case 'document':
    case 'text':
      return null
  }
}

/** The lightest weight of a to-do and of the matches below it, each looked at once. */
function liftedWeights<T extends PlacedTodo>(
  childrenOf: ReadonlyMap<number, readonly T[]>,
  roles: ReadonlyMap<number, 'match' | 'context'>,
  weight: (todo: PlacedTodo) => number,
): (todo: T) => number {
  const known = new Map<number, number>()
  return function lifted(todo: T): number {
    const before = known.get(todo.id)
    if (before !== undefined) return before
    let least = roles.get(todo.id) === 'context' ? Infinity : weight(todo)
    for (const child of childrenOf.get(todo.id) ?? []) least = Math.min(least, lifted(child))
    known.set(todo.id, least)
    return least
  }
}

/** Rows are their own page: they stand before what is inside of pages. */
function kindRank(todo: PlacedTodo): number {
  return todo.kind === 'row' ? 0 : 1
}

/** To-dos are replaced, never changed in place, and their dates with them. */
const dueTimes = new WeakMap<object, number>()

function dueMs({ due }: PlacedTodo): number {
  if (!due) return Infinity
  let time = dueTimes.get(due)
  if (time === undefined) {
    time = Date.parse(due.start)
    dueTimes.set(due, time)
  }
  return time
}

/** Case and accents do not matter; comparing code units is a hundred times quicker than a collator. */
function compareTexts(a: PlacedTodo, b: PlacedTodo): number {
  const [textOfA, textOfB] = [foldedTextOf(a), foldedTextOf(b)]
  return textOfA < textOfB ? -1 : textOfA > textOfB ? 1 : 0
}

const foldedTexts = new WeakMap<object, string>()

function foldedTextOf(todo: PlacedTodo): string {
  let text = foldedTexts.get(todo)
  if (text === undefined) {
    text = foldText(todo.text).trim()
    foldedTexts.set(todo, text)
  }
  return text
}

function constant(): number {
  return 0
}

/** Two undated ones are equal, although Infinity minus Infinity is not a number. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b
}
