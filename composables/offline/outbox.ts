/** What the person wants of one to-do. */
export interface QueuedChange {
  todoId: number
  notionId: string
  checked: boolean
  /** What it was when nothing of this had been sent: wanting that again means there is nothing to send. */
  before: boolean
  /** What the person saw of it, clipped; unknown in what releases before it have kept. */
  text?: string | undefined
}

/** One action of the person: one request, one entry of the history. */
export interface Batch {
  /** Made here, once: the server takes the same one once, however often it is sent. */
  clientId: string
  changes: QueuedChange[]
  /** When the person acted, in ms since 1970. Of two wishes for a to-do, whichever tab they come from, the later one counts. */
  at: number
  /** It may have reached the server: from now on it is sent as it is, or not at all. */
  attempted: boolean
  /** Acted on while the server was out of reach. */
  offline: boolean
  /** The action that this one takes back. */
  undoOf?: string | undefined
}

/**
 * What was done and is not yet known to have arrived, oldest first. Rules only: no clock, no network.
 *
 * What has not been sent can still be changed: a later wish for a to-do replaces it, and one that leads back to
 * where it began removes it. What has been sent may have arrived, so it stays, and the later wish follows it.
 */
export function createOutbox() {
  let batches: Batch[] = []

  /**
   * Takes an action in.
   *
   * @returns `batch`: what of it has to be sent, if anything; `settled`: to-dos for which nothing is left to be
   * sent; `gone`: actions that have been replaced as a whole
   */
  function add(action: Batch): { batch: Batch | null; settled: number[]; gone: string[] } {
    if (batches.some(({ clientId }) => clientId === action.clientId))
      return { batch: null, settled: [], gone: [] }
    const settled: number[] = []
    const changes = action.changes.flatMap((change) => {
      const earlier = latestOf(change.todoId)
      if (earlier && earlier.batch.at > action.at) return []
      const replaced = earlier && !earlier.batch.attempted ? earlier : undefined
      if (replaced) withdraw(replaced.batch, change.todoId)
      const sent = latestOf(change.todoId)
      const before = sent?.change.checked ?? replaced?.change.before ?? change.before
      if ((sent ?? replaced) && before === change.checked) {
        if (!sent) settled.push(change.todoId)
        return []
      }
      return [{ ...change, before }]
    })
    const gone = dropEmpty()
    if (changes.length === 0) return { batch: null, settled, gone }
    const batch = { ...action, changes }
    batches.push(batch)
    batches.sort((a, b) => a.at - b.at)
    return { batch, settled, gone }
  }

  function latestOf(todoId: number): { batch: Batch; change: QueuedChange } | undefined {
    const batch = batches.findLast(({ changes }) => changes.some((change) => change.todoId === todoId))
    const change = batch?.changes.find((one) => one.todoId === todoId)
    return batch && change && { batch, change }
  }

  function withdraw(batch: Batch, todoId: number): void {
    batch.changes = batch.changes.filter((change) => change.todoId !== todoId)
  }

  function dropEmpty(): string[] {
    const empty = batches.filter(({ changes }) => changes.length === 0)
    batches = batches.filter(({ changes }) => changes.length > 0)
    return empty.map(({ clientId }) => clientId)
  }

  /**
   * What may be sent now: oldest first, and nothing about a to-do of which something older is still waiting or
   * on its way. Actions from while the server was out of reach go together, up to `limit` to-dos a request.
   */
  function next(underWay: ReadonlySet<string>, limit: number): Batch | undefined {
    const busy = new Set<number>()
    for (const batch of batches) {
      const isFree = !underWay.has(batch.clientId) && !batch.changes.some(({ todoId }) => busy.has(todoId))
      if (isFree) {
        if (batch.offline && !batch.attempted) gather(batch, busy, limit)
        return batch
      }
      for (const { todoId } of batch.changes) busy.add(todoId)
    }
    return undefined
  }

  function gather(into: Batch, busy: Set<number>, limit: number): void {
    for (const batch of batches.slice(batches.indexOf(into) + 1)) {
      const isFree = !batch.changes.some(({ todoId }) => busy.has(todoId))
      const fits = into.changes.length + batch.changes.length <= limit
      if (isFree && fits && batch.offline && !batch.attempted) {
        into.changes = [...into.changes, ...batch.changes]
        into.undoOf = undefined
        batch.changes = []
      }
      for (const { todoId } of batch.changes) busy.add(todoId)
    }
  }

  function attempt(clientId: string): void {
    for (const batch of batches) if (batch.clientId === clientId) batch.attempted = true
  }

  /** It is known what became of it. */
  function settle(clientId: string): Batch | undefined {
    const batch = batches.find((one) => one.clientId === clientId)
    batches = batches.filter((one) => one !== batch)
    return batch
  }

  /** Something about this to-do is still to be sent, or its answer is awaited. */
  function has(todoId: number): boolean {
    return latestOf(todoId) !== undefined
  }

  return {
    add,
    next,
    dropEmpty,
    attempt,
    settle,
    has,
    all: (): readonly Batch[] => batches,
    clear: () => (batches = []),
  }
}
