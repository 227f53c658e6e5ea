import type { ErrorCode } from '#shared/schemas/error'
import type { FailureCode } from '~/composables/api/api-error'
import type { Batch } from './outbox'

/** What became of an action, to-do by to-do. */
export interface Outcome {
  clientId: string
  refused: { todoId: number; code: FailureCode | ErrorCode }[]
}

/** What tabs of one person tell each other about their one queue. */
export type OutboxMessage =
  | { type: 'added'; batch: Batch }
  | { type: 'attempted'; batch: Batch; gone: string[] }
  | { type: 'settled'; outcome: Outcome }
  /** A tab that has just opened asks what it has missed. */
  | { type: 'hello' }

/**
 * A line to the other tabs of the same person. VueUse's useBroadcastChannel keeps only the last message, and
 * here every one counts.
 *
 * @param onMessage what another tab says
 */
export function openOutboxChannel(
  userId: string,
  onMessage: (message: OutboxMessage) => void,
): { post: (message: OutboxMessage) => void; close: () => void } {
  if (typeof BroadcastChannel === 'undefined') return { post: () => undefined, close: () => undefined }
  const channel = new BroadcastChannel(`roundup-outbox-${userId}`)
  // Only pages of this release and this origin speak here; one of another release is closed by its reload.
  channel.onmessage = (event: MessageEvent<OutboxMessage>) => onMessage(event.data)
  return {
    // What is reactive cannot be cloned.
    post: (message) => channel.postMessage(JSON.parse(JSON.stringify(message))),
    close: () => channel.close(),
  }
}

/** Runs while no other tab of this browser does the same; at once where there are no locks (plain http). */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  const locks: LockManager | null | undefined = globalThis.navigator?.locks
  if (locks) await locks.request(name, work)
  else await work()
}
