import type { Database } from '#shared/schemas/database'
import type { AppContext } from '#server/context'
import type { Connection } from '#server/db/connections'
import { listConnections } from '#server/db/connections'
import { listDatabases } from '#server/db/databases'
import { startSyncJob } from '#server/db/sync-jobs'
import { listConnectionsRead } from '#server/db/todo-lists'
import { AppError } from '#server/errors/app-error'
import { describeError } from '#server/logging/logger'
import { retryRefused } from '#server/todos/retry-refused'
import { refreshDatabases } from './databases'

/** A workspace that has just been connected, and what can be chosen from it. */
export interface Settled {
  connection: Connection
  databases: Database[]
  /** Notion's search shows nothing yet; asking again in a moment will. */
  indexing: boolean
}

/**
 * What follows once a token is stored, however it came: ticks that the one before kept from Notion are sent, its
 * databases are read, and lists that were built on the workspace earlier are brought up to date. The connection stands whatever fails here: Notion's search can
 * fail or lag, and the page offers to ask again.
 *
 * @throws {AppError} CONFLICT when the connection was ended meanwhile
 * @throws {DatabaseError}
 */
export async function settle(context: AppContext, userId: string, connectionId: number): Promise<Settled> {
  // Nobody has to wait for it: each shows by itself when it is saved.
  void retryRefused(context, userId, connectionId)
  try {
    await refreshDatabases(context, connectionId)
    await resumeReading(context, userId, connectionId)
  } catch (cause) {
    context.log.warn({ event: 'connect.search_failed', connectionId, ...describeError(cause) })
  }
  const databases = await listDatabases(context.db, userId, connectionId)
  const connection = (await listConnections(context.db, userId)).find(({ id }) => id === connectionId)
  if (!connection) throw new AppError('CONFLICT')
  return { connection, databases, indexing: databases.length === 0 }
}

async function resumeReading(context: AppContext, userId: string, connectionId: number): Promise<void> {
  if (!(await listConnectionsRead(context.db, userId)).includes(connectionId)) return
  const started = await startSyncJob(context.db, connectionId, false)
  if (!started) return
  await context.sendJob(
    'sync-connection',
    { connectionId, jobId: started.jobId },
    { key: String(connectionId) },
  )
}
