import { checkKeys } from '#server/connections/rotate'
import type { AppContext } from '#server/context'
import { claimInstallation } from '#server/db/pool'
import { EnvironmentError } from '#server/environment'

const passed = new WeakSet<AppContext>()

/**
 * What only the database can tell about whether this process may serve. Asked until it says yes, then
 * remembered: every request waits for it.
 *
 * @throws {EnvironmentError} when it belongs to another environment: serving would mix the two; or when it
 * holds tokens that none of our keys opens
 * @throws when the database cannot be reached yet
 */
export async function checkInstallation(context: AppContext): Promise<void> {
  if (passed.has(context)) return
  const { ENVIRONMENT } = context.environment
  const label = await claimInstallation(context.sql, ENVIRONMENT)
  if (label !== ENVIRONMENT) {
    throw new EnvironmentError(
      `Roundup will not serve: this database is labelled "${label}", and ENVIRONMENT says "${ENVIRONMENT}". ` +
        'Use the database of this environment, or correct ENVIRONMENT.',
    )
  }
  await checkKeys(context)
  passed.add(context)
}
