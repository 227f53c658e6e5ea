import type { AppContext } from '#server/context'
import { listOrphanedSyncJobs, startSyncJob, takeDueConnections } from '#server/db/sync-jobs'
import { runSync } from '#server/sync/run'
import { jobQueue, releaseJob } from './boss'
import { leavingQuietly } from './leaving'
import type { Jobs } from './queues'
import { PRIORITY } from './queues'

/** Syncs mostly wait for Notion, so one process can carry several. */
const CONCURRENT_SYNCS = 8
/** Should an announcement be lost. */
const BACKSTOP = { notifyPollingIntervalSeconds: 5 }
/** Connections started by the clock in one go; what is left is a minute late. */
const DUE_MAX = 500

/** Takes sync runs, and starts those that are due by the clock. @param worker this process's key */
export async function startSyncWorkers(
  context: AppContext,
  worker: number,
  stopping: AbortSignal,
): Promise<void> {
  const boss = await jobQueue()
  /** The queue may hand a run out twice; the second copy is dropped. */
  const underWay = new Set<number>()
  for (let count = 0; count < CONCURRENT_SYNCS; count += 1) {
    const id: string = await boss.work<Jobs['sync-connection']>('sync-connection', BACKSTOP, async (jobs) => {
      for (const { data, signal } of jobs) {
        if (underWay.has(data.connectionId)) continue
        underWay.add(data.connectionId)
        try {
          await leavingQuietly(() =>
            runSync(context, { ...data, worker }, AbortSignal.any([stopping, signal])),
          )
        } finally {
          underWay.delete(data.connectionId)
        }
      }
      // What waited while all were busy was announced long ago: look again at once, not when the pause is over.
      boss.notifyWorker(id)
    })
  }
  await boss.work<Jobs['start-syncs']>('start-syncs', () => startDue(context))
}

async function startDue(context: AppContext): Promise<void> {
  for (const { connectionId, sweep } of await takeDueConnections(context.db, DUE_MAX)) {
    const started = await startSyncJob(context.db, connectionId, false, sweep)
    if (!started?.created) continue
    await sendSync(context, { connectionId, jobId: started.jobId, sweep })
  }
}

/** Hands the runs of killed workers to those that live. */
export async function recoverSyncs(context: AppContext): Promise<void> {
  for (const { connectionId, state, ...run } of await listOrphanedSyncJobs(context.db)) {
    if (state !== 'running') continue
    await releaseJob('sync-connection', String(connectionId))
    await sendSync(context, { connectionId, jobId: run.id, sweep: run.sweep })
  }
}

/** Queues runs again that have waited long: whoever began one may have died before it was queued. */
export async function requeueSyncs(context: AppContext): Promise<void> {
  for (const { connectionId, state, ...run } of await listOrphanedSyncJobs(context.db)) {
    if (state === 'queued') await sendSync(context, { connectionId, jobId: run.id, sweep: run.sweep })
  }
}

async function sendSync(
  context: AppContext,
  { connectionId, jobId, sweep }: { connectionId: number; jobId: number; sweep: boolean },
): Promise<void> {
  await context.sendJob(
    'sync-connection',
    { connectionId, jobId },
    { key: String(connectionId), priority: sweep ? PRIORITY.sweep : PRIORITY.schedule },
  )
}
