import { isAuthApiError } from '@supabase/supabase-js'
import type { PostgrestError } from '@supabase/supabase-js'
import type { Db } from './client'
import { DatabaseError, rows } from './client'

/** PostgREST answers at most this many rows a request. */
const BATCH_SIZE = 1_000

/** The row of auth.users, as Supabase tells it. */
export interface AccountRecord {
  id: string
  email: string | null
  createdAt: string
  lastSignInAt: string | null
}

/** @throws {DatabaseError} */
export async function readAccount(db: Db, userId: string): Promise<AccountRecord | null> {
  const { data, error } = await db.auth.admin.getUserById(userId)
  if (isAuthApiError(error) && error.status === 404) return null
  if (error) throw new DatabaseError('export.account', error.code ?? 'unreachable')
  const { id, email, created_at: createdAt, last_sign_in_at: lastSignInAt } = data.user
  return { id, email: email ?? null, createdAt, lastSignInAt: lastSignInAt ?? null }
}

/**
 * Every row of a user, table by table. Columns are named one by one: ciphertext, fingerprints, hashes, key ids
 * and leases are none of them, since they tell about our locks and not about the person.
 */
export const EXPORTED_TABLES = {
  profiles: async (db: Db, userId: string) =>
    rows(
      'export.profiles',
      await db
        .from('profiles')
        .select('locale, time_zone, settings, created_at, updated_at')
        .eq('id', userId),
    ),
  account_deletion: async (db: Db, userId: string) =>
    rows('export.deletion', await db.from('account_deletion').select('requested_at').eq('user_id', userId)),
  oauth_states: (db: Db, userId: string) =>
    all('export.states', (after) =>
      db
        .from('oauth_states')
        .select('id, provider, redirect_uri, return_to, created_at, expires_at, consumed_at')
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    ),
  notion_access_token: (db: Db, userId: string) =>
    all('export.tokens', (after) =>
      db
        .from('notion_access_token')
        .select(
          `id, provider, kind, bot_id, token_type, workspace_id, workspace_name, workspace_icon, request_id,
          owner, duplicated_template_id, status, disconnect_reason, expires_at, disconnected_at, deleted_at,
          last_probed_at, created_at, updated_at`,
        )
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    ),
  notion_access_token_user: (db: Db, userId: string) =>
    all('export.connections', (after) =>
      db
        .from('notion_access_token_user')
        .select('id, token_id, workspace_id, created_at, updated_at, deleted_at, frozen_at')
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    ),
  notion_database: (db: Db, userId: string) =>
    all('export.databases', (after) =>
      db
        .from('notion_database')
        .select('*')
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    ),
  todo_list: (db: Db, userId: string) =>
    all('export.lists', (after) =>
      db.from('todo_list').select('*').eq('user_id', userId).gt('id', after).order('id').limit(BATCH_SIZE),
    ),
  todo_list_source: async (db: Db, userId: string) => {
    const lists = await all('export.sources', (after) =>
      db
        .from('todo_list')
        .select('id, sources:todo_list_source (list_id, database_id, position)')
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    )
    return lists.flatMap(({ sources }) => sources)
  },
  page: (db: Db, userId: string) =>
    all('export.pages', (after) =>
      db.from('page').select('*').eq('user_id', userId).gt('id', after).order('id').limit(BATCH_SIZE),
    ),
  todo: (db: Db, userId: string) =>
    all('export.todos', (after) =>
      db.from('todo').select('*').eq('user_id', userId).gt('id', after).order('id').limit(BATCH_SIZE),
    ),
  removed_todo: async (db: Db, userId: string) => {
    const found = await all('export.removals', (after) =>
      db
        .from('removed_todo')
        .select('id:todo_id, seq')
        .eq('user_id', userId)
        .gt('todo_id', after)
        .order('todo_id')
        .limit(BATCH_SIZE),
    )
    return found.map(({ id, seq }) => ({ todo_id: id, seq }))
  },
  dirty_page: async (db: Db, userId: string) => {
    const connections = await all('export.marked', (after) =>
      db
        .from('notion_access_token_user')
        .select('id')
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    )
    const marks = []
    for (const { id } of connections) marks.push(...(await marksOf(db, id)))
    return marks
  },
  todo_change: (db: Db, userId: string) =>
    all('export.changes', (after) =>
      db.from('todo_change').select('*').eq('user_id', userId).gt('id', after).order('id').limit(BATCH_SIZE),
    ),
  mirror: (db: Db, userId: string) =>
    all('export.mirrors', (after) =>
      db.from('mirror').select('*').eq('user_id', userId).gt('id', after).order('id').limit(BATCH_SIZE),
    ),
  mirror_row: async (db: Db, userId: string) => {
    const mirrors = await all('export.mirrors', (after) =>
      db.from('mirror').select('id').eq('user_id', userId).gt('id', after).order('id').limit(BATCH_SIZE),
    )
    const found = []
    for (const { id } of mirrors) found.push(...(await mirrorRowsOf(db, id)))
    return found
  },
  saved_view: (db: Db, userId: string) =>
    all('export.views', (after) =>
      db.from('saved_view').select('*').eq('user_id', userId).gt('id', after).order('id').limit(BATCH_SIZE),
    ),
  list_rule: (db: Db, userId: string) =>
    all('export.rules', (after) =>
      db.from('list_rule').select('*').eq('user_id', userId).gt('id', after).order('id').limit(BATCH_SIZE),
    ),
  calendar_feed: (db: Db, userId: string) =>
    all('export.feeds', (after) =>
      db
        .from('calendar_feed')
        .select('id, view_id, contains, locale, time_zone, expires_at, last_used_at, created_at')
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    ),
  integration_sync_jobs: (db: Db, userId: string) =>
    all('export.runs', (after) =>
      db
        .from('integration_sync_jobs')
        .select('*')
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    ),
  sync_schedule: async (db: Db, userId: string) => {
    const found = await all('export.schedule', (after) =>
      db
        .from('sync_schedule')
        .select('*, id:connection_id')
        .eq('user_id', userId)
        .gt('connection_id', after)
        .order('connection_id')
        .limit(BATCH_SIZE),
    )
    return found.map(({ id: _, ...row }) => row)
  },
  integration_logs: (db: Db, userId: string) =>
    all('export.log', (after) =>
      db
        .from('integration_logs')
        .select('*')
        .eq('user_id', userId)
        .gt('id', after)
        .order('id')
        .limit(BATCH_SIZE),
    ),
} as const

