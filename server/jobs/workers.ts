import { finishAccountDeletions } from '#server/account/delete'
import { probeConnection, startProbes } from '#server/connections/probe'
import { queueRevocation, recoverRevocations, revokeDue } from '#server/connections/revoke'
import type { AppContext } from '#server/context'
import { listStalledSyncJobs } from '#server/db/sync-jobs'
import { listConnectionsWithOpenTicks } from '#server/db/todo-changes'
import { describeError } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'
import { runSync } from '#server/sync/run'
import { writeTicks } from '#server/todos/write-ticks'
import { jobQueue } from './boss'
import type { Jobs } from './queues'

/** Syncs mostly wait for Notion, so one process can carry several. */
const CONCURRENT_SYNCS = 4
const CONCURRENT_WRITERS = 4
const CONCURRENT_PROBES = 2
/** A job for later announces itself when it is sent, not when it is due: for that it has to be looked for. */
const DELAYED = { notifyPollingIntervalSeconds: 2 }
const STALLED_AFTER_MS = 90_000
const RECOVERY_INTERVAL_MS = 60_000

/** Takes jobs until stopped. @returns what ends the work under way and the taking of more */
export async function startWorkers(context: AppContext): Promise<() => void> {
  const boss = await jobQueue()
  const stopping = new AbortController()

  await boss.work<Jobs['sync-connection']>(
    'sync-connection',
    { localConcurrency: CONCURRENT_SYNCS },
    async (jobs) => {
      for (const job of jobs) {
        await leavingQuietly(() => runSync(context, job.data, AbortSignal.any([stopping.signal, job.signal])))
      }
    },
  )
  await boss.work<Jobs['write-ticks']>(
    'write-ticks',
    { ...DELAYED, localConcurrency: CONCURRENT_WRITERS },
    async (jobs) => {
      for (const job of jobs) await sendTicks(context, job.data.connectionId, stopping.signal)
    },
  )
  await startUpkeep(context, stopping.signal)

  const recovery = setInterval(() => void recoverQuietly(context), RECOVERY_INTERVAL_MS)
  await recoverQuietly(context)
  return () => {
    clearInterval(recovery)
    stopping.abort()
  }
}

/** What keeps connections in order: tokens given back, and asked after. */
async function startUpkeep(context: AppContext, signal: AbortSignal): Promise<void> {
  const boss = await jobQueue()
  await boss.work<Jobs['revoke-token']>('revoke-token', DELAYED, async (jobs) => {
    for (const { data } of jobs) {
      const nextInMs = await revokeDue(context, data.revocationId)
      if (nextInMs !== null) await queueRevocation(context, data.revocationId, nextInMs)
    }
  })
  await boss.work<Jobs['start-probes']>('start-probes', () => startProbes(context))
  await boss.work<Jobs['probe-connection']>(
    'probe-connection',
    { ...DELAYED, localConcurrency: CONCURRENT_PROBES },
    async (jobs) => {
      for (const { data } of jobs)
        await leavingQuietly(() => probeConnection(context, data.connectionId, signal))
    },
  )
}

async function sendTicks(context: AppContext, connectionId: number, signal: AbortSignal): Promise<void> {
  const pauseMs = await writeTicks(context, connectionId, signal)
  if (pauseMs === null || signal.aborted) return
  await context.sendJob('write-ticks', { connectionId }, { key: String(connectionId), startAfterMs: pauseMs })
}

/** A run that is told to stop stays live: recovery, here or elsewhere, takes it up where it was. */
async function leavingQuietly(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof NotionError && error.kind === 'aborted')) throw error
  }
}

/** Finds what a killed process left behind: runs nobody works on, ticks nobody sends, goodbyes half said. */
async function recover(context: AppContext): Promise<void> {
  const stalled = await listStalledSyncJobs(context.db, new Date(Date.now() - STALLED_AFTER_MS))
  for (const { id, connectionId } of stalled) {
    await context.sendJob('sync-connection', { connectionId, jobId: id }, { key: String(connectionId) })
  }
  for (const connectionId of await listConnectionsWithOpenTicks(context.db)) {
    await context.sendJob('write-ticks', { connectionId }, { key: String(connectionId) })
  }
  await recoverRevocations(context)
  await finishAccountDeletions(context)
}

async function recoverQuietly(context: AppContext): Promise<void> {
  await recover(context).catch((error: unknown) => {
    context.log.error({ event: 'jobs.recovery_failed', ...describeError(error) })
  })
}
