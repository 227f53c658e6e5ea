import type { AppContext } from '#server/context'
import type { StoredToken } from '#server/db/keys'
import {
  listKeysInUse,
  listRevocationsOfOtherKeys,
  listTokensOfOtherKeys,
  replaceCiphertext,
  replaceRevocationCiphertext,
} from '#server/db/keys'
import { EnvironmentError } from '#server/environment'
import { describeError } from '#server/logging/logger'
import { TokenCipherError } from '#server/security/token-cipher'
import { resealRevocation } from './revoke'
import { sealPair } from './tokens'

const BATCH_SIZE = 100
const FIRST_UUID = '00000000-0000-0000-0000-000000000000'

export interface RotationReport {
  /** Tokens that are under the current key now and were not before. */
  reencrypted: number
  /** Tokens that changed meanwhile or are being refreshed: the next run takes them. */
  busy: number
  /** Tokens that no configured key opens. */
  unreadable: number
}

type Rotating = Pick<AppContext, 'db' | 'cipher' | 'log'>

/**
 * Puts every stored token under the current key. Row by row and by compare-and-set, so the app may run
 * meanwhile, the process may die at any moment, and running it again goes on where it was.
 *
 * @throws {DatabaseError}
 */
export async function rotateKeys(context: Rotating): Promise<RotationReport> {
  const report: RotationReport = { reencrypted: 0, busy: 0, unreadable: 0 }
  for (let after = 0; ;) {
    const batch = await listTokensOfOtherKeys(context.db, context.cipher.keyId, after, BATCH_SIZE)
    for (const token of batch) report[await rotateToken(context, token)] += 1
    const last = batch.at(-1)
    if (!last) break
    after = last.id
  }
  await rotateRevocations(context, report)
  return report
}

async function rotateToken(context: Rotating, token: StoredToken): Promise<keyof RotationReport> {
  const { cipher } = context
  const owner = { userId: token.userId, workspaceId: token.workspaceId }
  try {
    const accessToken = await cipher.decrypt(token.accessToken, { ...owner, purpose: 'access' })
    const refreshToken =
      token.refreshToken && (await cipher.decrypt(token.refreshToken, { ...owner, purpose: 'refresh' }))
    const isReplaced = await replaceCiphertext(context.db, token, {
      ...(await sealPair(context, owner, { accessToken, refreshToken })),
      fingerprint: cipher.fingerprint(accessToken, token.userId),
      keyId: cipher.keyId,
    })
    return isReplaced ? 'reencrypted' : 'busy'
  } catch (cause) {
    if (!(cause instanceof TokenCipherError)) throw cause
    context.log.error({ event: 'rotation.unreadable', tokenId: token.id, ...describeError(cause) })
    return 'unreadable'
  }
}

/** Tokens that wait to be given back: few, and gone within a day. */
async function rotateRevocations(context: Rotating, report: RotationReport): Promise<void> {
  const { db, cipher } = context
  for (let after = FIRST_UUID; ;) {
    const batch = await listRevocationsOfOtherKeys(db, cipher.keyId, after, BATCH_SIZE)
    for (const { id, sealedToken } of batch) {
      try {
        await replaceRevocationCiphertext(db, id, {
          sealedToken: await resealRevocation(context, id, sealedToken),
          keyId: cipher.keyId,
        })
        report.reencrypted += 1
      } catch (cause) {
        if (!(cause instanceof TokenCipherError)) throw cause
        report.unreadable += 1
      }
    }
    const last = batch.at(-1)
    if (!last) return
    after = last.id
  }
}

/**
 * Refuses to work with keys that do not open what is stored: it would look as if every connection had failed.
 *
 * @throws {EnvironmentError} naming the variable, never a value
 * @throws {DatabaseError} when the database cannot be asked yet
 */
export async function checkKeys({ db, cipher }: Pick<AppContext, 'db' | 'cipher'>): Promise<void> {
  const missing = (await listKeysInUse(db)).filter((id) => !cipher.keyIds.has(id))
  if (missing.length === 0) return
  throw new EnvironmentError(
    [
      'Roundup will not serve: it holds tokens that none of its keys opens.',
      `- CREDENTIAL_ENCRYPTION_KEYS_OLD lacks the key${missing.length > 1 ? 's' : ''} with the id ${missing.join(', ')}:`,
      '  add the former CREDENTIAL_ENCRYPTION_KEY there, and run `npm run rotate-keys` to need it no more.',
    ].join('\n'),
  )
}
