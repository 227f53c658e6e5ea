import type { Database, DoneProperty, Icon } from '#shared/schemas/database'
import { DonePropertySchema, IconSchema } from '#shared/schemas/database'
import type { Json } from '#shared/types/database.types'
import type { Db } from './client'
import { done, rows } from './client'

/** A data source as read from Notion, ready for the cache. */
export interface DatabaseRecord {
  notionDatabaseId: string
  dataSourceId: string
  name: string
  icon: Icon | null
  url: string
  metadata: Json
  lastEditedTime: string
  counts: { boxes: boolean; rows: boolean }
  doneProperty: DoneProperty | null
}

/** A cached data source that some list reads. */
export interface SelectedDatabase {
  id: number
  dataSourceId: string
  countsBoxes: boolean
  countsRows: boolean
  doneProperty: DoneProperty | null
}

const DATABASE_COLUMNS = `data_source_id, notion_database_id, name, icon, url, last_edited_time, access,
  count_boxes, count_rows, done_property, connection_id,
  link:notion_access_token_user!inner (deleted_at, token:notion_access_token!inner (workspace_name))` as const

/** Writes what Notion answered; a person's own choice of what counts outlives it. @throws {DatabaseError} */
export async function cacheDatabases(db: Db, connectionId: number, found: DatabaseRecord[]): Promise<void> {
  done(
    'databases.cache',
    await db.rpc('cache_databases', {
      p_connection: connectionId,
      p_databases: found.map((database) => ({
        notion_database_id: database.notionDatabaseId,
        data_source_id: database.dataSourceId,
        name: database.name,
        icon: database.icon,
        url: database.url,
        metadata: database.metadata,
        last_edited_time: database.lastEditedTime,
        count_boxes: database.counts.boxes,
        count_rows: database.counts.rows,
        done_property: database.doneProperty,
      })),
    }),
  )
}

/**
 * The cached data sources of a user's connections, last edited first: of live ones, and (not to be read any
 * more, but still named) of those whose lists were kept when they ended. @throws {DatabaseError}
 */
export async function listDatabases(db: Db, userId: string, connectionId?: number): Promise<Database[]> {
  let query = db
    .from('notion_database')
    .select(DATABASE_COLUMNS)
    .eq('user_id', userId)
    .or('deleted_at.is.null,frozen_at.not.is.null', { referencedTable: 'link' })
    .order('last_edited_time', { ascending: false, nullsFirst: false })
    .order('id')
  if (connectionId !== undefined) query = query.eq('connection_id', connectionId)
  return rows('databases.list', await query).map((row) => ({
    id: row.data_source_id,
    notionDatabaseId: row.notion_database_id,
    name: row.name,
    icon: IconSchema.nullable().parse(row.icon),
    url: row.url,
    workspace: { connectionId: row.connection_id, name: row.link.token.workspace_name ?? '' },
    lastEditedTime: row.last_edited_time,
    accessible: row.access === 'ok' && row.link.deleted_at === null,
    counts: { boxes: row.count_boxes, rows: row.count_rows },
    doneProperty: DonePropertySchema.nullable().parse(row.done_property),
  }))
}

/** A cached data source with what it counts, and with Notion's own object, which says what could count. */
export interface CountedDatabase {
  id: number
  connectionId: number
  dataSourceId: string
  metadata: unknown
  counting: { boxes: boolean; rows: boolean; doneProperty: DoneProperty | null }
}

const COUNTED_COLUMNS = `id, connection_id, data_source_id, metadata, count_boxes, count_rows, done_property,
  link:notion_access_token_user!inner (deleted_at)` as const

/** A user's data source as it can be read now; undefined when there is none, or its workspace is disconnected. @throws {DatabaseError} */
export async function findCountedDatabase(
  db: Db,
  userId: string,
  dataSourceId: string,
): Promise<CountedDatabase | undefined> {
  const found = await db
    .from('notion_database')
    .select(COUNTED_COLUMNS)
    .eq('user_id', userId)
    .eq('data_source_id', dataSourceId)
    .is('link.deleted_at', null)
  return rows('databases.counted', found).map(toCounted)[0]
}

/** The data sources of a connection whose counting is somebody's own choice. @throws {DatabaseError} */
export async function listCustomisedDatabases(db: Db, connectionId: number): Promise<CountedDatabase[]> {
  const found = await db
    .from('notion_database')
    .select(COUNTED_COLUMNS)
    .eq('connection_id', connectionId)
    .eq('customised', true)
  return rows('databases.customised', found).map(toCounted)
}

/** @param isChosen by a person: then it outlives a refresh. @throws {DatabaseError} */
export async function setCounting(
  db: Db,
  databaseId: number,
  { boxes, rows: countsRows, doneProperty }: CountedDatabase['counting'],
  isChosen: boolean,
): Promise<void> {
  const change = {
    count_boxes: boxes,
    count_rows: countsRows,
    done_property: doneProperty,
    customised: isChosen,
  }
  done('databases.setCounting', await db.from('notion_database').update(change).eq('id', databaseId))
}

function toCounted(row: {
  id: number
  connection_id: number
  data_source_id: string
  metadata: unknown
  count_boxes: boolean
  count_rows: boolean
  done_property: unknown
}): CountedDatabase {
  return {
    id: row.id,
    connectionId: row.connection_id,
    dataSourceId: row.data_source_id,
    metadata: row.metadata,
    counting: {
      boxes: row.count_boxes,
      rows: row.count_rows,
      doneProperty: DonePropertySchema.nullable().parse(row.done_property),
    },
  }
}

/** Notion no longer lets the connection read it, or does again. Cached to-dos stay. @throws {DatabaseError} */
export async function setDatabaseAccess(db: Db, databaseId: number, access: 'ok' | 'lost'): Promise<void> {
  done('databases.setAccess', await db.from('notion_database').update({ access }).eq('id', databaseId))
}
