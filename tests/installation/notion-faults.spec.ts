import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultRule } from '../../sandbox/notion/faults.ts'
import { AuthNotionReplySchema } from '../../shared/schemas/connection.ts'
import type { SearchNotionReply } from '../../shared/schemas/database.ts'
import { SearchNotionReplySchema } from '../../shared/schemas/database.ts'
import type { ErrorCode } from '../../shared/schemas/error.ts'
import type { SyncStatus, TodosReply, WriteState } from '../../shared/schemas/todo.ts'
import type { Browser } from '../support/browser.ts'
import { expectRefusal } from '../support/envelope.ts'
import { eventually } from '../support/eventually.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { cell, childDatabase, simpleWorkspace } from '../support/notion-workspace.ts'
import { connect, signUp } from '../support/people.ts'
import type { Reader } from '../support/reader.ts'
import { botIdOf, newReader, readAgain, readTodos, tick } from '../support/reader.ts'
import type { TestStack } from '../support/stack.ts'
import { startTestStack } from '../support/stack.ts'

/** As often as a fault is met before it is taken for final (server/notion/gate.ts). */
const ALL_TRIES = 5
/** Longer than a person is kept waiting, so that the answer comes at once. */
const LONG_SECONDS = 40

interface Scenario {
  /** `revoked`: the person has taken the connection away in Notion, so no refresh helps either. */
  what: FaultRule['what'] | 'revoked'
  times: number
  /** The code a refresh of the databases is told, if any; the cache is served beside it. */
  search: ErrorCode | null
  /** How a reading ends whose rows, or whose page's blocks, cannot be had. */
  rows: ReadingEnd
  blocks: ReadingEnd
  tick: WriteState
}

type ReadingEnd = Pick<SyncStatus, 'state' | 'complete' | 'code'>

const whole: ReadingEnd = { state: 'idle', complete: true, code: null }
const partial: ReadingEnd = { state: 'idle', complete: false, code: null }
const failed = (code: ErrorCode): ReadingEnd => ({ state: 'failed', complete: false, code })
const refused = (code: ErrorCode): WriteState => ({ state: 'failed', code })
const saved: WriteState = { state: 'saved' }
const status = (code: 400 | 401 | 403 | 404 | 409 | 500 | 502 | 503 | 504): FaultRule['what'] => ({
  kind: 'status',
  status: code,
})

/** Notion is down or busy: a reading fails with this code, a tick is kept and sent later. */
const passing = (what: FaultRule['what'], code: ErrorCode): Scenario => ({
  what,
  times: ALL_TRIES,
  search: code,
  rows: failed(code),
  blocks: failed(code),
  tick: saved,
})
/** Notion asks for patience: everything but a waiting person simply takes longer. */
const patience = (what: FaultRule['what']): Scenario => ({
  what,
  times: 2,
  search: 'NOTION_RATE_LIMITED',
  rows: whole,
  blocks: whole,
  tick: saved,
})

const SCENARIOS: Record<string, Scenario> = {
  '400': {
    what: status(400),
    times: 1,
    search: 'NOTION_API_ERROR',
    rows: failed('NOTION_API_ERROR'),
    blocks: partial,
    tick: refused('NOTION_API_ERROR'),
  },
  '401, and the token can be refreshed': {
    what: status(401),
    times: 1,
    search: null,
    rows: whole,
    blocks: whole,
    tick: saved,
  },
  '401, and the connection is gone for good': {
    what: 'revoked',
    times: 1,
    search: 'NOTION_TOKEN_INVALID',
    rows: failed('NOTION_TOKEN_INVALID'),
    blocks: failed('NOTION_TOKEN_INVALID'),
    tick: refused('NOTION_TOKEN_INVALID'),
  },
  '403': {
    what: status(403),
    times: 1,
    search: 'NOTION_ACCESS_DENIED',
    rows: partial,
    blocks: partial,
    tick: refused('NOTION_ACCESS_DENIED'),
  },
  '404': {
    what: status(404),
    times: 1,
    search: 'NOTION_API_ERROR',
    rows: partial,
    blocks: partial,
    tick: refused('NOTION_BLOCK_NOT_FOUND'),
  },
  '409': passing(status(409), 'CONFLICT'),
  '429': patience({ kind: 'status', status: 429, retry_after: 1 }),
  '500': {
    what: status(500),
    times: ALL_TRIES,
    search: 'NOTION_API_ERROR',
    rows: failed('NOTION_API_ERROR'),
    blocks: partial,
    // It comes again in a while: what fails for good is a tick that always fails.
    tick: saved,
  },
  '502 (a proxy page)': passing(status(502), 'NOTION_UNAVAILABLE'),
  '503': passing(status(503), 'NOTION_UNAVAILABLE'),
  // Too much at a time, perhaps: rows are then asked for in smaller parts.
  '504': { ...passing(status(504), 'NOTION_UNAVAILABLE'), rows: whole },
  '529': patience({ kind: 'status', status: 529, retry_after: 1 }),
  'a broken line': passing({ kind: 'reset' }, 'NOTION_UNAVAILABLE'),
  'half a reply': {
    what: { kind: 'garbage' },
    times: ALL_TRIES,
    search: 'NOTION_API_ERROR',
    rows: failed('NOTION_API_ERROR'),
    blocks: partial,
    tick: saved,
  },
}

