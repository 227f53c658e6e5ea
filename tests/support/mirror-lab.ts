import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { inject } from 'vitest'
import { refreshDatabases } from '#server/connections/databases'
import { createProviders } from '#server/connections/providers'
import { link } from '#server/connections/user-token'
import type { AppContext } from '#server/context'
import { requestMirrorRun } from '#server/db/mirror-runs'
import { createMirror, listMirrors } from '#server/db/mirrors'
import { applyListing, applyPage } from '#server/db/pages'
import { createTodoList } from '#server/db/todo-lists'
import type { TodoRecord } from '#server/db/todos'
import { readEnvironment } from '#server/environment'
import { runMirror } from '#server/mirror/run'
import { createTokenCipher } from '#server/security/token-cipher'
import type { Mirror } from '#shared/schemas/mirror'
import { changeTokens } from '../../sandbox/notion/control-tokens.ts'
import type { PageRecord as NotionPage } from '../../sandbox/notion/records.ts'
import { cell } from '../../sandbox/notion/seed-builders.ts'
import type { NotionServer } from '../../sandbox/notion/server.ts'
import { CLIENT_ID, CLIENT_SECRET, createNotionServer } from '../../sandbox/notion/server.ts'
import { liftBudget } from './budget.ts'
import { openPostgres, openServiceDb, pageRecord, signUpMember, startRun, todoRecord } from './database.ts'
import { seededId, simpleWorkspace } from './notion-workspace.ts'

/** Mirrors are made and kept in step by the services themselves, with a Notion that lives in this process. */
export interface MirrorLab {
  notion: NotionServer
  context: AppContext
  pool: Pool
  close: () => Promise<void>
}

export async function openMirrorLab(): Promise<MirrorLab> {
  const notion = await createNotionServer({ port: 0, rateLimit: 'off' })
  const pool = openPostgres()
  const environment = readEnvironment({
    SUPABASE_URL: inject('supabaseUrl'),
    SUPABASE_KEY: inject('supabaseKey'),
    SUPABASE_SECRET_KEY: inject('supabaseSecretKey'),
    DATABASE_URL: inject('databaseUrl'),
    NOTION_OAUTH_CLIENT_ID: CLIENT_ID,
    NOTION_OAUTH_CLIENT_SECRET: CLIENT_SECRET,
    NOTION_API_URL: notion.url,
    CREDENTIAL_ENCRYPTION_KEY: 'k'.repeat(32),
  })
  const quiet = () => undefined
  const context: AppContext = {
    environment,
    db: openServiceDb(),
    sql: pool,
    takeFromBudget: () => Promise.resolve(),
    giveBackToBudget: () => Promise.resolve(),
    providers: createProviders(environment),
    cipher: createTokenCipher(environment.CREDENTIAL_ENCRYPTION_KEY),
    log: { info: quiet, warn: quiet, error: quiet },
    sendJob: () => Promise.resolve(),
  }
  const close = async () => {
    await notion.close()
    await pool.end()
  }
  return { notion, context, pool, close }
}

/** Somebody with a connected workspace, a list over its one database, and a page where the mirror goes. */
export interface Owner {
  userId: string
  connectionId: number
  databaseId: number
  listId: number
  homePageId: string
  botId: string
  /** The page on which all to-dos stand. */
  page: ReturnType<typeof pageRecord>
  jobId: number
}

export async function newOwner({ notion, context, pool }: MirrorLab): Promise<Owner> {
  const key = randomUUID()
  const { seed, userId: person, dataSourceId } = simpleWorkspace(key, [{ title: 'Plan' }])
  const homePageId = seededId(`${key}:home`)
  const time = '2026-01-05T08:00:00.000Z'
  const times = { created_time: time, last_edited_time: time, created_by: person, last_edited_by: person }
  const home = {
    parent: { type: 'workspace' as const },
    properties: { title: cell.title('Home') },
    blocks: [],
  }
  notion.world.addWorkspace({ ...seed, pages: [...seed.pages, { id: homePageId, ...home, ...times }] })
  const { id: userId } = await signUpMember()
  const botId = randomUUID()
  const minted = changeTokens(notion.world, {
    op: 'mint',
    kind: 'oauth',
    workspace_id: seed.id,
    bot_id: botId,
  })
  const { access_token: accessToken, refresh_token: refreshToken } = minted as Record<string, string>
  const connectionId = await link(
    context,
    userId,
    {
      accessToken: accessToken ?? '',
      refreshToken: refreshToken ?? '',
      tokenType: 'bearer',
      botId,
      workspaceId: seed.id,
      workspaceName: 'Lab',
      workspaceIcon: null,
      requestId: null,
      owner: { type: 'workspace' },
      duplicatedTemplateId: null,
      expiresIn: null,
      warnings: [],
    },
    { kind: 'oauth', provider: 'notion' },
  )
  // The stand-in lets everything through, and so shall our own books.
  await liftBudget((sql, values) => pool.query(sql, values), connectionId)
  await refreshDatabases(context, connectionId)
  const listId = await createTodoList(context.db, userId, 'Everything', [dataSourceId])
  const { rows } = await pool.query<{ id: string }>(
    'select id from public.notion_database where connection_id = $1',
    [connectionId],
  )
  if (listId === null) throw new Error('the list was not made')
  const databaseId = Number(rows[0]?.id)
  const jobId = await startRun(context.db, connectionId)
  const page = pageRecord({ title: 'Plan' })
  await applyListing(context.db, jobId, databaseId, [page])
  return { userId, connectionId, databaseId, listId, homePageId, botId, page, jobId }
}

