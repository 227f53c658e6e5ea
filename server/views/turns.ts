import { AppError } from '#server/errors/app-error'

/** Runs work of one person after the other, and of different people side by side. */
export type TakeTurn = <T>(person: string, work: () => Promise<T>) => Promise<T>

/**
 * Turns for work that takes a processor and memory for a while: however much one person asks for at once (also by
 * the addresses of their feeds), everybody else gets the processor in between. Each process has its own.
 *
 * @param waitingMax how many of one person wait for the one that runs
 * @param retryAfterMs told to whoever cannot even wait
 * @throws {AppError} TOO_MANY_REQUESTS, from what is returned, and whatever the work throws
 */
export function createTurns(waitingMax: number, retryAfterMs: number): TakeTurn {
  const queues = new Map<string, { last: Promise<unknown>; length: number }>()

  return async (person, work) => {
    const queue = queues.get(person) ?? { last: Promise.resolve(), length: 0 }
    if (queue.length > waitingMax) throw new AppError('TOO_MANY_REQUESTS', { retryAfterMs })
    queues.set(person, queue)
    queue.length += 1
    const turn = queue.last.then(work)
    // How one turn ends is nothing to the next.
    queue.last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      queue.length -= 1
      if (queue.length === 0) queues.delete(person)
    }
  }
}
