import type { ShownRow } from './useTodoRows'

/**
 * Where a row is, or -1. Rows hardly move from one arrangement to the next, so the search goes outward from where
 * it was: looking through tens of thousands of keys, or making a set of them, would be felt at every tick.
 */
export function indexOfRow(rows: readonly ShownRow[], key: string, near: number): number {
  const start = Math.min(Math.max(near, 0), rows.length)
  const reach = Math.max(start, rows.length - start)
  for (let distance = 0; distance <= reach; distance += 1) {
    if (rows[start + distance]?.key === key) return start + distance
    if (rows[start - distance]?.key === key) return start - distance
  }
  return -1
}

/** The index that an element of the list was drawn for; 0 when it is none. */
export function drawnIndex(element: HTMLElement | null | undefined): number {
  return Number(element?.dataset.index ?? 0)
}

/** Key of the row that an element is part of. */
export function keyAround(element: Element): string | undefined {
  return element.closest<HTMLElement>('[data-row]')?.dataset.row
}

/** The nearest row above (or the row itself) that is asked for; -1 without one. Looked for upwards: it is near. */
export function indexAbove(
  rows: readonly ShownRow[],
  from: number,
  isMeant: (row: ShownRow) => boolean,
): number {
  for (let index = from; index >= 0; index -= 1) {
    const row = rows[index]
    if (row && isMeant(row)) return index
  }
  return -1
}
