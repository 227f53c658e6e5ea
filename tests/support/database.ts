import { randomBytes, randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import type { QueryResultRow } from 'pg'
import { Pool } from 'pg'
import { inject } from 'vitest'
import type { TokenRecord } from '../../server/db/connections.ts'
import { storeConnection } from '../../server/db/connections.ts'
import { cacheDatabases } from '../../server/db/databases.ts'
import type { Db } from '../../server/db/client.ts'
import { createServiceDb } from '../../server/db/client.ts'
import type { PageRecord } from '../../server/db/pages.ts'
import { finishSyncJob, startSyncJob } from '../../server/db/sync-jobs.ts'
import { createTodoList } from '../../server/db/todo-lists.ts'
import type { TodoRecord } from '../../server/db/todos.ts'
import type { Database } from '../../shared/types/database.types.ts'

const PASSWORD = 'correct horse battery'

/** Somebody with an account, and the client their browser would have. */
export interface Member {
  id: string
  accessToken: string
  db: Db
}

/** The client of the server itself: the secret key, past row level security. */
export function openServiceDb(): Db {
  return createServiceDb(inject('supabaseUrl'), inject('supabaseSecretKey'))
}

/** The client of a browser: nobody's, or that of whoever the access token belongs to. */
export function openBrowserDb(accessToken?: string): Db {
  return createClient<Database>(inject('supabaseUrl'), inject('supabaseKey'), {
    auth: { persistSession: false, autoRefreshToken: false, storageKey: randomUUID() },
    ...(accessToken && { accessToken: () => Promise.resolve(accessToken) }),
  })
}

/** Signs somebody up through the auth service, as the sign-up form does. */
export async function signUpMember(): Promise<Member> {
  const { data, error } = await openBrowserDb().auth.signUp({
    email: `${randomUUID()}@people.test`,
    password: PASSWORD,
  })
  if (error) throw error
  if (!data.session) throw new Error('signed up without a session')
  const accessToken = data.session.access_token
  return { id: data.session.user.id, accessToken, db: openBrowserDb(accessToken) }
}

/** Direct connections as the role migrations run as. Close it with `end()`. */
export function openPostgres(databaseUrl = inject('databaseUrl'), max = 10): Pool {
  const pool = new Pool({ connectionString: databaseUrl, max })
  pool.on('error', () => undefined) // a lost idle connection; the next query reports it
  return pool
}

/** The one row a query answers. */
export async function one<Row extends QueryResultRow>(
  pool: Pool,
  sql: string,
  values: unknown[] = [],
): Promise<Row> {
  const { rows } = await pool.query<Row>(sql, values)
  const row = rows[0]
  if (row === undefined || rows.length > 1) throw new Error(`${rows.length} rows instead of one: ${sql}`)
  return row
}

/** Text of the form of a compact JWE with direct encryption, with nothing in it. */
export function fakeCiphertext(): string {
  const part = () => randomBytes(16).toString('base64url')
  return `eyJ${part()}..${part()}.${part()}.${part()}`
}

/** A token reply as the connect flow stores it. */
export function tokenRecord(overrides: Partial<TokenRecord> = {}): TokenRecord {
  return {
    botId: randomUUID(),
    accessToken: fakeCiphertext(),
    refreshToken: fakeCiphertext(),
    tokenFingerprint: randomBytes(32).toString('hex'),
    keyId: 'test-key',
    tokenType: 'bearer',
    kind: 'oauth',
    workspaceId: randomUUID(),
    workspaceName: 'Workspace',
    workspaceIcon: null,
    requestId: randomUUID(),
    owner: { type: 'workspace' },
    duplicatedTemplateId: null,
    ...overrides,
  }
}

/** A workspace that somebody reads: connection, one database, one list over it, and a run under way. */
export interface Workspace {
  userId: string
  connectionId: number
  databaseId: number
  dataSourceId: string
  listId: number
  jobId: number
}

/** Sets up all that must exist before the first page is read. */
export async function makeWorkspace(
  db: Db,
  userId: string,
  counts: { boxes: boolean; rows: boolean } = { boxes: true, rows: false },
): Promise<Workspace> {
  const connectionId = await storeConnection(db, userId, tokenRecord())
  const { databaseId, dataSourceId } = await addDatabase(db, connectionId, counts)
  const listId = await createTodoList(db, userId, 'Everything', [dataSourceId])
  if (listId === null) throw new Error('the list was not made')
  return { userId, connectionId, databaseId, dataSourceId, listId, jobId: await startRun(db, connectionId) }
}

/** Caches one more database of a connection. */
export async function addDatabase(
  db: Db,
  connectionId: number,
  counts: { boxes: boolean; rows: boolean } = { boxes: true, rows: false },
): Promise<{ databaseId: number; dataSourceId: string }> {
  const dataSourceId = randomUUID()
  await cacheDatabases(db, connectionId, [
    {
      notionDatabaseId: randomUUID(),
      dataSourceId,
      name: 'Tasks',
      icon: null,
      url: 'https://www.notion.so/tasks',
      metadata: {},
      lastEditedTime: '2026-01-01T00:00:00.000Z',
      counts,
      doneProperty: null,
    },
  ])
  const { data, error } = await db
    .from('notion_database')
    .select('id')
    .eq('data_source_id', dataSourceId)
    .single()
  if (error) throw error
  return { databaseId: data.id, dataSourceId }
}

/** Ends the run under way, if any, and starts the next one. */
export async function startRun(db: Db, connectionId: number, previous?: number): Promise<number> {
  if (previous !== undefined) await finishSyncJob(db, previous, { state: 'done', complete: true })
  const started = await startSyncJob(db, connectionId, false)
  if (!started?.created) throw new Error('no new run was started')
  return started.jobId
}

/** A row of a data source as a listing brings it. */
export function pageRecord(overrides: Partial<PageRecord> = {}): PageRecord {
  return {
    notionPageId: randomUUID(),
    parentNotionId: null,
    isRow: true,
    title: 'A page',
    icon: null,
    url: 'https://www.notion.so/a-page',
    createdTime: '2026-01-01T00:00:00.000Z',
    lastEditedTime: '2026-01-01T00:00:00.000Z',
    todo: null,
    ...overrides,
  }
}

/** A to-do as the walk of a body brings it. */
export function todoRecord(overrides: Partial<TodoRecord> = {}): TodoRecord {
  return {
    notionId: randomUUID(),
    kind: 'block',
    text: 'Water the plants',
    richText: [],
    checked: false,
    parentNotionId: null,
    position: 0,
    depth: 0,
    headingPath: [],
    due: null,
    people: [],
    tags: [],
    viaCopy: false,
    lastEditedTime: '2026-01-01T00:00:00.000Z',
    ...overrides,
  }
}