/** What one person met, step by step, while Notion failed them and nobody else. */
interface Story {
  before: TodosReply
  rows: TodosReply
  rowsAccessible: boolean | undefined
  blocks: TodosReply
  tick: WriteState
  tickAgain: WriteState
  search: SearchNotionReply
  after: TodosReply
  /** Of the connection, after each step. */
  statuses: Record<'rows' | 'blocks' | 'tick' | 'search', string | undefined>
}

let stack: TestStack
let notion: NotionControl
let database: Inspector
const stories = new Map<string, Promise<Story>>()

const world = () => ({ appUrl: stack.app.url, notion, database })

async function statusOf(browser: Browser): Promise<string | undefined> {
  const { workspaces } = AuthNotionReplySchema.parse((await browser.get('/api/auth-notion')).json)
  return workspaces[0]?.status
}

async function searchAgain(browser: Browser): Promise<SearchNotionReply> {
  return SearchNotionReplySchema.parse((await browser.get('/api/search-notion?refresh=true')).json)
}

async function live(name: string, { what, times }: Scenario): Promise<Story> {
  const reader = await newReader(`fault ${name}`, world())
  const { browser, workspace } = reader
  const before = await readTodos(browser)
  const statuses: Story['statuses'] = { rows: '', blocks: '', tick: '', search: '' }
  const breakDown = async (path: string, change: Partial<FaultRule> = {}) => {
    const bot_id = await botIdOf(database, reader.userId)
    if (what === 'revoked') await notion.token({ op: 'revoke', bot_id })
    else await notion.fault({ path, bot_id, what, times, ...change })
  }
  /** Notes the connection's status; one that Notion refused is connected again. */
  const recover = async (step: keyof Story['statuses']) => {
    statuses[step] = await statusOf(browser)
    if (statuses[step] !== 'connected') await connect(browser, workspace.seed.id)
  }

  await breakDown('/v1/data_sources/*/query')
  const rows = await readAgain(browser)
  const cached = SearchNotionReplySchema.parse((await browser.get('/api/search-notion')).json)
  const rowsAccessible = cached.databases[0]?.accessible
  await recover('rows')

  await breakDown(`/v1/blocks/${workspace.pageIds[0]}/children`)
  const blocks = await readAgain(browser)
  await recover('blocks')

  const todo = before.todos.find(({ kind, text }) => kind === 'block' && text === 'one')
  await breakDown(`/v1/blocks/${todo?.notionId}`, { method: 'PATCH' })
  const ticked = await tick(browser, todo?.notionId ?? '', true)
  await recover('tick')
  const tickAgain = await tick(browser, todo?.notionId ?? '', true)

  const isLong = what !== 'revoked' && what.kind === 'status' && 'retry_after' in what
  await breakDown('/v1/search', isLong ? { what: { ...what, retry_after: LONG_SECONDS }, times: 1 } : {})
  const search = await searchAgain(browser)
  await recover('search')
  // After so long a pause only the cache is left to look at.
  const after = isLong ? await readTodos(browser) : await readAgain(browser)
  return { before, rows, rowsAccessible, blocks, tick: ticked, tickAgain, search, after, statuses }
}

/** To-dos without what a tick or a write on its way changes. */
const texts = ({ todos }: TodosReply) => todos.map(({ id, text, page }) => ({ id, text, page: page.title }))

beforeAll(async () => {
  stack = await startTestStack()
  notion = new NotionControl(stack.environment.NOTION_API_URL ?? '')
  database = await Inspector.open(stack.environment.DATABASE_URL, stack.dir)
  await notion.settings({ rate_limit: 'off' })
  // Most of each story is waiting between tries, so all of them run side by side.
  for (const [name, scenario] of Object.entries(SCENARIOS)) stories.set(name, live(name, scenario))
  await Promise.allSettled(stories.values())
}, 240_000)

