import type { Row } from './arrange'
import type { PlacedTodo } from './parents'

/** How far a glance goes. */
export interface GlanceLimits {
  /** So many to-dos are looked for, context aside. */
  enough: number
  /** So many rows are looked at. */
  atMost: number
}

/**
 * What a narrower filter leaves of the top of a list, found without a look at all of it: tens of thousands of rows take
 * several frames to be filtered, counted and arranged, and a window shows a few dozen. It is a glance: how many are open in
 * a group, and a place among siblings, are still those of the whole list, and a folded group is not opened.
 *
 * @param rows as they are arranged for the wider filter
 * @param isShown the narrower one: of nothing that the wider one leaves out does it say so
 * @returns null when there is nothing at the top, or too little among the rows that are looked at
 */
export function glanceAt<T extends PlacedTodo>(
  rows: readonly Row<T>[],
  isShown: (todo: T) => boolean,
  { enough, atMost }: GlanceLimits,
): Row<T>[] | null {
  const top: Row<T>[] = []
  /** Headings and to-dos below which nothing has been found so far. */
  let above: Row<T>[] = []
  let found = 0
  let looked = 0
  for (const row of rows) {
    if (found === enough) break
    if (looked === atMost) return null
    looked += 1
    above = above.filter((one) => canStandBelow(row, one))
    if (stays(row, isShown)) {
      top.push(...above.map(asContext), row)
      above = []
      if (row.kind === 'item') found += 1
    } else above.push(row)
  }
  return found > 0 ? top : null
}

/** Of a folded group nobody knows what is left without a look at the rest; most often something is. */
function stays<T extends PlacedTodo>(row: Row<T>, isShown: (todo: T) => boolean): boolean {
  if (row.kind === 'group') return row.folded
  // What is context in this group may well be asked for in another one.
  return row.kind === 'item' && !row.context && isShown(row.todo)
}

function asContext<T extends PlacedTodo>(row: Row<T>): Row<T> {
  return row.kind === 'item' && !row.context ? { ...row, context: true } : row
}

/** Whether a row may belong to one that came before it: nothing between them has ended that. */
function canStandBelow<T extends PlacedTodo>(row: Row<T>, above: Row<T>): boolean {
  if (row.kind === 'group') return above.kind === 'group' && above.level < row.level
  if (above.kind === 'group') return true
  if (above.kind === 'path' && row.kind === 'item') return above.depth <= row.depth
  return above.depth < row.depth
}
