import { randomInt, randomUUID } from 'node:crypto'
import { Client, Pool } from 'pg'
import { inject } from 'vitest'
import { z } from 'zod'
import { refreshDatabases } from '#server/connections/databases'
import { createProviders } from '#server/connections/providers'
import { link } from '#server/connections/user-token'
import type { AppContext } from '#server/context'
import { createServiceDb } from '#server/db/client'
import { listDatabases } from '#server/db/databases'
import { startSyncJob } from '#server/db/sync-jobs'
import { createTodoList } from '#server/db/todo-lists'
import { readEnvironment } from '#server/environment'
import type { QueueName } from '#server/jobs/queues'
import { introspectToken } from '#server/notion/oauth'
import { createTokenCipher } from '#server/security/token-cipher'
import { runSync } from '#server/sync/run'
import type { Browser } from './browser.ts'
import { NotionControl } from './notion-control.ts'
import { simpleWorkspace } from './notion-workspace.ts'
import { signUp } from './people.ts'

/** The services of one instance of the app, without its HTTP, on the database and the Notion of the run. */
export interface Instance {
  context: AppContext
  /** Everything it wrote to its log. */
  log: string[]
  jobs: { queue: QueueName; data: object; startAfterMs: number }[]
}

/** Clears what earlier tests left under keys of their own, so that what is counted is this test's. */
export async function forgetConnections(pool: Pool): Promise<void> {
  await pool.query('delete from public.token_revocation')
  await pool.query('delete from public.notion_access_token')
}

/** Another instance: its own memory, the same database. */
export function newInstance(pool: Pool, settings: Record<string, string> = {}): Instance {
  const environment = readEnvironment({ ...inject('environment'), BASE_URL: inject('appUrl'), ...settings })
  const log: string[] = []
  const jobs: Instance['jobs'] = []
  const write = (...line: unknown[]) => void log.push(JSON.stringify(line))
  return {
    log,
    jobs,
    context: {
      environment,
      db: createServiceDb(environment.SUPABASE_URL, environment.SUPABASE_SECRET_KEY),
      sql: pool,
      takeFromBudget: () => Promise.resolve(),
      giveBackToBudget: () => Promise.resolve(),
      providers: createProviders(environment),
      cipher: createTokenCipher(
        environment.CREDENTIAL_ENCRYPTION_KEY,
        environment.CREDENTIAL_ENCRYPTION_KEYS_OLD,
      ),
      log: { info: write, warn: write, error: write },
      sendJob: (queue, data, { startAfterMs = 0 }) => {
        jobs.push({ queue, data, startAfterMs })
        return Promise.resolve()
      },
    },
  }
}

export function openPool(): Pool {
  const pool = new Pool({ connectionString: inject('environment').DATABASE_URL })
  pool.on('error', () => undefined) // a lost idle connection; the next query reports it
  return pool
}

export function notionControl(): NotionControl {
  return new NotionControl(inject('environment').NOTION_API_URL ?? '')
}

export interface Member {
  userId: string
  email: string
}

/** Somebody with an account, made as an operator makes one: no form, no session. */
export async function newMember(): Promise<Member> {
  const { SUPABASE_URL = '', SUPABASE_SECRET_KEY = '' } = inject('environment')
  const email = `${randomUUID()}@people.test`
  const { data, error } = await createServiceDb(SUPABASE_URL, SUPABASE_SECRET_KEY).auth.admin.createUser({
    email,
    email_confirm: true,
  })
  if (error) throw error
  return { userId: data.user.id, email }
}

const SessionSchema = z.object({ user: z.object({ id: z.uuid() }) })

/** The same through the form, with the browser that is signed in. */
export async function newVisitor(appUrl = inject('appUrl')): Promise<Member & { browser: Browser }> {
  const { browser, email } = await signUp(appUrl)
  const { user } = SessionSchema.parse((await browser.get('/api/session')).json)
  return { userId: user.id, email, browser }
}

/** A workspace in Notion with one database. @returns its id */
export async function newWorkspace(notion: NotionControl, rows = 1): Promise<string> {
  const { seed } = simpleWorkspace(
    randomUUID(),
    Array.from({ length: rows }, (_, index) => ({
      title: `Row ${index}`,
      blocks: (b) => [b.todo(`Task ${index}`)],
    })),
  )
  await notion.seed(seed)
  return seed.id
}

export interface Linked {
  connectionId: number
  workspaceId: string
  botId: string
  accessToken: string
  refreshToken: string
}

