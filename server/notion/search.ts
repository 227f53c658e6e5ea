import type { Client } from '@notionhq/client'
import { isFullDatabase } from '@notionhq/client'
import { z } from 'zod'
import { getIcon, getProperties, getTitle } from './data-source'
import { NotionError, toNotionError } from './errors'
import { ReplyIdSchema, ReplyTimeSchema } from './fields'
import { PAGE_SIZE, readList } from './pagination'
import type { DataSourceSummary } from './reading'

export interface FoundDataSources {
  /** Newest first. */
  dataSources: DataSourceSummary[]
  /** `false` when Notion ended the list before its end. Even a complete one may lag behind what was just shared. */
  complete: boolean
}

/**
 * Every data source the connection can read, over all pages of Notion's search; `query` matches titles.
 * @throws NotionError
 */
export async function searchDataSources(
  client: Client,
  options: { query?: string; signal?: AbortSignal } = {},
): Promise<FoundDataSources> {
  const { query, signal } = options
  const { items, ended } = await readList(
    (cursor) =>
      client.search({
        ...(query ? { query } : {}),
        filter: { property: 'object', value: 'data_source' },
        sort: { timestamp: 'last_edited_time', direction: 'descending' },
        page_size: PAGE_SIZE,
        ...(cursor === undefined ? {} : { start_cursor: cursor }),
      }),
    { signal },
  )
  const dataSources: DataSourceSummary[] = []
  let complete = ended === 'complete'
  for (const item of items) {
    if (item.object !== 'data_source' || isTrashed(item)) continue
    // Search may answer with ids alone; the rest is asked for then.
    const summary = toSummary(item) ?? (await retrieveIfShared(client, item.id))
    if (summary) dataSources.push(summary)
    else complete = false
  }
  dataSources.sort((one, other) => Date.parse(other.lastEditedTime) - Date.parse(one.lastEditedTime))
  return { dataSources, complete }
}

/**
 * One data source, fresh from Notion.
 * @throws NotionError `not_found` when it is gone or not shared
 */
export async function retrieveDataSource(client: Client, dataSourceId: string): Promise<DataSourceSummary> {
  const summary = await retrieveIfShared(client, dataSourceId)
  if (!summary) throw new NotionError('not_found', { status: 404 })
  return summary
}

/**
 * The data sources an id stands for: the id of a database (also one from before databases could hold several
 * tables, and the one in a Notion link), or of a data source itself.
 * @throws NotionError `not_found` when it is neither, or not shared
 */
export async function resolveDatabaseId(
  client: Client,
  id: string,
): Promise<{ databaseId: string; dataSourceIds: string[] }> {
  try {
    const database = await client.databases.retrieve({ database_id: id })
    if (!isFullDatabase(database)) throw new NotionError('invalid_reply')
    return { databaseId: database.id, dataSourceIds: database.data_sources.map((source) => source.id) }
  } catch (cause) {
    const error = toNotionError(cause)
    // Notion answers 400 rather than 404 when the id names a thing of another kind.
    if (error.kind !== 'not_found' && error.kind !== 'invalid_request') throw error
  }
  const { databaseId, dataSourceId } = await retrieveDataSource(client, id)
  return { databaseId, dataSourceIds: [dataSourceId] }
}

async function retrieveIfShared(client: Client, id: string): Promise<DataSourceSummary | null> {
  try {
    const summary = toSummary(await client.dataSources.retrieve({ data_source_id: id }))
    if (summary) return summary
    throw new NotionError('invalid_reply')
  } catch (cause) {
    const error = toNotionError(cause)
    if (error.kind === 'not_found') return null
    throw error
  }
}

const DataSourceSchema = z.looseObject({
  id: ReplyIdSchema,
  parent: z.looseObject({ database_id: ReplyIdSchema }),
  url: z.string().catch(''),
  last_edited_time: ReplyTimeSchema,
  properties: z.record(z.string(), z.unknown()),
})

/** What the choice of databases shows of a data source; `null` when it is not a full one. */
function toSummary(value: object): DataSourceSummary | null {
  const parsed = DataSourceSchema.safeParse(value)
  if (!parsed.success) return null
  const { id, parent, url, last_edited_time: lastEditedTime } = parsed.data
  return {
    dataSourceId: id,
    databaseId: parent.database_id,
    name: getTitle(value),
    icon: getIcon(value),
    url,
    lastEditedTime,
    properties: [...getProperties(value).values()],
    raw: { ...value },
  }
}

function isTrashed(value: object): boolean {
  return 'in_trash' in value && value.in_trash === true
}
