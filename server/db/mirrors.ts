import { z } from 'zod'
import type { ErrorCode } from '#shared/schemas/error'
import { ErrorCodeSchema } from '#shared/schemas/error'
import type { Mirror, MirrorResult, MirrorState } from '#shared/schemas/mirror'
import { MirrorResultSchema } from '#shared/schemas/mirror'
import type { Db } from './client'
import { done, rows } from './client'

/** A mirror as the server works with it. */
export interface MirrorRecord {
  id: number
  userId: string
  listId: number
  connectionId: number
  parentPageId: string
  title: string
  /** Stands in the description of its database. */
  marker: string
  /** Somebody has tried to make the database, and what came of it is not known. */
  createAttempted: boolean
  databaseId: string | null
  dataSourceId: string | null
  /** Ids of the columns by our names for them, as they were stored. */
  columns: unknown
  tickBack: boolean
  /** Whom Notion takes us for when we write. */
  writers: string[]
  /** The run under way compares everything. */
  full: boolean
  lastFullAt: string | null
  readUntil: string | null
}

const RECORD_COLUMNS =
  `id, user_id, list_id, connection_id, parent_page_id, title, marker, create_attempted_at, notion_database_id,
  data_source_id, columns, tick_back, writers, run_full, last_full_at, read_until` as const

const VIEW_COLUMNS =
  `id, list_id, connection_id, parent_page_id, parent_title, url, state, tick_back, run_state, rows_done, rows_total,
  result, error_code, last_run_at, last_sync_date,
  link:notion_access_token_user!inner (deleted_at, token:notion_access_token!inner (status, workspace_name))` as const

/**
 * Makes the mirror of a list.
 *
 * @returns null when list or connection are not this user's, or the connection has ended; `created` is false when
 * the list has one already
 * @throws {DatabaseError}
 */
export async function createMirror(
  db: Db,
  request: {
    userId: string
    listId: number
    connectionId: number
    parent: { id: string; title: string }
    tickBack: boolean
  },
): Promise<{ id: number; created: boolean } | null> {
  const found = rows(
    'mirrors.create',
    await db.rpc('create_mirror', {
      p_user: request.userId,
      p_list: request.listId,
      p_connection: request.connectionId,
      p_parent: request.parent.id,
      p_parent_title: request.parent.title,
      p_tick_back: request.tickBack,
    }),
  )[0]
  return found ? { id: found.mirror_id, created: found.created } : null
}

/** A user's mirrors, or one of them, those that were stopped left out. @throws {DatabaseError} */
export async function listMirrors(db: Db, userId: string, id?: number): Promise<Mirror[]> {
  let query = db
    .from('mirror')
    .select(VIEW_COLUMNS)
    .eq('user_id', userId)
    .neq('state', 'stopped')
    .not('list_id', 'is', null)
    .order('id')
  if (id !== undefined) query = query.eq('id', id)
  return rows('mirrors.list', await query).map(toMirror)
}

/** What a run, or the end of a mirror, works with; null when it is over. @throws {DatabaseError} */
export async function findMirror(db: Db, id: number, userId?: string): Promise<MirrorRecord | null> {
  let query = db.from('mirror').select(RECORD_COLUMNS).eq('id', id).neq('state', 'stopped')
  if (userId !== undefined) query = query.eq('user_id', userId)
  const row = rows('mirrors.find', await query)[0]
  if (!row || row.list_id === null) return null
  return {
    id: row.id,
    userId: row.user_id,
    listId: row.list_id,
    connectionId: row.connection_id,
    parentPageId: row.parent_page_id,
    title: row.title,
    marker: row.marker,
    createAttempted: row.create_attempted_at !== null,
    databaseId: row.notion_database_id,
    dataSourceId: row.data_source_id,
    columns: row.columns,
    tickBack: row.tick_back,
    writers: row.writers,
    full: row.run_full,
    lastFullAt: row.last_full_at,
    readUntil: row.read_until,
  }
}

/** @returns whether there was such a mirror of this user @throws {DatabaseError} */
export async function setTickBack(db: Db, userId: string, id: number, tickBack: boolean): Promise<boolean> {
  const changed = rows(
    'mirrors.setTickBack',
    await db
      .from('mirror')
      .update({ tick_back: tickBack })
      .eq('user_id', userId)
      .eq('id', id)
      .neq('state', 'stopped')
      .select('id'),
  )
  return changed.length > 0
}

/** Ends a mirror; its row stays, so that its database is not taken for a source. @throws {DatabaseError} */
export async function stopMirror(db: Db, userId: string, id: number): Promise<void> {
  const ended = { state: 'stopped', run_state: 'idle', run_id: null, worker: null, again: false }
  done('mirrors.stop', await db.from('mirror').update(ended).eq('user_id', userId).eq('id', id))
}

interface ViewRow {
  id: number
  list_id: number | null
  connection_id: number
  parent_page_id: string
  parent_title: string
  url: string | null
  state: string
  tick_back: boolean
  run_state: string
  rows_done: number
  rows_total: number
  result: unknown
  error_code: string | null
  last_run_at: string | null
  last_sync_date: string | null
  link: { deleted_at: string | null; token: { status: string; workspace_name: string | null } }
}

function toMirror(row: ViewRow): Mirror {
  const state = toState(row)
  return {
    id: row.id,
    // Those without a list are not asked for.
    listId: row.list_id ?? 0,
    workspace: { connectionId: row.connection_id, name: row.link.token.workspace_name ?? '' },
    parent: { id: row.parent_page_id, title: row.parent_title },
    url: row.url,
    state,
    progress: state === 'running' ? { done: row.rows_done, total: row.rows_total } : null,
    result: toResult(row.result),
    code: toCode(row.error_code),
    lastRunAt: row.last_run_at,
    lastSyncDate: row.last_sync_date,
    tickBack: row.tick_back,
  }
}

function toState(row: ViewRow): MirrorState {
  const isUsable = row.link.deleted_at === null && ['connected', 'expired'].includes(row.link.token.status)
  if (!isUsable) return 'paused'
  if (row.state === 'missing') return 'missing'
  if (row.run_state === 'running') return 'running'
  if (row.run_state === 'queued') return 'waiting'
  return row.error_code === null ? 'ready' : 'failed'
}

function toResult(stored: unknown): MirrorResult | null {
  const parsed = MirrorResultSchema.safeParse(stored)
  return parsed.success ? parsed.data : null
}

function toCode(code: string | null): ErrorCode | null {
  return ErrorCodeSchema.nullable().catch('INTERNAL').parse(code)
}

export const MirrorReportSchema = z.strictObject({
  tickedBack: z.number(),
  conflicts: z.number(),
  errors: z.array(z.strictObject({ code: ErrorCodeSchema, count: z.number() })),
  /** Rows put into the trash that are not in the map. */
  doubles: z.number(),
})
/** What a run says of itself, besides what the map tells. */
export type MirrorReport = z.infer<typeof MirrorReportSchema>
