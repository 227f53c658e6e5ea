import { once } from 'node:events'
import { checkInstallation } from '#server/boot-checks'
import { appContext } from '#server/context'
import { EnvironmentError, useEnvironment } from '#server/environment'
import { listenForPauses } from '#server/gate/pauses'
import { stopJobQueue } from '#server/jobs/boss'
import { startWorkers } from '#server/jobs/workers'
import { describeError } from '#server/logging/logger'

/**
 * `npm run worker`: takes jobs like the server does, without serving anything. Ends on SIGTERM or SIGINT, leaving
 * what is under way for others to go on with.
 *
 * @param variables the settings, as the server reads them
 * @param print takes one line
 * @returns the exit code
 */
export async function main(
  variables: Record<string, string | undefined>,
  print: (line: string) => void,
): Promise<number> {
  try {
    useEnvironment(variables)
    const context = appContext()
    await checkInstallation(context)
    const stopListening = listenForPauses(context.environment.DATABASE_URL)
    const stopWorkers = await startWorkers(context)
    print('Worker: taking jobs')
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
    stopWorkers()
    stopListening()
    await stopJobQueue()
    return 0
  } catch (error) {
    // Settings are named without their values; anything else by its kind.
    print(error instanceof EnvironmentError ? error.message : JSON.stringify(describeError(error)))
    return 1
  }
}
