import type { SortBy } from '../schemas/view'
import type { ArrangeOptions } from './arrange'
import type { Ground } from './arrange-ground'
import { dueBuckets } from './due-bucket'
import { duePlace } from './due-order'
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
  const tie = sort === 'due' ? endOf(options) : startOf(options)

  return {
    pageRank,
    weight,
    within(childrenOf, roles) {
      if (sort === 'text') return (a, b) => compareTexts(a, b) || inDocumentOrder(a, b)
      if (!weight) return inDocumentOrder
      if (!LIFTING.has(sort)) return (a, b) => difference(weight(a), weight(b)) || inDocumentOrder(a, b)
      const lifted = lifting(childrenOf, roles, (todo) => ({ weight: weight(todo), tie: tie(todo) }))
      return (a, b) => {
        const [ofA, ofB] = [lifted(a), lifted(b)]
        return difference(ofA.weight, ofB.weight) || difference(ofA.tie, ofB.tie) || inDocumentOrder(a, b)
      }
    },
  }
}

function weightOf(
  sort: SortBy,
  options: ArrangeOptions,
  pageRank: (todo: PlacedTodo) => number,
): ((todo: PlacedTodo) => number) | null {
  const { now, timeZone } = options
  const bucketOf = dueBuckets(now, timeZone)
  switch (sort) {
    case 'due':
      return startOf(options)
    case 'edited':
      return pageRank
    case 'urgency':
      return (todo) => -urgencyOf(todo, bucketOf(todo.due))
    case 'document':
    case 'text':
      return null
  }
}

/** What decides between to-dos, and what decides between those of one weight; less comes first. */
interface Place {
  weight: number
  tie: number
}

/** The least of a to-do and of the matches below it, each looked at once. */
function lifting<T extends PlacedTodo>(
  childrenOf: ReadonlyMap<number, readonly T[]>,
  roles: ReadonlyMap<number, 'match' | 'context'>,
  placeOf: (todo: PlacedTodo) => Place,
): (todo: T) => Place {
  const known = new Map<number, Place>()
  return function lifted(todo: T): Place {
    const before = known.get(todo.id)
    if (before) return before
    const place = roles.get(todo.id) === 'context' ? { weight: Infinity, tie: Infinity } : placeOf(todo)
    for (const child of childrenOf.get(todo.id) ?? []) {
      const { weight, tie } = lifted(child)
      place.weight = Math.min(place.weight, weight)
      place.tie = Math.min(place.tie, tie)
    }
    known.set(todo.id, place)
    return place
  }
}

/** Rows are their own page: they stand before what is inside of pages. */
function kindRank(todo: PlacedTodo): number {
  return todo.kind === 'row' ? 0 : 1
}

/** When a to-do begins to be due; one without a date comes last. */
function startOf({ timeZone }: ArrangeOptions): (todo: PlacedTodo) => number {
  return ({ due }) => (due ? duePlace(due, timeZone).first : Infinity)
}

function endOf({ timeZone }: ArrangeOptions): (todo: PlacedTodo) => number {
  return ({ due }) => (due ? duePlace(due, timeZone).last : Infinity)
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

/** Two undated ones are equal, although Infinity minus Infinity is not a number. */
function difference(a: number, b: number): number {
  return a === b ? 0 : a - b
}
