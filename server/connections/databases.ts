import type { SearchNotionReply } from '#shared/schemas/database'
import type { Json } from '#shared/types/database.types'
import type { AppContext } from '#server/context'
import type { Db } from '#server/db/client'
import type { Connection } from '#server/db/connections'
import { listConnections } from '#server/db/connections'
import type { DatabaseRecord } from '#server/db/databases'
import { cacheDatabases, listDatabases } from '#server/db/databases'
import { AppError } from '#server/errors/app-error'
import { toAppError } from '#server/errors/to-app-error'
import { suggestCounting } from '#server/notion/counting'
import type { DataSourceSummary } from '#server/notion/reading'
import { searchDataSources } from '#server/notion/search'
import { describeError } from '#server/logging/logger'
import { renewChoices } from './counting'
import { withConnection } from './vault'

/**
 * Right after connecting, Notion's search may not know yet what was shared, or only a part (notion-api.md §3). Nothing
 * at all is doubted for longer than little: somebody may have shared just one database.
 */
const EMPTY_WINDOW_MS = 10 * 60_000
const FEW_WINDOW_MS = 60_000
const FEW = 1

/**
 * Reads every data source a connection can see into the cache.
 *
 * @throws {NotionError | AppError | DatabaseError}
 */
export async function refreshDatabases(context: AppContext, connectionId: number): Promise<void> {
  await withConnection(context, connectionId, 'interactive', async ({ client }) => {
    const { dataSources } = await searchDataSources(client)
    await cacheDatabases(context.db, connectionId, dataSources.map(toRecord))
    await renewChoices(context, connectionId)
  })
}

/**
 * The databases a person can choose from: the cache, brought up to date first when asked, or when empty.
 * A workspace that cannot be refreshed keeps its cached part and is named as stale.
 *
 * @param userDb sees only the user's own rows
 * @throws {AppError} NOTION_NOT_CONNECTED; or Notion's refusal when there is nothing cached to show instead
 */
export async function searchNotion(
  context: AppContext,
  userDb: Db,
  request: { userId: string; query?: string; refresh: boolean },
): Promise<SearchNotionReply> {
  const connections = await listConnections(userDb, request.userId)
  // What was kept when a workspace was disconnected goes on having a name.
  const cached = request.refresh && connections.length > 0 ? [] : await listDatabases(userDb, request.userId)
  if (connections.length === 0 && cached.length === 0) throw new AppError('NOTION_NOT_CONNECTED')
  const outdated = connections.filter(
    ({ id }) => request.refresh || !cached.some(({ workspace }) => workspace.connectionId === id),
  )
  const problems = await refreshAll(context, outdated)
  const databases = outdated.length === 0 ? cached : await listDatabases(userDb, request.userId)
  const first = problems[0]
  if (first && databases.length === 0) throw first.error
  return {
    databases: databases.filter(({ name }) => matches(name, request.query)),
    stale: problems.map(({ connectionId, error }) => ({ connectionId, code: error.code })),
    indexing: problems.length === 0 && connections.some((connection) => isIndexing(connection, databases)),
  }
}

async function refreshAll(
  context: AppContext,
  connections: Connection[],
): Promise<{ connectionId: number; error: AppError }[]> {
  const outcomes = await Promise.all(
    connections.map(async ({ id }) => {
      try {
        await refreshDatabases(context, id)
        return []
      } catch (cause) {
        context.log.warn({ event: 'databases.refresh_failed', connectionId: id, ...describeError(cause) })
        return [{ connectionId: id, error: toSearchFailure(cause) }]
      }
    }),
  )
  return outcomes.flat()
}

/** A search names no object, so there is none that could be missing: the answer itself is wrong then. */
function toSearchFailure(cause: unknown): AppError {
  const failure = toAppError(cause)
  return failure.code === 'NOTION_BLOCK_NOT_FOUND' ? new AppError('NOTION_API_ERROR', { cause }) : failure
}

function isIndexing(connection: Connection, databases: SearchNotionReply['databases']): boolean {
  const age = Date.now() - Date.parse(connection.connectedAt)
  const found = databases.filter(({ workspace }) => workspace.connectionId === connection.id).length
  if (found === 0) return age < EMPTY_WINDOW_MS
  return found <= FEW && age < FEW_WINDOW_MS
}

function matches(name: string, query: string | undefined): boolean {
  return !query || name.toLocaleLowerCase().includes(query.trim().toLocaleLowerCase())
}

function toRecord(source: DataSourceSummary): DatabaseRecord {
  const counting = suggestCounting(source.properties)
  return {
    notionDatabaseId: source.databaseId,
    dataSourceId: source.dataSourceId,
    name: source.name,
    icon: source.icon,
    url: source.url,
    // Parsed from JSON, so it is JSON.
    metadata: source.raw as Json,
    lastEditedTime: source.lastEditedTime,
    counts: { boxes: counting.boxes, rows: counting.rows },
    doneProperty: counting.doneProperty,
  }
}
