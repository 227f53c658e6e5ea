import type { WriteState } from '#shared/schemas/todo'
import type { Db } from './client'
import { rows } from './client'
import { toWriteState } from './todos'

/** PostgREST answers at most this many rows a request. */
const BATCH_SIZE = 1_000

/**
 * All of a user's to-dos, or what changed since, as the text of a JSON object (`SnapshotReplySchema.snapshot`):
 * nobody here has to look inside, so nobody reads and writes megabytes again.
 *
 * @param serviceDb passes row level security; the function names the owner in every part
 * @throws {DatabaseError}
 */
export async function readSnapshotJson(
  serviceDb: Db,
  userId: string,
  after: { seq: number; sources: string } | null,
): Promise<string> {
  return rows(
    'snapshot.read',
    await serviceDb.rpc('todo_snapshot', {
      p_user: userId,
      ...(after && { p_since: after.seq, p_sources: after.sources }),
    }),
  )
}

/**
 * Where the ticks stand that are not in step with Notion.
 *
 * @param since only of to-dos that changed since
 * @throws {DatabaseError}
 */
export async function listWriteStates(
  userDb: Db,
  userId: string,
  since: number,
): Promise<[id: number, write: WriteState][]> {
  const found: [number, WriteState][] = []
  for (let last = 0; ;) {
    const batch = rows(
      'snapshot.writes',
      await userDb
        .from('todo')
        .select('id, write_state, write_error, write_theirs')
        .eq('user_id', userId)
        .is('removed_at', null)
        .neq('write_state', 'saved')
        .gt('seq', since)
        .gt('id', last)
        .order('id')
        .limit(BATCH_SIZE),
    )
    for (const row of batch)
      found.push([row.id, toWriteState(row.write_state, row.write_error, row.write_theirs)])
    last = batch.at(-1)?.id ?? 0
    if (batch.length < BATCH_SIZE) return found
  }
}
