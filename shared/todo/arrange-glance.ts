import type { Row } from './arrange'
import type { PlacedTodo } from './parents'

/**
 * What a narrower filter leaves of the top of a list, found without a look at the rest of it: tens of thousands of rows
 * take several frames to be filtered, counted and arranged, and a window shows a few dozen. It is a glance: how many are
 * open in a group, and a place among siblings, are still those of the whole list, and a folded group is not opened.
 *
 * @param rows as they are arranged for the wider filter
 * @param isShown the narrower one: of nothing that the wider one leaves out does it say so
 * @param enough so many to-dos are looked for, context aside
 */
export function glanceAt<T extends PlacedTodo>(
  rows: readonly Row<T>[],
  isShown: (todo: T) => boolean,
  enough: number,
): Row<T>[] {
  const top: Row<T>[] = []
  /** Headings and to-dos below which nothing has been found so far. */
  let above: Row<T>[] = []
  let found = 0
  for (const row of rows) {
    if (found === enough) break
    above = above.filter((one) => canStandBelow(row, one))
    if (stays(row, isShown)) {
      top.push(...above, row)
      above = []
      if (row.kind === 'item') found += 1
    } else above.push(row.kind === 'item' && !row.context ? { ...row, context: true } : row)
  }
  return top
}

/** Of a folded group nobody knows what is left without a look at the rest; most often something is. */
function stays<T extends PlacedTodo>(row: Row<T>, isShown: (todo: T) => boolean): boolean {
  if (row.kind === 'group') return row.folded
  // What is context in this group may well be asked for in another one.
  return row.kind === 'item' && !row.context && isShown(row.todo)
}

/** Rows above are asked in the order of the list, so the nearest of a kind decides. */
function canStandBelow<T extends PlacedTodo>(row: Row<T>, above: Row<T>): boolean {
  if (row.kind === 'group') return above.kind === 'group' && above.level < row.level
  if (above.kind === 'group') return true
  if (above.kind === 'path') return row.kind === 'item' ? above.depth <= row.depth : above.depth < row.depth
  return above.depth < row.depth
}
