import type { AppContext } from '#server/context'
import { startMarkedSyncJob } from '#server/db/sync-jobs'
import { PRIORITY } from '#server/jobs/queues'
import { describeError } from '#server/logging/logger'

/** After a reading was asked for, what else comes in for this long is read together. */
const QUIET_MS = 500

type Queue = Pick<AppContext, 'db' | 'sendJob' | 'log'>

/**
 * Asks for connections to be read: at once when all was quiet, then at most once in `QUIET_MS`, and only while
 * marks are left. What a process that dies in between still meant to ask for is not lost: the marks are in the
 * database, and the connection's next regular reading takes them.
 */
export function createRefresher(context: Queue, quietMs = QUIET_MS): (connectionId: number) => Promise<void> {
  const quiet = new Map<number, { again: boolean }>()

  const refresh = async (connectionId: number): Promise<void> => {
    const pending = quiet.get(connectionId)
    if (pending) {
      pending.again = true
      return
    }
    const window = { again: false }
    quiet.set(connectionId, window)
    setTimeout(() => {
      quiet.delete(connectionId)
      if (window.again) void refreshQuietly(connectionId)
    }, quietMs).unref()
    await queueReading(context, connectionId)
  }

  const refreshQuietly = async (connectionId: number): Promise<void> => {
    await refresh(connectionId).catch((error: unknown) => {
      context.log.error({ event: 'webhook.refresh_failed', connectionId, ...describeError(error) })
    })
  }

  return refresh
}

async function queueReading(context: Queue, connectionId: number): Promise<void> {
  const started = await startMarkedSyncJob(context.db, connectionId)
  if (!started) return
  await context.sendJob(
    'sync-connection',
    { connectionId, jobId: started.jobId },
    { key: String(connectionId), priority: PRIORITY.news },
  )
}
