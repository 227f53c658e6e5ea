import { setTimeout as sleep } from 'node:timers/promises'
import type { AppContext } from '#server/context'
import { disconnect } from '#server/connections/disconnect'
import { deleteUser, listUnfinishedDeletions, requestAccountDeletion } from '#server/db/accounts'
import { listShownConnections } from '#server/db/connections'
import { invalidField } from '#server/errors/app-error'
import { describeError, hashedUser } from '#server/logging/logger'

/** A deletion may meet a sync that is writing, and lose the race for a lock. */
const DELETE_PAUSES_MS = [200, 1_000]
/** Younger ones are somebody's request that is still being answered. */
const LEFT_BEHIND_AFTER_MS = 60_000

/**
 * Forgets somebody: tokens are erased here and put by to be given back, then the user is deleted, and
 * everything of theirs with it. The wish is written down first; should this process die half-way, the next
 * one finishes.
 *
 * @param confirmation what the person typed to confirm: the e-mail address of the account
 * @throws {AppError} INVALID_REQUEST when it is another: then nothing happens
 * @throws {DatabaseError}
 */
export async function deleteAccount(
  context: AppContext,
  user: { id: string; email: string },
  confirmation: string,
): Promise<void> {
  if (confirmation.trim().toLowerCase() !== user.email.toLowerCase())
    throw invalidField('email', 'other_address')
  await requestAccountDeletion(context.db, user.id)
  await finishDeletion(context, user.id)
}

/** Finishes the deletions that a killed process left behind. */
export async function finishAccountDeletions(context: AppContext, now = new Date()): Promise<void> {
  const before = new Date(now.getTime() - LEFT_BEHIND_AFTER_MS)
  for (const userId of await listUnfinishedDeletions(context.db, before)) {
    await finishDeletion(context, userId).catch((error: unknown) => {
      context.log.error({
        event: 'account.deletion_failed',
        user: hashedUser(userId),
        ...describeError(error),
      })
    })
  }
}

async function finishDeletion(context: AppContext, userId: string): Promise<void> {
  for (const { id } of await listShownConnections(context.db, userId)) {
    await disconnect(context, { userId, connectionId: id, lists: 'remove' })
  }
  await deleteWithPatience(context, userId)
  context.log.info({ event: 'account.deleted', user: hashedUser(userId) })
}

async function deleteWithPatience(context: AppContext, userId: string): Promise<void> {
  for (const pauseMs of DELETE_PAUSES_MS) {
    try {
      await deleteUser(context.db, userId)
      return
    } catch (error) {
      context.log.warn({
        event: 'account.deletion_repeated',
        user: hashedUser(userId),
        ...describeError(error),
      })
      await sleep(pauseMs)
    }
  }
  await deleteUser(context.db, userId)
}
