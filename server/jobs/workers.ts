import { finishAccountDeletions } from '#server/account/delete'
import { probeConnection, startProbes } from '#server/connections/probe'
import { queueRevocation, recoverRevocations, revokeDue } from '#server/connections/revoke'
import type { AppContext } from '#server/context'
import { describeError } from '#server/logging/logger'
import { startTickWriter } from '#server/todos/writer'
import { jobQueue } from './boss'
import { leavingQuietly } from './leaving'
import { recoverMirrors, startMirrorWorkers } from './mirror-workers'
import { announceWorker } from './presence'
import type { Jobs } from './queues'
import { recoverSyncs, requeueSyncs, startSyncWorkers } from './sync-workers'

const CONCURRENT_PROBES = 2
/** A job for later announces itself when it is sent, not when it is due: for that it has to be looked for. */
const DELAYED = { notifyPollingIntervalSeconds: 2 }
/** A killed worker is known at once, so that its runs need not wait. */
const ORPHANS_INTERVAL_MS = 3_000
const RECOVERY_INTERVAL_MS = 60_000

/** Takes jobs until stopped. @returns what ends the work under way and the taking of more */
export async function startWorkers(context: AppContext): Promise<() => void> {
  const stopping = new AbortController()
  const presence = await announceWorker()

  await startSyncWorkers(context, presence.worker, stopping.signal)
  startTickWriter(context, presence.worker, stopping.signal)
  await startMirrorWorkers(context, presence.worker, stopping.signal)
  await startUpkeep(context, stopping.signal)

  const quietly = (work: (context: AppContext) => Promise<void>) => () => recoverQuietly(context, work)
  const timers = [
    setInterval(quietly(recoverSyncs), ORPHANS_INTERVAL_MS),
    setInterval(quietly(recover), RECOVERY_INTERVAL_MS),
  ]
  await quietly(recoverSyncs)()
  await quietly(recover)()
  return () => {
    timers.forEach(clearInterval)
    stopping.abort()
    void presence.leave()
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

/** Finds what a killed process left behind besides its runs and its ticks: mirrors half written, goodbyes half said. */
async function recover(context: AppContext): Promise<void> {
  await requeueSyncs(context)
  await recoverMirrors(context)
  await recoverRevocations(context)
  await finishAccountDeletions(context)
}

async function recoverQuietly(
  context: AppContext,
  work: (context: AppContext) => Promise<void>,
): Promise<void> {
  await work(context).catch((error: unknown) => {
    context.log.error({ event: 'jobs.recovery_failed', ...describeError(error) })
  })
}
