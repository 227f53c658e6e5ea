import { checkInstallation } from '#server/boot-checks'
import { appContext } from '#server/context'
import { assumptions, EnvironmentError } from '#server/environment'
import { listenForPauses } from '#server/gate/pauses'
import { stopJobQueue } from '#server/jobs/boss'
import { startWorkers } from '#server/jobs/workers'
import { stopLiveHub } from '#server/live'
import { describeError, logger } from '#server/logging/logger'

const START_RETRY_MS = 5_000

/** Refuses to start on settings that do not allow it, then starts taking jobs in this process. */
export default defineNitroPlugin((nitro) => {
  // `nuxt build` loads plugins when it prerenders; there are no settings and no database then.
  if (import.meta.prerender) return
  const context = orExit(appContext)
  for (const setting of assumptions()) {
    logger.warn({ event: 'settings.assumed', setting, message: `${setting} is not set: its default holds.` })
  }
  let closing = false
  let stopWorkers = () => {}
  const stopListening = listenForPauses(context.environment.DATABASE_URL)

  const start = async (): Promise<void> => {
    try {
      await checkInstallation(context)
      stopWorkers = await startWorkers(context)
      if (closing) stopWorkers()
    } catch (error) {
      if (error instanceof EnvironmentError) exitWith(error)
      // The database may come up after us. Until then the health endpoint says that the queue is down.
      logger.error({ event: 'start.failed', ...describeError(error) })
      if (!closing) setTimeout(() => void start(), START_RETRY_MS).unref()
    }
  }
  void start()

  nitro.hooks.hook('close', async () => {
    closing = true
    stopLiveHub()
    stopListening()
    stopWorkers()
    await stopJobQueue()
  })
})

function orExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof EnvironmentError) exitWith(error)
    throw error
  }
}

function exitWith(error: EnvironmentError): never {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
