import type { PostgrestError } from '@supabase/supabase-js'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../../server/db/client.ts'
import type { Member } from '../support/database.ts'
import { openBrowserDb, openPostgres, openServiceDb, signUpMember } from '../support/database.ts'
import type { TableName, World } from './fixtures.ts'
import { FIXTURES, keyOf, makeWorld, ownerColumn, TABLE_NAMES } from './fixtures.ts'

// R89, S20: every table × role × operation through the REST interface, with tokens of real accounts.

/** What somebody signed in may read of each table: their own rows, or nothing at all. Nobody in a browser writes. */
const READABLE: Record<TableName, 'own' | 'nothing'> = {
  profiles: 'own',
  oauth_states: 'nothing',
  notion_access_token: 'own',
  notion_access_token_user: 'own',
  integration_logs: 'own',
  notion_database: 'own',
  todo_list: 'own',
  todo_list_source: 'own',
  integration_sync_jobs: 'own',
  page: 'own',
  dirty_page: 'nothing',
  todo: 'own',
  sync_schedule: 'nothing',
  todo_change: 'own',
  removed_todo: 'own',
  mirror: 'own',
  mirror_row: 'own',
  saved_view: 'own',
  list_rule: 'own',
  calendar_feed: 'own',
  account_deletion: 'nothing',
  token_revocation: 'nothing',
}

/** The columns of tables of which somebody signed in may not read all. */
const READABLE_COLUMNS: Partial<Record<TableName, string>> = {
  notion_access_token:
    'id, user_id, kind, workspace_id, workspace_name, workspace_icon, status, disconnected_at, disconnect_reason, deleted_at, created_at, updated_at, last_probed_at',
  calendar_feed: 'id, user_id, view_id, contains, locale, time_zone, expires_at, last_used_at, created_at',
}

const PERMISSION_DENIED = '42501'

const service = openServiceDb()
const matrix: Record<string, Record<string, string>> = {}
let pool: Pool
let ada: { member: Member; world: World }
let bob: { member: Member; world: World }
let browsers: { role: string; db: Db; world?: World }[]

beforeAll(async () => {
  pool = openPostgres()
  const [first, second] = [await signUpMember(), await signUpMember()]
  ada = { member: first, world: await makeWorld(service, first.id) }
  bob = { member: second, world: await makeWorld(service, second.id) }
  browsers = [
    { role: 'anon', db: openBrowserDb() },
    { role: 'user A', db: ada.member.db, world: ada.world },
    { role: 'user B', db: bob.member.db, world: bob.world },
  ]
})

afterAll(async () => {
  await pool.end()
  process.stdout.write(`${formatMatrix()}\n`)
})

function note(
  name: TableName,
  role: string,
  outcomes: Record<'select' | 'insert' | 'update' | 'delete', string>,
): void {
  const { select, insert, update, delete: deleted } = outcomes
  matrix[name] = { ...matrix[name], [role]: [select, insert, update, deleted].join(' ') }
}

function formatMatrix(): string {
  const roles = ['anon', 'user A', 'user B', 'service']
  const lines = Object.entries(matrix).map(([name, cells]) =>
    [name.padEnd(26), ...roles.map((role) => (cells[role] ?? '?').padEnd(22))].join(''),
  )
  const head = ['table'.padEnd(26), ...roles.map((role) => role.padEnd(22))].join('')
  return ['rows: select insert update delete ("-" refused)', head, ...lines].join('\n')
}

/** How many rows an operation reached, or "-" when the role may not do it at all. */
function outcome(answer: { data: unknown[] | null; error: PostgrestError | null }): string {
  if (answer.error?.code === PERMISSION_DENIED) return '-'
  if (answer.error) throw new Error(`${answer.error.code}: ${answer.error.message}`)
  return String(answer.data?.length ?? 0)
}

/** The rows of both people, as they are in the database. */
async function rowsOf(name: TableName): Promise<unknown[]> {
  const answers = await Promise.all(
    [ada.world, bob.world].map((world) => service.from(name).select('*').match(keyOf(name, world))),
  )
  return answers.flatMap(({ data }) => data ?? [])
}

