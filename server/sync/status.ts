import type { SyncStatus } from '#shared/schemas/todo'
import type { Db } from '#server/db/client'
import type { SyncJob } from '#server/db/sync-jobs'
import { listLatestSyncJobs } from '#server/db/sync-jobs'
import { listConnectionsRead } from '#server/db/todo-lists'

/**
 * How far reading has come over all connections that a user's lists (or one list) read.
 *
 * @throws {DatabaseError}
 */
export async function readSyncStatus(
  db: Db,
  userId: string,
  listId?: number,
): Promise<Omit<SyncStatus, 'incompletePages'>> {
  const connections = await listConnectionsRead(db, userId, listId)
  const jobs = await listLatestSyncJobs(db, userId, connections)
  return summarise(jobs, connections.length)
}

/** One status out of the newest run of each connection. Complete only when every one of them was. */
export function summarise(
  jobs: readonly SyncJob[],
  connections: number,
): Omit<SyncStatus, 'incompletePages'> {
  const sum = (pick: (job: SyncJob) => number) => jobs.reduce((total, job) => total + pick(job), 0)
  const live = jobs.filter((job) => job.state === 'queued' || job.state === 'running')
  const failed = jobs.find((job) => job.state === 'failed')
  return {
    state: live.length > 0 ? 'running' : failed ? 'failed' : 'idle',
    complete: jobs.length === connections && jobs.every((job) => job.state === 'done' && job.complete),
    pagesDone: sum((job) => job.pagesDone),
    pagesTotal: sum((job) => job.pagesTotal),
    requestsUsed: sum((job) => job.requestsUsed),
    lastFinishedAt: latest(jobs.map((job) => job.finishedAt)),
    code: live.length > 0 ? null : (failed?.code ?? null),
    retryAt: latest(live.map((job) => job.retryAt)),
  }
}

function latest(times: readonly (string | null)[]): string | null {
  return times.filter((time) => time !== null).sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null
}
