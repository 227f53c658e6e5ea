import { randomUUID } from 'node:crypto'
import type { AppContext } from '#server/context'
import type { Revocation } from '#server/db/revocations'
import { addRevocation, claimRevocation, listDueRevocations, removeRevocation } from '#server/db/revocations'
import { describeError } from '#server/logging/logger'
import { TokenCipherError } from '#server/security/token-cipher'

const DUE_AT_ONCE_MAX = 500

/** A token that waits to be given back is bound to its own row and to nobody. */
const revocationOwner = (id: string) =>
  ({ userId: id, workspaceId: 'revocation', purpose: 'access' }) as const

/** Closes a token for the table of those to be given back. */
export async function sealForRevocation(
  { cipher }: AppContext,
  provider: string,
  accessToken: string,
): Promise<Revocation> {
  const id = randomUUID()
  return {
    id,
    provider,
    sealedToken: await cipher.encrypt(accessToken, revocationOwner(id)),
    keyId: cipher.keyId,
  }
}

/** Puts a token that nobody uses by, to be given back in the background. @throws {DatabaseError} */
export async function giveBack(context: AppContext, provider: string, accessToken: string): Promise<void> {
  const revocation = await sealForRevocation(context, provider, accessToken)
  await addRevocation(context.db, revocation)
  await queueRevocation(context, revocation.id)
}

/** Has it done soon. Should the queue be down, the next round of the workers finds it. */
export async function queueRevocation(
  context: AppContext,
  revocationId: string,
  startAfterMs = 0,
): Promise<void> {
  await context
    .sendJob('revoke-token', { revocationId }, { key: revocationId, startAfterMs })
    .catch((error: unknown) => {
      context.log.error({ event: 'revocation.not_queued', ...describeError(error) })
    })
}

/**
 * Tries to give one token back to its provider.
 *
 * @returns milliseconds until the next try makes sense; null when there is nothing left to do
 * @throws {DatabaseError}
 */
export async function revokeDue(context: AppContext, revocationId: string): Promise<number | null> {
  const due = await claimRevocation(context.db, revocationId)
  if (!due) return null
  try {
    const accessToken = await context.cipher.decrypt(due.sealedToken, revocationOwner(revocationId))
    await context.providers.get(due.provider)?.revoke(accessToken)
  } catch (cause) {
    context.log.warn({ event: 'revocation.failed', attempts: due.attempts, ...describeError(cause) })
    // What cannot be opened today may be tomorrow, with its key; a day later it is forgotten either way.
    return cause instanceof TokenCipherError ? null : due.nextInMs
  }
  await removeRevocation(context.db, revocationId)
  context.log.info({ event: 'revocation.done', attempts: due.attempts })
  return null
}

/** Queues what is due and forgotten by the queue, and forgets what is too old. @throws {DatabaseError} */
export async function recoverRevocations(context: AppContext): Promise<void> {
  for (const id of await listDueRevocations(context.db, DUE_AT_ONCE_MAX)) await queueRevocation(context, id)
}

/** A sealed token of the table above under the current key. @throws {TokenCipherError} */
export async function resealRevocation(
  { cipher }: Pick<AppContext, 'cipher'>,
  id: string,
  sealedToken: string,
): Promise<string> {
  const owner = revocationOwner(id)
  return cipher.encrypt(await cipher.decrypt(sealedToken, owner), owner)
}
