import type { ListsChoice } from '#shared/schemas/connection'
import type { AppContext } from '#server/context'
import type { SealedToken } from '#server/db/connections'
import { findSealedToken } from '#server/db/connections'
import { disconnectWorkspace } from '#server/db/disconnect'
import type { Revocation } from '#server/db/revocations'
import { AppError } from '#server/errors/app-error'
import { TokenCipherError } from '#server/security/token-cipher'
import { queueRevocation, sealForRevocation } from './revoke'
import { openAccessToken } from './tokens'

/** A refresh may put another token into the row while we look; twice in a row is plenty. */
const MAX_LOOKS = 4

/**
 * Ends a connection: in one transaction its tokens are erased here, its run and its unsent ticks end, and what
 * was read through it is removed or frozen. The token is given back to its provider in the background, so the
 * answer does not wait for Notion. Ending one that has ended changes nothing (only frozen lists can still be
 * removed).
 *
 * @throws {AppError} NOT_FOUND when it is not this user's; CONFLICT when it never holds still
 * @throws {DatabaseError}
 */
export async function disconnect(
  context: AppContext,
  request: { userId: string; connectionId: number; lists: ListsChoice },
): Promise<void> {
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    const token = await findSealedToken(context.db, request.connectionId)
    // Nothing is opened, or sealed anew, for somebody whose token it is not.
    const isOwn = token?.userId === request.userId
    const revocation = isOwn ? await sealForProvider(context, token) : null
    const fingerprint = isOwn ? token.fingerprint : null
    const outcome = await disconnectWorkspace(context.db, { ...request, fingerprint, revocation })
    switch (outcome) {
      case 'disconnected':
        context.log.info({
          event: 'connection.ended',
          connectionId: request.connectionId,
          lists: request.lists,
        })
        if (revocation) await queueRevocation(context, revocation.id)
        return
      case 'unknown':
        throw new AppError('NOT_FOUND')
      case 'changed':
    }
  }
  throw new AppError('CONFLICT')
}

/** Pasted tokens are not ours to give back: they belong to what the person made in Notion. */
async function sealForProvider(context: AppContext, token: SealedToken): Promise<Revocation | null> {
  if (token.kind !== 'oauth') return null
  try {
    return await sealForRevocation(context, token.provider, await openAccessToken(context, token))
  } catch (cause) {
    // A token that cannot be opened cannot be given back, but it can be erased.
    if (cause instanceof TokenCipherError) return null
    throw cause
  }
}
