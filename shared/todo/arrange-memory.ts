import type { ArrangeOptions, Row } from './arrange'
import type { Ground } from './arrange-ground'
import type { GroupNode } from './arrange-groups'
import type { PlacedTodo } from './parents'

interface Remembered<T extends PlacedTodo> {
  members: readonly T[]
  level: 1 | 2
  rows: readonly Row<T>[]
}

/** What the rows of every group depend on, whatever is in it. */
type Basis = readonly unknown[]

/**
 * The rows of each group as they were last made. A tick, or a letter more in a filter, changes few groups of many:
 * all others are taken as they are, the row objects included.
 */
export class ArrangeMemory<T extends PlacedTodo> {
  #basis: Basis = []
  /** What the rows at hand are known to be right about. */
  #ground: Ground<T> | null = null
  #isSameGround = false
  #groups = new Map<string, Remembered<T>>()
  #next = new Map<string, Remembered<T>>()

  /** Forgets what was made upon something else. Call it before the groups are asked for. */
  begin(ground: Ground<T>, { view, now, timeZone }: ArrangeOptions): void {
    const basis = [ground.parents, ground.pageRanks, view.group, view.sort, now.getTime(), timeZone]
    const isSame = basis.every((value, index) => value === this.#basis[index])
    this.#groups = isSame ? this.#next : new Map()
    this.#next = new Map()
    this.#basis = basis
    this.#isSameGround = ground === this.#ground
    this.#ground = ground
  }

  /** The rows of a group, made only if something in it has changed. */
  rowsOf(node: GroupNode<T>, level: 1 | 2, ground: Ground<T>, make: () => Row<T>[]): readonly Row<T>[] {
    const known = this.#groups.get(node.key)
    const { members } = node
    const isKnown =
      known?.level === level &&
      isSameList(known.members, members) &&
      // While somebody types a filter, nothing happens to the to-dos themselves.
      (this.#isSameGround || areUpToDate(known.rows, ground))
    const remembered = isKnown ? known : { members, level, rows: make() }
    this.#next.set(node.key, remembered)
    return remembered.rows
  }
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

/** Rows also tell of to-dos that are not in their group: of those they stand below, and of how many are done. */
function areUpToDate<T extends PlacedTodo>(rows: readonly Row<T>[], { byId, progress }: Ground<T>): boolean {
  return rows.every((row) => {
    if (row.kind !== 'item') return true
    const now = progress.get(row.todo.id)
    return (
      byId.get(row.todo.id) === row.todo &&
      now?.done === row.progress?.done &&
      now?.total === row.progress?.total
    )
  })
}
