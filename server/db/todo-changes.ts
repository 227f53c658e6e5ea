import type { DoneProperty } from '#shared/schemas/database'
import { DonePropertySchema } from '#shared/schemas/database'
import type { ErrorCode } from '#shared/schemas/error'
import { TodoKindSchema } from '#shared/schemas/todo'
import type { Db } from './client'
import { done, rows } from './client'

/** A tick on its way to Notion. */
export interface ClaimedTick {
  changeId: number
  notionId: string
  kind: 'block' | 'row'
  checked: boolean
  /** This attempt included. */
  attempts: number
  doneProperty: DoneProperty | null
}

/**
 * Makes a tick durable: history, outbox and cached state in one transaction.
 *
 * @returns the connection that has to send it; null when the to-do is not the user's to tick
 * @throws {DatabaseError}
 */
export async function recordTick(
  db: Db,
  userId: string,
  notionId: string,
  checked: boolean,
): Promise<{ connectionId: number } | null> {
  const recorded = rows(
    'todoChanges.record',
    await db.rpc('record_tick', { p_user: userId, p_notion_id: notionId, p_checked: checked }),
  )[0]
  return recorded ? { connectionId: recorded.connection_id } : null
}

/** Takes unsent ticks of a connection, oldest first, one per to-do. @throws {DatabaseError} */
export async function claimTicks(db: Db, connectionId: number, limit: number): Promise<ClaimedTick[]> {
  const claimed = rows(
    'todoChanges.claim',
    await db.rpc('claim_ticks', { p_connection: connectionId, p_limit: limit }),
  )
  return claimed.map((row) => ({
    changeId: row.change_id,
    notionId: row.notion_id,
    kind: TodoKindSchema.parse(row.kind),
    checked: row.checked,
    attempts: row.attempts,
    doneProperty: DonePropertySchema.nullable().parse(row.done_property),
  }))
}

/**
 * Records how an attempt ended; `pending` puts it back for a later one, unless the person has changed their
 * mind since. Ignored when the change was given to another sender meanwhile.
 *
 * @throws {DatabaseError}
 */
export async function finishTick(
  db: Db,
  { changeId, attempts }: Pick<ClaimedTick, 'changeId' | 'attempts'>,
  outcome: { state: 'saved' } | { state: 'pending' } | { state: 'failed'; code: ErrorCode },
): Promise<void> {
  done(
    'todoChanges.finish',
    await db.rpc('finish_tick', {
      p_change: changeId,
      p_attempt: attempts,
      p_state: outcome.state,
      p_error: outcome.state === 'failed' ? outcome.code : undefined,
    }),
  )
}

/** Connections with unsent ticks. @throws {DatabaseError} */
export async function listConnectionsWithOpenTicks(db: Db): Promise<number[]> {
  const found = rows(
    'todoChanges.open',
    await db.from('todo_change').select('connection_id').in('state', ['pending', 'sending']),
  )
  return [...new Set(found.map((row) => row.connection_id))]
}
