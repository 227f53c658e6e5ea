import { randomUUID } from 'node:crypto'
import type { Db } from '../../server/db/client.ts'
import type { Database, Tables, TablesInsert, TablesUpdate } from '../../shared/types/database.types.ts'
import { fakeCiphertext } from '../support/database.ts'

export type TableName = keyof Database['public']['Tables']

/** The rows of one person, as far as they exist. */
export type World = { userId: string } & { [Name in TableName]?: Tables<Name> }

interface Fixture<Name extends TableName> {
  /** A row for the owner of this world, which refers to rows of the tables named above it. */
  row: (world: World) => TablesInsert<Name>
  /** A change that somebody with a right to it could make. */
  change: TablesUpdate<Name>
  /** The sign-up makes the row. */
  isMadeBySignUp?: true
}

/** The id of a row that must exist by now. */
function idIn(world: World, name: TableName): number {
  const row: Record<string, unknown> | undefined = world[name]
  if (typeof row?.id !== 'number') throw new Error(`the fixture of ${name} has to come first`)
  return row.id
}

/** One row for every table. A table that is missing here fails the matrix, by name. */
export const FIXTURES: { [Name in TableName]: Fixture<Name> } = {
  profiles: {
    row: ({ userId }) => ({ id: userId }),
    change: { time_zone: 'Europe/Berlin' },
    isMadeBySignUp: true,
  },
  oauth_states: {
    row: ({ userId }) => ({
      user_id: userId,
      state_hash: randomUUID(),
      provider: 'notion',
      redirect_uri: 'http://localhost:3000/connect-notion',
      return_to: '/',
      browser_hash: randomUUID(),
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    }),
    change: { return_to: '/databases' },
  },
  notion_access_token: {
    row: ({ userId }) => ({
      user_id: userId,
      bot_id: randomUUID(),
      access_token: fakeCiphertext(),
      refresh_token: fakeCiphertext(),
      token_fingerprint: `fingerprint-${randomUUID()}`,
      key_id: `key-${randomUUID()}`,
      token_type: 'bearer',
      workspace_id: randomUUID(),
      request_id: randomUUID(),
      owner: { user: { name: `owner-${randomUUID()}` } },
    }),
    change: { status: 'expired' },
  },
  notion_access_token_user: {
    row: (world) => ({
      user_id: world.userId,
      token_id: idIn(world, 'notion_access_token'),
      workspace_id: randomUUID(),
    }),
    change: { deleted_at: '2026-01-01T00:00:00Z' },
  },
  integration_logs: {
    row: (world) => ({
      user_id: world.userId,
      connection_id: idIn(world, 'notion_access_token_user'),
      event: 'connect',
      outcome: 'ok',
    }),
    change: { code: 'CONFLICT' },
  },
  notion_database: {
    row: (world) => ({
      user_id: world.userId,
      connection_id: idIn(world, 'notion_access_token_user'),
      notion_database_id: randomUUID(),
      data_source_id: randomUUID(),
    }),
    change: { name: 'Renamed' },
  },
  todo_list: { row: ({ userId }) => ({ user_id: userId, name: 'Home' }), change: { name: 'Renamed' } },
  todo_list_source: {
    row: (world) => ({
      user_id: world.userId,
      list_id: idIn(world, 'todo_list'),
      database_id: idIn(world, 'notion_database'),
    }),
    change: { position: 1 },
  },
  integration_sync_jobs: {
    row: (world) => ({ user_id: world.userId, connection_id: idIn(world, 'notion_access_token_user') }),
    change: { state: 'done' },
  },
  page: {
    row: (world) => ({
      user_id: world.userId,
      connection_id: idIn(world, 'notion_access_token_user'),
      database_id: idIn(world, 'notion_database'),
      notion_page_id: randomUUID(),
      url: 'https://www.notion.so/a-page',
    }),
    change: { title: 'Renamed' },
  },
  todo: {
    row: (world) => ({
      user_id: world.userId,
      connection_id: idIn(world, 'notion_access_token_user'),
      database_id: idIn(world, 'notion_database'),
      page_id: idIn(world, 'page'),
      notion_id: randomUUID(),
      kind: 'block',
      checked: false,
      seq: 1,
    }),
    change: { checked: true },
  },
  dirty_page: {
    row: (world) => ({
      user_id: world.userId,
      connection_id: idIn(world, 'notion_access_token_user'),
      notion_page_id: randomUUID(),
    }),
    change: { marked_at: '2026-01-01T00:00:00Z' },
  },
  sync_schedule: {
    row: (world) => ({ user_id: world.userId, connection_id: idIn(world, 'notion_access_token_user') }),
    change: { failures: 3 },
  },
  todo_change: {
    row: (world) => ({
      user_id: world.userId,
      connection_id: idIn(world, 'notion_access_token_user'),
      todo_id: idIn(world, 'todo'),
      before_checked: false,
      after_checked: true,
    }),
    change: { state: 'saved' },
  },
  removed_todo: {
    row: (world) => ({ user_id: world.userId, todo_id: idIn(world, 'todo'), seq: 2 }),
    change: { seq: 3 },
  },
  mirror: {
    row: (world) => ({
      user_id: world.userId,
      list_id: idIn(world, 'todo_list'),
      connection_id: idIn(world, 'notion_access_token_user'),
      parent_page_id: randomUUID(),
      title: 'Everything',
    }),
    change: { tick_back: true },
  },
  mirror_row: {
    row: (world) => ({ user_id: world.userId, mirror_id: idIn(world, 'mirror'), todo_id: randomUUID() }),
    change: { checked: true },
  },
  saved_view: {
    row: ({ userId }) => ({
      user_id: userId,
      name: 'Mine',
      query: '@me',
      group_by: 'page',
      sort_by: 'due',
      show: 'open',
    }),
    change: { name: 'Renamed' },
  },
  list_rule: {
    row: (world) => ({ user_id: world.userId, page_id: idIn(world, 'page'), effect: 'hide' }),
    change: { effect: 'show' },
  },
  calendar_feed: {
    row: (world) => ({
      user_id: world.userId,
      view_id: idIn(world, 'saved_view'),
      token_hash: randomUUID(),
      contains: 'both',
      locale: 'en',
      time_zone: 'UTC',
    }),
    change: { contains: 'events' },
  },
  account_deletion: {
    row: ({ userId }) => ({ user_id: userId }),
    change: { requested_at: '2026-01-01T00:00:00Z' },
  },
  token_revocation: {
    row: () => ({ id: randomUUID(), provider: 'notion', sealed_token: fakeCiphertext(), key_id: 'test-key' }),
    change: { attempts: 1 },
  },
}