afterAll(async () => {
  await database?.close()
  await stack?.stop()
})

describe.each(Object.entries(SCENARIOS))('Notion answers with %s', (name, expected) => {
  const isRefused = expected.what === 'revoked'
  const story = async (): Promise<Story> => {
    const told = stories.get(name)
    if (!told) throw new Error('There is no such story')
    return told
  }

  it('when the databases are refreshed: the person is told, and the cached ones stay', async () => {
    const { search } = await story()
    const told = expected.search && [{ connectionId: expect.any(Number), code: expected.search }]
    expect(search.stale).toEqual(told ?? [])
    expect(search.databases).toHaveLength(1)
  })

  it('when rows are listed: the reading says how it ended, and no to-do is lost', async () => {
    const { before, rows, rowsAccessible } = await story()
    expect(rows.sync).toMatchObject(expected.rows)
    expect(texts(rows)).toEqual(texts(before))
    expect(rowsAccessible).toBe(!(name === '403' || name === '404'))
  })

  it("when a page's blocks are read: the list is not called complete, and no to-do is lost", async () => {
    const { before, blocks } = await story()
    expect(blocks.sync).toMatchObject(expected.blocks)
    expect(texts(blocks)).toEqual(texts(before))
    const named = blocks.sync.incompletePages.map(({ title }) => title)
    expect(named).toEqual(expected.blocks === partial ? ['First'] : [])
  })

  it('when a tick is written: it is saved later, or the item says why not; trying again works', async () => {
    const told = await story()
    expect(told.tick).toEqual(expected.tick)
    expect(told.tickAgain).toEqual(saved)
  })

  it('and only a refused token takes the connection out of use', async () => {
    const { statuses } = await story()
    const each = isRefused ? 'needs_reauthorization' : 'connected'
    expect(statuses).toEqual({ rows: each, blocks: each, tick: each, search: each })
  })

  it('and once it works again, everything does', async () => {
    const { before, after } = await story()
    expect(texts(after)).toEqual(texts(before))
    expect(after.sync).toMatchObject(whole)
    expect(after.todos.find(({ text }) => text === 'one')).toMatchObject({ checked: true, write: saved })
  })
})

describe('a token that Notion refuses', () => {
  let victim: Reader
  let neighbour: Reader

  beforeAll(async () => {
    victim = await newReader('victim', world())
    neighbour = await newReader('neighbour', world())
    await notion.token({ op: 'revoke', bot_id: victim.botId })
  })

  it('is not used again: Notion is asked once, then the person is asked to reconnect', async () => {
    const asked = async () =>
      (await notion.ledger()).entries.filter(
        ({ status: code, path }) => code === 401 && path === '/v1/search',
      ).length
    const before = await asked()
    for (let times = 0; times < 3; times += 1) {
      expect((await searchAgain(victim.browser)).stale).toEqual([
        { connectionId: victim.connectionId, code: 'NOTION_TOKEN_INVALID' },
      ])
    }
    expect(await asked()).toBe(before + 1)
    expect(await statusOf(victim.browser)).toBe('needs_reauthorization')
  })

  it('leaves the to-dos readable and says why they grow old', async () => {
    const { sync, todos } = await readAgain(victim.browser)
    expect(sync).toMatchObject({ state: 'failed', code: 'NOTION_TOKEN_INVALID' })
    expect(todos.length).toBeGreaterThan(0)
  })

  it("leaves other people's connections alone", async () => {
    expect(await statusOf(neighbour.browser)).toBe('connected')
    expect((await readAgain(neighbour.browser)).sync).toMatchObject(whole)
  })

  it('is replaced by connecting again; lists work at once, as they were', async () => {
    const before = texts(await readTodos(victim.browser))
    const again = await connect(victim.browser, victim.workspace.seed.id)
    expect(again.workspace).toMatchObject({ connectionId: victim.connectionId, status: 'connected' })
    const after = await readAgain(victim.browser)
    expect(after.sync).toMatchObject(whole)
    expect(texts(after)).toEqual(before)
  })
})

