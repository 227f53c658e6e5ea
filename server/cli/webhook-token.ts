import { createPool } from '#server/db/pool'
import { EnvironmentError, readEnvironment } from '#server/environment'
import { describeError } from '#server/logging/logger'
import { createTokenCipher } from '#server/security/token-cipher'
import {
  ARMED_MINUTES,
  awaitHandshake,
  forgetVerificationToken,
  openStoredToken,
} from '#server/webhooks/verification-token'

const ADD_IT = 'Notion sends it when you add the webhook (docs/webhooks.md).'

/**
 * `npm run webhook-token`: shows the token that Notion's handshake brought, for pasting into Notion's form.
 * With `--arm` the next handshake is accepted, for some minutes. With `--forget` the token is deleted.
 *
 * @param variables the settings, as the server reads them
 * @param print takes one line
 * @returns the exit code: 0 when there was a token, or when it was armed
 */
export async function main(
  variables: Record<string, string | undefined>,
  print: (line: string) => void,
  args: readonly string[] = [],
): Promise<number> {
  try {
    const settings = readEnvironment(variables)
    const sql = createPool(settings.DATABASE_URL, () => undefined)
    try {
      if (args.includes('--arm')) {
        const isArmed = await awaitHandshake({ sql })
        print(
          isArmed ? `Armed for ${ARMED_MINUTES} minutes. ${ADD_IT}` : 'There is a token: --forget it first.',
        )
        return isArmed ? 0 : 1
      }
      if (args.includes('--forget')) {
        const wasThere = await forgetVerificationToken({ sql })
        print(wasThere ? 'Forgotten. --arm lets another one in.' : 'There was none.')
        return wasThere ? 0 : 1
      }
      const cipher = createTokenCipher(
        settings.CREDENTIAL_ENCRYPTION_KEY,
        settings.CREDENTIAL_ENCRYPTION_KEYS_OLD,
      )
      const token = await openStoredToken({ sql, cipher })
      print(token ?? `No handshake has come yet. --arm first. ${ADD_IT}`)
      return token === null ? 1 : 0
    } finally {
      await sql.end()
    }
  } catch (error) {
    // Settings are named without their values; anything else by its kind.
    print(error instanceof EnvironmentError ? error.message : JSON.stringify(describeError(error)))
    return 1
  }
}
