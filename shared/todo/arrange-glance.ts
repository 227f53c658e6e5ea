import type { Row } from './arrange'
import type { PlacedTodo } from './parents'

/**
 * What a narrower filter leaves of the top of a list, found without a look at the rest of it: tens of thousands of rows
 * take several frames to be filtered, counted and arranged, and a window shows a few dozen. It is a glance: how many are
 * open in a group, and a place among siblings, are still those of the whole list.
 *
 * @param rows as they are arranged for the wider filter
 * @param isShown the narrower one; what it leaves out must not be in `rows` for any other reason than as context
 * @param enough to-dos that are asked for, context aside
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
    // What is context in this group may well be asked for in another one.
    if (row.kind === 'item' && !row.context && isShown(row.todo)) {
      top.push(...above, row)
      above = []
      found += 1
    } else above.push(row.kind === 'item' && !row.context ? { ...row, context: true } : row)
  }
  return top
}

/** Rows above are asked in the order of the list, so the nearest of a kind decides. */
function canStandBelow<T extends PlacedTodo>(row: Row<T>, above: Row<T>): boolean {
  if (row.kind === 'group') return above.kind === 'group' && above.level < row.level
  if (above.kind === 'group') return true
  if (above.kind === 'path') return row.kind === 'item' ? above.depth <= row.depth : above.depth < row.depth
  return above.depth < row.depth
}