it('has a fixture and an expectation for every table of the schema', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
  )
  const missing = rows.map(({ name }) => name).filter((name) => !(name in FIXTURES) || !(name in READABLE))
  expect(missing, 'tables without a fixture in tests/db/fixtures.ts').toEqual([])
  expect(rows).toHaveLength(TABLE_NAMES.length)
})

describe.each(TABLE_NAMES)('%s', (name) => {
  const columns = READABLE_COLUMNS[name] ?? '*'

  it('shows a browser what is its own, and nothing else', async () => {
    for (const { role, db, world } of browsers) {
      const answer = await db.from(name).select(columns)
      const mayRead = world !== undefined && READABLE[name] === 'own'
      if (!mayRead) {
        expect(answer.error?.code, `${role} reads ${name}`).toBe(PERMISSION_DENIED)
        continue
      }
      expect(answer.error, `${role} reads ${name}`).toBeNull()
      const rows = (answer.data ?? []) as unknown as Record<string, unknown>[]
      expect(rows, `${role} reads ${name}`).toEqual([expect.objectContaining(keyOf(name, world))])
      expect(rows.map((row) => row[ownerColumn(name) ?? ''])).toEqual([world.userId])
    }
  })

  it('shows a browser nothing when it asks for the rows of somebody else', async () => {
    for (const { role, db, world } of browsers) {
      for (const other of [ada.world, bob.world].filter(({ userId }) => userId !== world?.userId)) {
        const { data } = await db.from(name).select(columns).match(keyOf(name, other))
        expect(data ?? [], `${role} reads ${name} of another`).toEqual([])
      }
    }
  })

  it('takes no write from a browser, of its own rows or of others', async () => {
    const before = await rowsOf(name)
    for (const { role, db, world } of browsers) {
      const mine = world ?? ada.world
      const select = outcome(await db.from(name).select(columns))
      const outcomes = { insert: '', update: '', delete: '' }
      for (const target of [mine, ...[ada.world, bob.world].filter((other) => other !== mine)]) {
        const row = FIXTURES[name].row(target) as never
        const key = keyOf(name, target)
        // No columns are asked back: refusing to show the row is not refusing to write it.
        const writes = {
          insert: await db.from(name).insert(row),
          update: await db
            .from(name)
            .update(FIXTURES[name].change as never)
            .match(key),
          delete: await db.from(name).delete().match(key),
        }
        const upserted = await db.from(name).upsert(row)
        expect(upserted.error?.code, `${role} upserts ${name}`).toBe(PERMISSION_DENIED)
        for (const operation of ['insert', 'update', 'delete'] as const) {
          outcomes[operation] = outcome(writes[operation])
          expect(outcomes[operation], `${role}: ${operation} ${name}`).toBe('-')
        }
      }
      // Without any filter at all.
      const everything = await db
        .from(name)
        .delete()
        .not(Object.keys(keyOf(name, mine))[0] ?? '', 'is', null)
      expect(everything.error?.code, `${role} empties ${name}`).toBe(PERMISSION_DENIED)
      note(name, role, { select, ...outcomes })
    }
    expect(before).toHaveLength(2)
    expect(await rowsOf(name)).toEqual(before)
  })

  it('is open to the service role', async () => {
    const select = (await rowsOf(name)).length
    expect(select).toBe(2)
    const world = await makeWorld(service, (await signUpMember()).id)
    const key = keyOf(name, world)
    const update = outcome(
      await service
        .from(name)
        .update(FIXTURES[name].change as never)
        .match(key)
        .select(),
    )
    const deleted = outcome(await service.from(name).delete().match(key).select())
    const insert = outcome(
      await service
        .from(name)
        .insert(FIXTURES[name].row(world) as never)
        .select(),
    )
    expect([insert, update, deleted]).toEqual(['1', '1', '1'])
    note(name, 'service', { select: String(select), insert, update, delete: deleted })
  })
})
