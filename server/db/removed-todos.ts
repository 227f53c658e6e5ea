import type { Db } from './client'
import { rows } from './client'

/** PostgREST answers at most this many rows a request. */
const BATCH_SIZE = 1_000

/** Ids of to-dos whose rows are gone since; deltas name them, whatever list they were in. @throws {DatabaseError} */
export async function listRemovedTodos(db: Db, userId: string, since: number): Promise<number[]> {
  const removed: number[] = []
  for (let after = 0; ;) {
    const batch = rows(
      'todos.removed',
      await db
        .from('removed_todo')
        .select('todo_id')
        .eq('user_id', userId)
        .gt('seq', since)
        .gt('todo_id', after)
        .order('todo_id')
        .limit(BATCH_SIZE),
    )
    removed.push(...batch.map((row) => row.todo_id))
    const last = batch.at(-1)
    if (!last || batch.length < BATCH_SIZE) return removed
    after = last.todo_id
  }
}
