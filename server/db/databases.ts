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

/** Notion no longer lets the connection read it, or does again. Cached to-dos stay. @throws {DatabaseError} */
export async function setDatabaseAccess(db: Db, databaseId: number, access: 'ok' | 'lost'): Promise<void> {
  done('databases.setAccess', await db.from('notion_database').update({ access }).eq('id', databaseId))
}