describe('with nothing in the cache to show instead', () => {
  it.each([
    ['NOTION_ACCESS_DENIED', 403],
    ['NOTION_API_ERROR', 400],
  ] as const)('a failed search is answered with %s', async (code, httpStatus) => {
    const reader = await newReader(`empty ${code}`, world())
    await database.rows('delete from public.notion_database where user_id = $1', [reader.userId])
    await notion.fault({ path: '/v1/search', bot_id: reader.botId, what: status(httpStatus) })
    expectRefusal(await reader.browser.get('/api/search-notion'), code)
  })

  it('a search with a token that Notion refuses is answered with NOTION_TOKEN_INVALID', async () => {
    const reader = await newReader('empty and revoked', world())
    await database.rows('delete from public.notion_database where user_id = $1', [reader.userId])
    await notion.token({ op: 'revoke', bot_id: reader.botId })
    expectRefusal(await reader.browser.get('/api/search-notion'), 'NOTION_TOKEN_INVALID')
  })

  it('and somebody who has connected nothing is asked to connect', async () => {
    const reader = await newReader('disconnected', world())
    await database.rows('update public.notion_access_token_user set deleted_at = now() where user_id = $1', [
      reader.userId,
    ])
    expectRefusal(await reader.browser.get('/api/search-notion'), 'NOTION_NOT_CONNECTED')
  })
})

describe('a tick that Notion refused because the connection was taken away', () => {
  it('is saved by itself once the workspace is connected again; another person’s stays as it is', async () => {
    const [reader, other] = await Promise.all([
      newReader('refused ticks', world()),
      newReader('refused ticks of somebody else', world()),
    ])
    const idOf = async ({ browser }: Reader) =>
      (await readTodos(browser)).todos.find(({ text }) => text === 'one')?.notionId ?? ''
    const writeOf = async ({ browser }: Reader) =>
      (await readTodos(browser)).todos.find(({ text }) => text === 'one')?.write
    for (const one of [reader, other]) {
      await notion.token({ op: 'revoke', bot_id: one.botId })
      expect(await tick(one.browser, await idOf(one), true)).toEqual(refused('NOTION_TOKEN_INVALID'))
    }
    await connect(reader.browser, reader.workspace.seed.id)
    await eventually('the tick', async () => (await writeOf(reader))?.state === 'saved')
    expect(await writeOf(other)).toEqual(refused('NOTION_TOKEN_INVALID'))
  })
})

describe('right after connecting, while Notion is still indexing', () => {
  afterAll(() => notion.settings({ search_lag_ms: 0 }))

  it('a search that found nothing says that there may be more, and finds it when asked again', async () => {
    // Only the page around the database is shared by name, so that the database waits for the index.
    const { seed } = simpleWorkspace('lagging', [{ title: 'Row' }])
    const [inside, row] = [seed.databases[0], seed.pages[0]]
    if (!inside || !row) throw new Error('There is no database')
    const around = { id: randomUUID(), blocks: [childDatabase(inside.id)] }
    seed.pages.push({
      ...row,
      ...around,
      parent: { type: 'workspace' },
      properties: { title: cell.title('Around') },
    })
    inside.parent = { type: 'page_id', page_id: around.id }
    await notion.seed(seed)
    await notion.settings({ search_lag_ms: 3_000 })
    const { browser } = await signUp(stack.app.url)
    expect(await connect(browser, seed.id)).toMatchObject({ databases: [], indexing: true })
    expect(await searchAgain(browser)).toMatchObject({ databases: [], indexing: true })
    const later = await eventually('the rest', async () => {
      const reply = await searchAgain(browser)
      return reply.databases.length > 0 && reply
    })
    expect(later.databases).toHaveLength(1)
  })

  it('it stops saying so after a while, little or nothing', async () => {
    const reader = await newReader('indexing', world())
    const connectedAgo = (minutes: number) =>
      database.rows(
        `update public.notion_access_token set created_at = now() - make_interval(mins => $2)
         where user_id = $1`,
        [reader.userId, minutes],
      )
    const { databases, indexing } = await searchAgain(reader.browser)
    expect([databases.length, indexing]).toEqual([1, true])
    await connectedAgo(2)
    expect((await searchAgain(reader.browser)).indexing).toBe(false)

    await notion.edit({ op: 'unshare', id: reader.workspace.databaseId, bot_id: reader.botId })
    await database.rows('delete from public.notion_database where user_id = $1', [reader.userId])
    expect(await searchAgain(reader.browser)).toMatchObject({ databases: [], indexing: true })
    await connectedAgo(11)
    expect(await searchAgain(reader.browser)).toMatchObject({ databases: [], indexing: false })
  })
})
