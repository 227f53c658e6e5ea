import type { ConnectionLogReply } from '#shared/schemas/connection'
import { ConnectionLogReplySchema } from '#shared/schemas/connection'
import type { ErrorCode } from '#shared/schemas/error'
import type { Db } from './client'
import { done, rows } from './client'

/** Live connections that nobody has asked after for hours, longest first. @throws {DatabaseError} */
export async function listConnectionsToProbe(db: Db, limit: number): Promise<number[]> {
  return rows('health.due', await db.rpc('connections_to_probe', { p_limit: limit }))
}

/** Writes down how a probe went. @param code why it failed; null when it did not @throws {DatabaseError} */
export async function recordProbe(db: Db, connectionId: number, code: ErrorCode | null): Promise<void> {
  done(
    'health.record',
    await db.rpc('record_probe', { p_connection: connectionId, p_code: code ?? undefined }),
  )
}

/** What happened to a connection, newest first. Works under row level security. @throws {DatabaseError} */
export async function listConnectionEvents(
  db: Db,
  userId: string,
  connectionId: number,
  limit: number,
): Promise<ConnectionLogReply['entries']> {
  const found = rows(
    'health.events',
    await db
      .from('integration_logs')
      .select('created_at, event, outcome, code')
      .eq('user_id', userId)
      .eq('connection_id', connectionId)
      .order('id', { ascending: false })
      .limit(limit),
  )
  return ConnectionLogReplySchema.shape.entries.parse(
    found.map(({ created_at: at, event, outcome, code }) => ({ at, event, outcome, code })),
  )
}
