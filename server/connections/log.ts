import type { ConnectionLogReply } from '#shared/schemas/connection'
import type { Db } from '#server/db/client'
import { isOwnConnection } from '#server/db/connections'
import { listConnectionEvents } from '#server/db/connection-health'
import { AppError } from '#server/errors/app-error'

const ENTRIES_SHOWN = 100

/**
 * What happened to a connection, newest first: codes only.
 *
 * @param userDb sees only the user's own rows
 * @throws {AppError} NOT_FOUND when it is not this user's
 * @throws {DatabaseError}
 */
export async function readConnectionLog(
  userDb: Db,
  userId: string,
  connectionId: number,
): Promise<ConnectionLogReply['entries']> {
  if (!(await isOwnConnection(userDb, userId, connectionId))) throw new AppError('NOT_FOUND')
  return listConnectionEvents(userDb, userId, connectionId, ENTRIES_SHOWN)
}