const MintedSchema = z.object({ bot_id: z.string(), access_token: z.string(), refresh_token: z.string() })

/** A workspace connected by the services themselves, with a bot nobody else has. */
export async function linkWorkspace(
  { context }: Instance,
  userId: string,
  options: { workspaceId?: string; expiresIn?: number; refreshToken?: null } = {},
): Promise<Linked> {
  const notion = notionControl()
  const workspaceId = options.workspaceId ?? (await newWorkspace(notion))
  const minted = MintedSchema.parse(
    await notion.token({ op: 'mint', kind: 'oauth', workspace_id: workspaceId, bot_id: randomUUID() }),
  )
  const connectionId = await link(
    context,
    userId,
    {
      accessToken: minted.access_token,
      refreshToken: options.refreshToken === null ? null : minted.refresh_token,
      tokenType: 'bearer',
      botId: minted.bot_id,
      workspaceId,
      workspaceName: 'Lab',
      workspaceIcon: null,
      requestId: null,
      owner: { type: 'workspace' },
      duplicatedTemplateId: null,
      expiresIn: options.expiresIn ?? null,
      warnings: [],
    },
    { kind: 'oauth', provider: 'notion' },
  )
  const { access_token: accessToken, refresh_token: refreshToken, bot_id: botId } = minted
  return { connectionId, workspaceId, botId, accessToken, refreshToken }
}

/** The row behind a connection, as the database has it. */
export interface TokenRow {
  id: string
  status: string
  disconnect_reason: string | null
  access_token: string | null
  refresh_token: string | null
  token_fingerprint: string
  key_id: string
  refresh_lease: string | null
  refresh_attempts: number
}

export async function tokenRow(pool: Pool, connectionId: number): Promise<TokenRow> {
  const { rows } = await pool.query<TokenRow>(
    `select t.* from public.notion_access_token t
     join public.notion_access_token_user c on c.token_id = t.id where c.id = $1`,
    [connectionId],
  )
  const row = rows[0]
  if (!row) throw new Error(`connection ${connectionId} has no token`)
  return row
}

/** What the owner's log says, oldest first: `event outcome code`. */
export async function logOf(pool: Pool, connectionId: number): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `select concat_ws(' ', event, outcome, code) as line from public.integration_logs
     where connection_id = $1 order by id`,
    [connectionId],
  )
  return rows.map(({ line }) => line)
}

/** Does Notion still know this token? */
export async function isActive({ context }: Instance, token: string): Promise<boolean> {
  const { environment } = context
  const { active } = await introspectToken({
    apiUrl: environment.NOTION_API_URL,
    clientId: environment.NOTION_OAUTH_CLIENT_ID,
    clientSecret: environment.NOTION_OAUTH_CLIENT_SECRET,
    token,
  })
  return active
}

/** Requests that Notion's token endpoint got since a point in its ledger. */
export async function tokenCalls(notion: NotionControl, since: number): Promise<number> {
  const { entries } = await notion.ledger(since)
  return entries.filter(({ path }) => path === '/v1/oauth/token').length
}

/** Where Notion's ledger stands. */
export async function ledgerNow(notion: NotionControl): Promise<number> {
  return (await notion.ledger()).entries.at(-1)?.seq ?? 0
}

/** Has every database of a connection read into a list. @returns the list's id */
export async function readIntoList(
  { context }: Instance,
  userId: string,
  connectionIds: number[],
): Promise<number> {
  const ids: string[] = []
  for (const connectionId of connectionIds) {
    await refreshDatabases(context, connectionId)
    ids.push(...(await listDatabases(context.db, userId, connectionId)).map(({ id }) => id))
  }
  const listId = await createTodoList(context.db, userId, 'Lab', ids)
  if (listId === null) throw new Error('the list was not made')
  await asWorker(context, async (worker) => {
    for (const connectionId of connectionIds) {
      const started = await startSyncJob(context.db, connectionId, true)
      if (!started) throw new Error('no run was started')
      await runSync(context, { connectionId, jobId: started.jobId, worker }, new AbortController().signal)
    }
  })
  return listId
}

/** Does the work as every worker does, known to be alive: else the app of this run would take it over. */
async function asWorker({ environment }: AppContext, work: (worker: number) => Promise<void>): Promise<void> {
  const worker = randomInt(1, 2 ** 31 - 1)
  const presence = new Client({ connectionString: environment.DATABASE_URL })
  await presence.connect()
  try {
    await presence.query('select pg_advisory_lock(7317, $1)', [worker])
    await work(worker)
  } finally {
    await presence.end()
  }
}
