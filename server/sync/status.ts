import type { SyncStatus } from '#shared/schemas/todo'
import type { Db } from '#server/db/client'
import type { SyncJob } from '#server/db/sync-jobs'
import { listLatestSyncJobs } from '#server/db/sync-jobs'
import { listConnectionsRead } from '#server/db/todo-lists'
import type { Meter } from '#server/gate/meter'
import { busiestMeter, estimateFinish } from '#server/gate/meter'

/**
 * How far reading has come over all connections that a user's lists (or one list) read.
 *
 * @param readMeters the budgets of connections, where they are known
 * @throws {DatabaseError}
 */
export async function readSyncStatus(
  db: Db,
  userId: string,
  listId?: number,
  readMeters: (connectionIds: readonly number[]) => Promise<Meter[]> = async () => [],
): Promise<Omit<SyncStatus, 'incompletePages'>> {
  const connections = await listConnectionsRead(db, userId, listId)
  const [jobs, meters] = await Promise.all([
    listLatestSyncJobs(db, userId, connections),
    readMeters(connections),
  ])
  return summarise(jobs, connections.length, meters)
}

/** One status out of the newest run of each connection. Complete only when every one of them was. */
export function summarise(
  jobs: readonly SyncJob[],
  connections: number,
  meters: readonly Meter[] = [],
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
    budget: busiestMeter(meters, live),
    estimatedFinishAt: estimateFinish(live, meters),
    reading: live.map((job) => job.connectionId),
  }
}

function latest(times: readonly (string | null)[]): string | null {
  return times.filter((time) => time !== null).sort((a, b) => Date.parse(b) - Date.parse(a))[0] ?? null
}
