import type { AppContext } from '#server/context'
import { listConnectionsWithDueTicks } from '#server/db/todo-changes'
import { listenTo } from '#server/live/listener'
import { describeError } from '#server/logging/logger'
import { mirrorFollower } from '#server/mirror/follow'
import type { Bell } from './bell'
import { makeBell } from './bell'
import { writeTicks } from './write-ticks'

const CHANNEL = 'roundup_ticks'
/** What waits for its time, or was left behind by a killed process, is looked for this often. */
const LOOK_INTERVAL_MS = 1_000
/** Connections written to at a time; they mostly wait for Notion. The others are met at the next look. */
const CONNECTIONS_MAX = 64

/**
 * Sends changes to Notion for as long as this process works. The outbox in the database is the queue: a new
 * change announces itself, one that has to wait carries its time, and neither holds anything up. Connections do
 * not wait for each other.
 *
 * @param worker the key of this process
 * @param signal ends the work; what is under way is put back
 */
export function startTickWriter(context: AppContext, worker: number, signal: AbortSignal): void {
  const bells = new Map<number, Bell>()
  const followWithMirrors = mirrorFollower(context, signal)
  /** Epoch milliseconds until which Notion takes nothing of a connection. */
  const restingUntil = new Map<number, number>()

  function wake(connectionId: number): void {
    const bell = bells.get(connectionId)
    if (bell) bell.ring()
    else if (bells.size < CONNECTIONS_MAX && (restingUntil.get(connectionId) ?? 0) <= Date.now())
      void write(connectionId)
  }

  async function write(connectionId: number): Promise<void> {
    const bell = makeBell()
    bells.set(connectionId, bell)
    restingUntil.delete(connectionId)
    try {
      const onSaved = () => followWithMirrors(connectionId)
      const pauseMs = await writeTicks(context, connectionId, { worker, signal, bell, onSaved })
      if (pauseMs > 0) restingUntil.set(connectionId, Date.now() + pauseMs)
    } catch (error) {
      context.log.error({ event: 'ticks.not_sent', connectionId, ...describeError(error) })
      bell.still()
    }
    bells.delete(connectionId)
    if (bell.isRung && !signal.aborted) wake(connectionId)
  }

  let isLooking = false
  async function look(): Promise<void> {
    if (isLooking) return
    isLooking = true
    try {
      for (const connectionId of await listConnectionsWithDueTicks(context.db)) wake(connectionId)
    } catch (error) {
      context.log.error({ event: 'ticks.not_found', ...describeError(error) })
    }
    isLooking = false
  }

  const stopListening = listenTo(context.environment.DATABASE_URL, [CHANNEL], {
    onMessage: (_, connectionId) => wake(Number(connectionId)),
    onGap: () => void look(),
  })
  const timer = setInterval(() => void look(), LOOK_INTERVAL_MS)
  void look()
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    stopListening()
  })
}
