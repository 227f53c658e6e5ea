import { rotateKeys } from '#server/connections/rotate'
import { createServiceDb } from '#server/db/client'
import { createPool } from '#server/db/pool'
import type { Environment } from '#server/environment'
import { EnvironmentError, readEnvironment } from '#server/environment'
import { describeError, logger } from '#server/logging/logger'
import type { TokenCipher } from '#server/security/token-cipher'
import { createTokenCipher, TokenCipherError } from '#server/security/token-cipher'
import { openStoredToken } from '#server/webhooks/verification-token'

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
    const cipher = createTokenCipher(
      settings.CREDENTIAL_ENCRYPTION_KEY,
      settings.CREDENTIAL_ENCRYPTION_KEYS_OLD,
    )
    const db = createServiceDb(settings.SUPABASE_URL, settings.SUPABASE_SECRET_KEY)
    const { reencrypted, busy, ...rotated } = await rotateKeys({ db, cipher, log: logger })
    const unreadable = rotated.unreadable + ((await rotateWebhookToken(settings, cipher)) ? 0 : 1)
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

/** The installation's own secret goes along: opening it puts it under the current key. @returns whether it opens */
async function rotateWebhookToken(settings: Environment, cipher: TokenCipher): Promise<boolean> {
  const sql = createPool(settings.DATABASE_URL, () => undefined)
  try {
    await openStoredToken({ sql, cipher })
    return true
  } catch (error) {
    if (error instanceof TokenCipherError) return false
    throw error
  } finally {
    await sql.end()
  }
}