export const TABLE_NAMES = Object.keys(FIXTURES) as TableName[]

/** Primary keys other than `id`. */
const KEYS: Partial<Record<TableName, readonly string[]>> = {
  todo_list_source: ['list_id', 'database_id'],
  dirty_page: ['connection_id', 'notion_page_id'],
  removed_todo: ['user_id', 'todo_id'],
  mirror_row: ['mirror_id', 'todo_id'],
  account_deletion: ['user_id'],
  sync_schedule: ['connection_id'],
}

/** Tables that name nobody: their rows outlive the account they came from. */
const OWNERLESS: readonly TableName[] = ['token_revocation']

/** The column that says whose row it is; null where nothing does. */
export function ownerColumn(name: TableName): 'id' | 'user_id' | null {
  if (OWNERLESS.includes(name)) return null
  return name === 'profiles' ? 'id' : 'user_id'
}

/** What selects one row of a table. */
export function keyOf(name: TableName, world: World): Record<string, string | number> {
  const row: Record<string, unknown> | undefined = world[name]
  return Object.fromEntries(
    (KEYS[name] ?? ['id']).map((column) => {
      const value = row?.[column]
      if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`${name} has no ${column}`)
      return [column, value]
    }),
  )
}

/** A row in every table for somebody who has just signed up. @param db the service role's client */
export async function makeWorld(db: Db, userId: string): Promise<World> {
  const world: World = { userId }
  for (const name of TABLE_NAMES) {
    const { row, isMadeBySignUp } = FIXTURES[name]
    const table = db.from(name)
    const query = isMadeBySignUp
      ? table.select().match({ id: userId })
      : table.insert(row(world) as never).select()
    const { data, error } = await query.single()
    if (error) throw new Error(`${name}: ${error.message}`)
    Object.assign(world, { [name]: data })
  }
  return world
}
