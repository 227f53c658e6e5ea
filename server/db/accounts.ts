import { isAuthApiError } from '@supabase/supabase-js'
import type { Db } from './client'
import { DatabaseError, done, rows } from './client'

/** Notes that somebody wants to be forgotten, so that it is finished whatever happens. @throws {DatabaseError} */
export async function requestAccountDeletion(db: Db, userId: string): Promise<void> {
  done(
    'accounts.requestDeletion',
    await db
      .from('account_deletion')
      .upsert({ user_id: userId }, { onConflict: 'user_id', ignoreDuplicates: true }),
  )
}

/** Users whose deletion was asked for before a moment and is not finished. @throws {DatabaseError} */
export async function listUnfinishedDeletions(db: Db, requestedBefore: Date): Promise<string[]> {
  const found = rows(
    'accounts.unfinishedDeletions',
    await db.from('account_deletion').select('user_id').lt('requested_at', requestedBefore.toISOString()),
  )
  return found.map((row) => row.user_id)
}

/**
 * Deletes a user at Supabase; everything of theirs goes with the row. One who is gone already is fine.
 *
 * @throws {DatabaseError}
 */
export async function deleteUser(db: Db, userId: string): Promise<void> {
  const { error } = await db.auth.admin.deleteUser(userId)
  if (error && !(isAuthApiError(error) && error.status === 404)) {
    throw new DatabaseError('accounts.delete', error.code ?? 'unreachable')
  }
}
