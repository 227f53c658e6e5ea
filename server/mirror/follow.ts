import type { AppContext } from '#server/context'
import { describeError } from '#server/logging/logger'
import { requestStaleMirrors } from './request'

/** Ticks come in handfuls: a mirror waits for those that follow, and is compared once. */
const SETTLE_MS = 10_000

/**
 * Has mirrors follow what was ticked here, without waiting for the next reading. What is forgotten because this process
 * ends before is met by that reading.
 *
 * @param signal nothing is begun any more
 * @returns to be told of each change that is at Notion; costs nothing but for the first in a while
 */
export function mirrorFollower(
  context: AppContext,
  signal: AbortSignal,
  settleMs: number = SETTLE_MS,
): (connectionId: number) => void {
  const waiting = new Map<number, NodeJS.Timeout>()
  signal.addEventListener('abort', () => waiting.forEach((timer) => clearTimeout(timer)))

  async function follow(connectionId: number): Promise<void> {
    waiting.delete(connectionId)
    try {
      await requestStaleMirrors(context, connectionId)
    } catch (error) {
      context.log.error({ event: 'mirror.not_followed', connectionId, ...describeError(error) })
    }
  }

  return (connectionId) => {
    if (signal.aborted || waiting.has(connectionId)) return
    const timer = setTimeout(() => void follow(connectionId), settleMs)
    waiting.set(connectionId, timer.unref())
  }
}
