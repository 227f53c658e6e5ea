import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'pg'
import { createServiceDb, type Db } from '#server/db/client'
import { createTodoList } from '#server/db/todo-lists'
import { refreshDatabases } from '#server/connections/databases'
import { link } from '#server/connections/user-token'
import { type AppContext, appContext } from '#server/context'
import { stopJobQueue } from '#server/jobs/boss'
import { requestSync } from '#server/sync/request'
import { changeTokens } from '../../sandbox/notion/control-tokens.ts'
import { createNotionServer, type NotionServer } from '../../sandbox/notion/server.ts'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { startStack } from '../../sandbox/stack.ts'
import type { WorkspaceSeed } from '../support/notion-workspace.ts'
import { eventually } from '../support/eventually.ts'

const WORKER = fileURLToPath(new URL('../../scripts/worker.mjs', import.meta.url))
const RUN_DEADLINE_MS = 900_000

/** The real engine on a database of its own, against a Notion that lives in this process. */
export interface Lab {
  notion: NotionServer
  context: AppContext
  db: Db
  pool: Pool
  /** What a worker process is started with. */
  environment: Record<string, string>
  close: () => Promise<void>
}

/** Starts PostgreSQL, PostgREST and the auth stand-in on free ports, and Notion in this process. */
export async function openLab(): Promise<Lab> {
  const dir = await mkdtemp(join(tmpdir(), 'roundup-bench-'))
  const [supabasePort, databasePort, notionPort] = [
    await findFreePort(),
    await findFreePort(),
    await findFreePort(),
  ]
  const baseUrl = 'http://localhost:3000'
  const parts = { supabase: true, notion: false }
  const stack = await startStack({ dir, supabasePort, databasePort, notionPort, parts, baseUrl })
  const notion = await createNotionServer({ port: 0, rateLimit: 'off' })
  const environment: Record<string, string> = {
    ...stack.environment,
    BASE_URL: baseUrl,
    NOTION_API_URL: notion.url,
    NOTION_OAUTH_CLIENT_ID: notion.world.settings.clientId,
    NOTION_OAUTH_CLIENT_SECRET: notion.world.settings.clientSecret,
    LOG_LEVEL: 'warn',
  }
  Object.assign(process.env, environment)
  const pool = new Pool({ connectionString: environment.DATABASE_URL, max: 4 })
  pool.on('error', () => undefined)
  return {
    notion,
    environment,
    pool,
    context: appContext(),
    db: createServiceDb(environment.SUPABASE_URL ?? '', environment.SUPABASE_SECRET_KEY ?? ''),
    close: async () => {
      await stopJobQueue()
      await pool.end()
      await notion.close()
      await stack.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

export interface Reader {
  userId: string
  connectionId: number
  listId: number
  botId: string
}

/** Somebody who has connected this workspace and chosen all of it. Nothing is read yet. */
export async function newReader({ context, db, notion }: Lab, seed: WorkspaceSeed): Promise<Reader> {
  notion.world.addWorkspace(seed)
  const botId = randomUUID()
  const minted = changeTokens(notion.world, {
    op: 'mint',
    kind: 'oauth',
    workspace_id: seed.id,
    bot_id: botId,
  }) as { access_token: string; refresh_token: string }
  const { data, error } = await db.auth.admin.createUser({
    email: `${randomUUID()}@people.test`,
    email_confirm: true,
  })
  if (error) throw error
  const userId = data.user.id
  const connectionId = await link(
    context,
    userId,
    {
      accessToken: minted.access_token,
      refreshToken: minted.refresh_token,
      tokenType: 'bearer',
      botId,
      workspaceId: seed.id,
      workspaceName: seed.name,
      workspaceIcon: null,
      requestId: null,
      owner: { type: 'workspace' },
      duplicatedTemplateId: null,
      expiresIn: null,
      warnings: [],
    },
    { kind: 'oauth', provider: 'notion' },
  )
  await refreshDatabases(context, connectionId)
  const found = await db.from('notion_database').select('data_source_id').eq('connection_id', connectionId)
  if (found.error) throw found.error
  const ids = found.data.map((row) => row.data_source_id)
  const listId = await createTodoList(db, userId, 'All', ids)
  if (listId === null) throw new Error('The list was not made')
  return { userId, connectionId, listId, botId }
}

export interface WorkerProcess {
  pid: number
  /** The most memory it has ever held, in bytes; after the end: at the last look. */
  peakBytes: () => Promise<number>
  output: () => string
  stop: (signal?: NodeJS.Signals) => Promise<void>
}

/** A process that takes jobs and does nothing else. */
export async function startWorker(lab: Lab): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [WORKER], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...lab.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = once(child, 'exit')
  await eventually(
    'the worker',
    () => {
      if (child.exitCode !== null) throw new Error(`The worker ended:\n${printed}`)
      return Promise.resolve(printed.includes('Worker: taking jobs'))
    },
    60_000,
  )
  const pid = child.pid ?? 0
  return {
    pid,
    output: () => printed,
    peakBytes: async () => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
    },
    stop: async (signal = 'SIGTERM') => {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal)
      await ended
    },
  }
}

export interface RunRow {
  id: number
  state: string
  complete: boolean
  pages_done: number
  pages_total: number
  requests_used: number
  error_code: string | null
}

/** Asks for a run, as POST /api/sync does. */
export function ask({ context }: Lab, { userId }: Reader, full = false): Promise<void> {
  return requestSync(context, { userId, full })
}

/** Waits until a connection has no live run. @returns the last one */
export function runEnds({ pool }: Lab, { connectionId }: Reader): Promise<RunRow> {
  return eventually(
    'the end of the run',
    async () => {
      const { rows } = await pool.query<RunRow>(
        `select id::int, state, complete, pages_done, pages_total, requests_used, error_code
         from public.integration_sync_jobs where connection_id = $1 order by id desc limit 1`,
        [connectionId],
      )
      return rows[0] && rows[0].state !== 'queued' && rows[0].state !== 'running' && rows[0]
    },
    RUN_DEADLINE_MS,
  )
}

/** Asks for a run and waits for its end. @returns it, and the requests Notion got meanwhile */
export async function runOnce(
  lab: Lab,
  reader: Reader,
  full = false,
): Promise<{ run: RunRow; requests: number; paths: Record<string, number>; tookMs: number }> {
  lab.notion.world.ledger.clear()
  const startedAt = performance.now()
  await ask(lab, reader, full)
  const run = await runEnds(lab, reader)
  const tookMs = performance.now() - startedAt
  const { total, byEndpoint } = lab.notion.world.ledger.counters()
  return { run, requests: total, paths: byEndpoint, tookMs }
}
