import { z } from 'zod'
import type { ListsChoice } from '#shared/schemas/connection'
import type { Db } from './client'
import { rows } from './client'
import type { Revocation } from './revocations'

const OutcomeSchema = z.enum(['disconnected', 'unknown', 'changed'])

/**
 * Ends a connection in one transaction.
 *
 * @param request.fingerprint which token the caller saw; null when it saw none
 * @param request.revocation the same token, closed for the table of those to be given back
 * @returns `unknown`: not this user's; `changed`: the token is another by now, and nothing was done
 * @throws {DatabaseError}
 */
export async function disconnectWorkspace(
  db: Db,
  request: {
    userId: string
    connectionId: number
    lists: ListsChoice
    fingerprint: string | null
    revocation: Revocation | null
  },
): Promise<z.infer<typeof OutcomeSchema>> {
  const { userId, connectionId, lists, fingerprint, revocation } = request
  return OutcomeSchema.parse(
    rows(
      'connections.disconnect',
      await db.rpc('disconnect_workspace', {
        p_user: userId,
        p_connection: connectionId,
        p_lists: lists,
        p_fingerprint: fingerprint ?? '',
        ...(revocation && {
          p_revocation: revocation.id,
          p_sealed: revocation.sealedToken,
          p_key_id: revocation.keyId,
        }),
      }),
    ),
  )
}
