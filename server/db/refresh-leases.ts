import { z } from 'zod'
import type { SealedToken } from './connections'
import type { Db } from './client'
import { done, rows } from './client'

const ClaimSchema = z.strictObject({
  outcome: z.enum(['claimed', 'fresh', 'busy', 'cooling', 'impossible', 'dead', 'gone']),
  wait_ms: z.number(),
})
const SavedSchema = z.enum(['saved', 'replaced', 'gone'])

/** What became of asking for the right to refresh; the migration says what each means. */
export interface RefreshClaim {
  outcome: z.infer<typeof ClaimSchema>['outcome']
  /** Milliseconds until asking again makes sense. */
  waitMs: number
}

/** A new pair, both tokens encrypted. */
export interface RefreshedPair {
  accessToken: string
  /** null: the provider leaves the old one in force. */
  refreshToken: string | null
  fingerprint: string
  keyId: string
  /** Seconds. */
  expiresIn: number | null
}

/** Asks for the right to refresh a token; of all who ask, one gets it. @throws {DatabaseError} */
export async function claimRefresh(
  db: Db,
  token: Pick<SealedToken, 'tokenId' | 'fingerprint'>,
  lease: { id: string; ms: number },
): Promise<RefreshClaim> {
  const answered = rows(
    'refresh.claim',
    await db.rpc('claim_refresh', {
      p_token: token.tokenId,
      p_stale: token.fingerprint,
      p_lease: lease.id,
      p_lease_ms: lease.ms,
    }),
  )[0]
  const claim = ClaimSchema.parse(answered)
  return { outcome: claim.outcome, waitMs: claim.wait_ms }
}

/**
 * Stores both tokens of a new pair at once, where the pair they came from still is.
 *
 * @returns why not, when it is not: `replaced` by connecting again, or `gone`
 * @throws {DatabaseError}
 */
export async function saveRefresh(
  db: Db,
  token: Pick<SealedToken, 'tokenId' | 'fingerprint'>,
  leaseId: string,
  pair: RefreshedPair,
): Promise<z.infer<typeof SavedSchema>> {
  const answer = await db.rpc('save_refresh', {
    p_token: token.tokenId,
    p_stale: token.fingerprint,
    p_lease: leaseId,
    p_access: pair.accessToken,
    p_refresh: pair.refreshToken ?? undefined,
    p_fingerprint: pair.fingerprint,
    p_key_id: pair.keyId,
    p_expires_in: pair.expiresIn ?? undefined,
  })
  return SavedSchema.parse(rows('refresh.save', answer))
}

/**
 * Gives the right back after a failure that may pass; nobody tries again before a pause.
 *
 * @param failure.refused Notion refused the access token, so it is out of use until a refresh works
 * @returns the pause in milliseconds; null when the right had passed to another
 * @throws {DatabaseError}
 */
export async function releaseRefresh(
  db: Db,
  token: Pick<SealedToken, 'tokenId'>,
  leaseId: string,
  failure: { refused: boolean; code: string; atLeastMs: number },
): Promise<number | null> {
  const answer = await db.rpc('release_refresh', {
    p_token: token.tokenId,
    p_lease: leaseId,
    p_refused: failure.refused,
    p_code: failure.code,
    p_at_least_ms: Math.round(failure.atLeastMs),
  })
  done('refresh.release', answer)
  return z.number().nullable().parse(answer.data)
}
