import { rotateKeys } from '#server/connections/rotate'
import { createServiceDb } from '#server/db/client'
import { EnvironmentError, readEnvironment } from '#server/environment'
import { describeError, logger } from '#server/logging/logger'
import { createTokenCipher } from '#server/security/token-cipher'

/**
 * `npm run rotate-keys`: puts every stored token under CREDENTIAL_ENCRYPTION_KEY and says how many.
 *
 * @param variables the settings, as the server reads them
 * @param print takes one line
 * @returns the exit code: 0 when nothing is left to do
 */
export async function main(
  variables: Record<string, string | undefined>,
  print: (line: string) => void,
): Promise<number> {
  try {
    const settings = readEnvironment(variables)
    const { reencrypted, busy, unreadable } = await rotateKeys({
      db: createServiceDb(settings.SUPABASE_URL, settings.SUPABASE_SECRET_KEY),
      cipher: createTokenCipher(settings.CREDENTIAL_ENCRYPTION_KEY, settings.CREDENTIAL_ENCRYPTION_KEYS_OLD),
      log: logger,
    })
    print(`${reencrypted} re-encrypted, ${busy} in use just now, ${unreadable} that no key opens.`)
    if (busy > 0) print('Run it again for those in use.')
    if (unreadable > 0) print('CREDENTIAL_ENCRYPTION_KEYS_OLD lacks the key of those that cannot be opened.')
    return busy + unreadable === 0 ? 0 : 1
  } catch (error) {
    // Settings are named without their values; anything else by its kind.
    print(error instanceof EnvironmentError ? error.message : JSON.stringify(describeError(error)))
    return 1
  }
}
