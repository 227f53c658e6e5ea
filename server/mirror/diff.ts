/** What a row shall show. */
export interface Wanted {
  todoId: string
  hash: string
  checked: boolean
}

/** What the map remembers of a row. */
export interface Known {
  todoId: string
  /** Null: somebody began to make it, and nobody knows what became of it. */
  pageId: string | null
  /** What was written last; null when that is not to be relied upon. */
  hash: string | null
  checked: boolean | null
}

/** What stands in Notion, as far as it was looked at. */
export interface Seen {
  pageId: string
  todoId: string
  box: boolean
  status: boolean | null
  /** Somebody else edited it after us. */
  isForeign: boolean
}

export interface Listing {
  rows: readonly Seen[]
  /** All rows were listed: one that is not among them is not there. */
  whole: boolean
}

/** What is to be done about one to-do. */
export type Step =
  /** Nothing stands for it. */
  | { do: 'create' }
  /** A row may stand for it: look first. */
  | { do: 'look' }
  /** A row stands for it that the map does not know. */
  | { do: 'adopt'; pageId: string }
  /** The row is there and says, or may say, something else. */
  | { do: 'update'; pageId: string; restore: boolean; ticked?: boolean; conflict?: boolean }
  | { do: 'keep' }

/** Rows of a listing by what they stand for; of two for the same to-do the first counts, unless the map says which. */
export interface Index {
  byPage: ReadonlyMap<string, Seen>
  byTodo: ReadonlyMap<string, Seen>
  whole: boolean
}

export function indexOf({ rows, whole }: Listing): Index {
  const byTodo = new Map<string, Seen>()
  for (const row of rows) if (row.todoId !== '' && !byTodo.has(row.todoId)) byTodo.set(row.todoId, row)
  return { byPage: new Map(rows.map((row) => [row.pageId, row])), byTodo, whole }
}

/**
 * What a row of the mirror needs. A to-do that did not change, in a row nobody touched, needs nothing.
 *
 * Ticks in the mirror are taken over (`ticked`) if only the mirror changed since it was written. Where the to-do
 * changed as well, it wins, and that is said (`conflict`).
 */
export function planRow(wanted: Wanted, known: Known | undefined, index: Index, tickBack: boolean): Step {
  const pageId = known?.pageId ?? null
  if (known === undefined || pageId === null) {
    const stray = index.byTodo.get(wanted.todoId)
    if (stray) return { do: 'adopt', pageId: stray.pageId }
    return { do: known === undefined ? 'create' : 'look' }
  }
  const seen = index.byPage.get(pageId)
  if (!seen && index.whole) return { do: 'update', pageId, restore: true }
  const hasChanged = known.hash !== wanted.hash
  const tick = seen ? tickIn(seen, known.checked) : null
  if (tick !== null && tickBack) {
    if (!hasChanged) return { do: 'update', pageId, restore: false, ticked: tick }
    return { do: 'update', pageId, restore: false, conflict: tick !== wanted.checked }
  }
  if (hasChanged || tick !== null || seen?.isForeign) return { do: 'update', pageId, restore: false }
  return { do: 'keep' }
}

/** How somebody set the row's tick, by its box or else its status; null when it stands as it was written. */
function tickIn({ box, status }: Seen, written: boolean | null): boolean | null {
  if (written === null) return null
  if (box !== written) return box
  return status !== null && status !== written ? status : null
}

/** Rows that have no business in the mirror any more. */
export interface Leftovers {
  /** Their to-do left the list. A row that may have been made is looked for first. */
  gone: Known[]
  /** Rows beside the one that stands for their to-do, or for a to-do that left long ago. */
  doubles: string[]
}

/**
 * What is left when all to-dos of the list have been met. Rows that people added themselves stay.
 * @param known the map, as it stands after the steps of this run
 */
export function findLeftovers(
  wanted: ReadonlySet<string>,
  known: readonly Known[],
  listing: Pick<Listing, 'rows'>,
): Leftovers {
  const ours = new Map(known.map((row) => [row.todoId, row.pageId]))
  const isDouble = ({ todoId, pageId }: Seen) =>
    // While nobody knows what became of a row, any of them may be it.
    todoId !== '' && ours.get(todoId) !== null && ours.get(todoId) !== pageId
  return {
    gone: known.filter(({ todoId }) => !wanted.has(todoId)),
    doubles: listing.rows.filter(isDouble).map(({ pageId }) => pageId),
  }
}
