import type { AppContext } from '#server/context'
import { listOrphanedMirrors } from '#server/db/mirror-runs'
import { queueMirror } from '#server/mirror/request'
import { runMirror } from '#server/mirror/run'
import { jobQueue, releaseJob } from './boss'
import { leavingQuietly } from './leaving'
import type { Jobs } from './queues'

/** Mirrors mostly wait for Notion. */
const CONCURRENT_MIRRORS = 4
/** Should an announcement be lost. */
const BACKSTOP = { notifyPollingIntervalSeconds: 5 }

/** Takes the runs of mirrors. @param worker this process's key */
export async function startMirrorWorkers(
  context: AppContext,
  worker: number,
  stopping: AbortSignal,
): Promise<void> {
  const boss = await jobQueue()
  await boss.work<Jobs['mirror-list']>(
    'mirror-list',
    { ...BACKSTOP, localConcurrency: CONCURRENT_MIRRORS },
    async (jobs) => {
      for (const { data, signal } of jobs) {
        const ended = AbortSignal.any([stopping, signal])
        await leavingQuietly(() => runMirror(context, { ...data, worker }, ended))
      }
    },
  )
}

/** Queues runs again that nobody works on: their worker was killed, or they never got to one. */
export async function recoverMirrors(context: AppContext): Promise<void> {
  for (const mirrorId of await listOrphanedMirrors(context.db)) {
    await releaseJob('mirror-list', String(mirrorId))
    await queueMirror(context, mirrorId)
  }
}
