import type { Db } from '../../server/db/client.ts'
import type { Sql } from '../../server/db/pool.ts'
import type { ClaimedTick } from '../../server/db/todo-changes.ts'
import { claimTicks, recordChanges } from '../../server/db/todo-changes.ts'

/** One click of a person, as the route records it. @returns whether it was taken */
export async function recordTick(
  sql: Sql,
  userId: string,
  notionId: string,
  checked: boolean,
): Promise<boolean> {
  const changes = [{ id: notionId, checked }]
  const { accepted } = await recordChanges(sql, { userId, changes, source: 'list' })
  return accepted.length > 0
}

/** Takes what is to be sent, whether it is single or one of many. */
export function claimAny(
  db: Db,
  connectionId: number,
  limit: number,
  worker?: number,
): Promise<ClaimedTick[]> {
  return claimTicks(db, connectionId, { all: limit, bulk: limit }, worker)
}