export type ExportedTable = keyof typeof EXPORTED_TABLES

/** All rows, page by page in the order of their ids, so that none is skipped or met twice meanwhile. */
async function all<Row extends { id: number }>(
  operation: string,
  batchAfter: (id: number) => PromiseLike<{ data: Row[] | null; error: PostgrestError | null }>,
): Promise<Row[]> {
  const found: Row[] = []
  for (;;) {
    const batch = rows(operation, await batchAfter(found.at(-1)?.id ?? 0))
    found.push(...batch)
    if (batch.length < BATCH_SIZE) return found
  }
}

/** The pages of a connection that are known to have changed. */
async function marksOf(db: Db, connectionId: number) {
  const found = []
  for (let after = ''; ;) {
    const batch = rows(
      'export.marks',
      await db
        .from('dirty_page')
        .select('connection_id, notion_page_id, marked_at')
        .eq('connection_id', connectionId)
        .gt('notion_page_id', after)
        .order('notion_page_id')
        .limit(BATCH_SIZE),
    )
    found.push(...batch)
    const last = batch.at(-1)
    if (!last || batch.length < BATCH_SIZE) return found
    after = last.notion_page_id
  }
}

/** The map of a mirror: which row in Notion stands for which to-do. */
async function mirrorRowsOf(db: Db, mirrorId: number) {
  const found = []
  for (let after = ''; ;) {
    const batch = rows(
      'export.mirrorRows',
      await db
        .from('mirror_row')
        .select('mirror_id, todo_id, page_id, checked, outcome, created_at, updated_at')
        .eq('mirror_id', mirrorId)
        .gt('todo_id', after)
        .order('todo_id')
        .limit(BATCH_SIZE),
    )
    found.push(...batch)
    const last = batch.at(-1)
    if (!last || batch.length < BATCH_SIZE) return found
    after = last.todo_id
  }
}
