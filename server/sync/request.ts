import type { AppContext } from '#server/context'
import { startSyncJob } from '#server/db/sync-jobs'
import { listConnectionsRead } from '#server/db/todo-lists'
import { PRIORITY } from '#server/jobs/queues'

/**
 * Brings connections up to date in the background, before what the clock asks for. One that is being read already
 * is not read twice at a time: the run under way takes in what was selected meanwhile, and if it may have missed
 * what changed since, another follows it.
 *
 * @param request.listId only what this list reads
 * @param request.connectionId only this one, if any list reads it
 * @throws {DatabaseError}
 */
export async function requestSync(
  context: AppContext,
  request: { userId: string; listId?: number; connectionId?: number; full: boolean },
): Promise<void> {
  const read = await listConnectionsRead(context.db, request.userId, request.listId)
  for (const connectionId of read) {
    if (request.connectionId !== undefined && connectionId !== request.connectionId) continue
    const started = await startSyncJob(context.db, connectionId, request.full)
    if (!started) continue
    await context.sendJob(
      'sync-connection',
      { connectionId, jobId: started.jobId },
      { key: String(connectionId), priority: PRIORITY.person },
    )
  }
}