export type LabTodo = Partial<TodoRecord> & { notionId: string }

/** So many to-dos that differ. */
export function manyTodos(count: number): LabTodo[] {
  return Array.from({ length: count }, (_, index) => ({
    notionId: randomUUID(),
    text: `To-do ${index}`,
    checked: index % 3 === 0,
    position: index,
  }))
}

/** Makes these the to-dos of the owner's list, as a reading does that found them and no others. */
export async function holdTodos({ context }: MirrorLab, owner: Owner, todos: LabTodo[]): Promise<void> {
  await applyPage(context.db, owner.jobId, owner.connectionId, {
    notionPageId: owner.page.notionPageId,
    todos: todos.map((todo) => todoRecord(todo)),
    completeness: {},
    complete: true,
    requests: 0,
  })
}

/** Has the owner's list mirrored under their page. @returns the mirror's id */
export async function makeMirror({ context }: MirrorLab, owner: Owner, tickBack = false): Promise<number> {
  const { userId, listId, connectionId, homePageId } = owner
  const parent = { id: homePageId, title: 'Home' }
  const made = await createMirror(context.db, { userId, listId, connectionId, parent, tickBack })
  if (!made?.created) throw new Error('the mirror was not made')
  return made.id
}

export interface LabRun {
  mirror: Mirror
  reads: number
  writes: number
  /** `METHOD path` of what Notion was asked. */
  asked: string[]
}

/** Asks for a run and carries it out; answers what it said and what it asked of Notion. */
export async function sync(
  lab: MirrorLab,
  owner: Owner,
  mirrorId: number,
  { full = true, settleMs = 0 } = {},
): Promise<LabRun> {
  const { context, notion } = lab
  const before = notion.world.ledger.entries().at(-1)?.seq ?? 0
  await requestMirrorRun(context.db, mirrorId, full)
  await runMirror(context, { mirrorId, settleMs }, new AbortController().signal)
  const asked = notion.world.ledger
    .entries(before)
    .filter(({ botId }) => botId === owner.botId)
    .map(({ method, endpoint }) => `${method} ${endpoint ?? ''}`)
  const writes = asked.filter((request) => isWrite(request)).length
  const [mirror] = await listMirrors(context.db, owner.userId, mirrorId)
  if (!mirror) throw new Error('the mirror is gone')
  return { mirror, reads: asked.length - writes, writes, asked }
}

function isWrite(request: string): boolean {
  return !request.startsWith('GET') && !request.endsWith('/query') && !request.endsWith('/search')
}

/** The databases that stand on the owner's page, those in the trash left out. */
export function databasesOn({ notion }: MirrorLab, owner: Owner) {
  return [...notion.world.store.nodes.values()].filter(
    (node) => node.kind === 'database' && node.parentId === owner.homePageId && !node.inTrash,
  )
}

/** A row of the mirror as somebody sees it in Notion, by the names of the columns. */
export interface NotionRow {
  pageId: string
  cells: Record<string, unknown>
}

/** All rows of the owner's mirror, those in the trash left out. */
export function rowsInNotion(lab: MirrorLab, owner: Owner): NotionRow[] {
  const { store } = lab.notion.world
  const [database] = databasesOn(lab, owner)
  const source = database?.kind === 'database' ? store.dataSource(database.dataSourceIds[0] ?? '') : undefined
  if (!source) return []
  const pages = source.rowIds
    .map((id) => store.page(id))
    .filter((page): page is NotionPage => page !== undefined && !page.inTrash)
  return pages.map((page) => ({
    pageId: page.id,
    cells: Object.fromEntries(
      source.properties.map((property) => {
        const value = page.properties[property.id]?.value
        return [property.name, readable(value, 'options' in property ? property.options : [])]
      }),
    ),
  }))
}

function readable(value: unknown, options: { id: string; name: string }[]): unknown {
  const named = (id: unknown) => options.find((option) => option.id === id)?.name
  if (Array.isArray(value)) {
    if (value.every((part) => typeof part === 'string')) return value.map((part) => named(part) ?? part)
    return value.map((run: { plain_text?: string }) => run.plain_text ?? '').join('')
  }
  return typeof value === 'string' ? (named(value) ?? value) : value
}

/** What the list should look like in Notion: text and tick by to-do. */
export function wanted(todos: LabTodo[]): Record<string, [string, boolean]> {
  return Object.fromEntries(
    todos.map(({ notionId, text = '', checked = false }) => [notionId, [text, checked]]),
  )
}

/** The same as it is. A to-do with two rows shows up as a third entry. */
export function found(lab: MirrorLab, owner: Owner): Record<string, unknown[]> {
  const shown: Record<string, unknown[]> = {}
  for (const { cells } of rowsInNotion(lab, owner)) {
    const id = String(cells['To-do ID'])
    shown[id] = [...(shown[id] ?? []), cells.Name, cells.Done]
  }
  return shown
}
