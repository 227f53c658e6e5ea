import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FaultRule } from '../../sandbox/notion/faults.ts'
import type { LedgerEntry } from '../../sandbox/notion/ledger.ts'
import type { Todo, TodosReply } from '../../shared/schemas/todo.ts'
import { eventually } from '../support/eventually.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { expectedTodos, simpleWorkspace } from '../support/notion-workspace.ts'
import type { Reader } from '../support/reader.ts'
import { botIdOf, newReader, readAgain, readingEnds, readTodos } from '../support/reader.ts'
import type { TestStack } from '../support/stack.ts'
import { startTestStack } from '../support/stack.ts'

// S43, R52, R53: every kind of fault on every endpoint the app uses, for reading and for writing, in any mixture.
// In an installation of its own: faults of the token endpoint are nobody's in particular.

const PATIENCE_MS = 120_000
const RETRY_AFTER_S = 2
/** What was on its way when the refusal was read still arrives. */
const ON_ITS_WAY_MS = 500

/** Addresses, and what is asked there. */
const READING = ['/v1/data_sources/*/query', '/v1/blocks/*/children', '/v1/search']
const WRITING = ['/v1/blocks/*', '/v1/pages/*']
const TOKENS = '/v1/oauth/token'

let stack: TestStack
let notion: NotionControl
let database: Inspector
let reader: Reader

beforeAll(async () => {
  stack = await startTestStack()
  notion = new NotionControl(stack.environment.NOTION_API_URL ?? '')
  database = await Inspector.open(stack.environment.DATABASE_URL, stack.dir)
  await notion.settings({ rate_limit: 'off' })
  const key = 'any fault'
  const workspace = simpleWorkspace(
    key,
    Array.from({ length: 5 }, (_, index) => ({
      title: `Page ${index}`,
      blocks: (b) => [b.todo(`first ${index}`), b.toggle('more', [b.todo(`second ${index}`)])],
    })),
  )
  reader = await newReader(key, { appUrl: stack.app.url, notion, database }, workspace)
  // What is tried here is not how the budget is learnt.
  await database.rows('update roundup_internal.notion_gate set budget = 100000')
}, 120_000)

afterAll(async () => {
  await database?.close()
  await stack?.stop()
})

const busy = fc
  .constantFrom(429, 529)
  .map((status) => ({ kind: 'status', status, retry_after: RETRY_AFTER_S }) as const)
const down = fc.constantFrom(502, 503, 504).map((status) => ({ kind: 'status', status }) as const)
const refusal = fc
  .constantFrom(400, 403, 404, 409, 500)
  .map((status) => ({ kind: 'status', status }) as const)
const broken = fc.constantFrom<FaultRule['what']>(
  { kind: 'reset' },
  { kind: 'garbage' },
  { kind: 'truncate' },
  { kind: 'html' },
)
const often = { times: fc.integer({ min: 1, max: 6 }), skip: fc.integer({ min: 0, max: 6 }) }
const fault: fc.Arbitrary<FaultRule> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      path: fc.constantFrom(...READING, ...WRITING, '/v1/**'),
      ...often,
      what: fc.oneof(busy, down, refusal, broken),
    }),
  },
  // A refusal for good of a refresh ends a connection, as it should (refresh.spec.ts).
  {
    weight: 1,
    arbitrary: fc.record({
      path: fc.constant(TOKENS),
      times: fc.integer({ min: 1, max: 2 }),
      what: fc.oneof(busy, down),
    }),
  },
)
/** The first one meets every endpoint. */
const everywhere: FaultRule[] = [...READING, ...WRITING, TOKENS].map((path) => ({
  path,
  what: { kind: 'status', status: 429, retry_after: RETRY_AFTER_S },
}))

const texts = ({ todos }: TodosReply) =>
  todos
    .filter(({ kind }) => kind === 'block')
    .map(({ text }) => text)
    .sort()

/** To-dos as they are once nothing is on its way to Notion any more. */
function settled(): Promise<TodosReply> {
  return eventually(
    'the end of the writes',
    async () => {
      const reply = await readTodos(reader.browser)
      return reply.todos.every(({ write }) => write.state !== 'waiting') && reply
    },
    PATIENCE_MS,
  )
}

/** Is it done in Notion itself? Asked with a token of our own. */
async function isDone({ notionId, kind }: Todo, token: string): Promise<boolean> {
  if (kind === 'block') return (await notion.block(notionId, token)).to_do?.checked ?? false
  const response = await fetch(`${notion.url}/v1/pages/${notionId}`, {
    headers: { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' },
  })
  const page = (await response.json()) as { properties: { Done: { checkbox: boolean } } }
  return page.properties.Done.checkbox
}

/** Requests that were sent although Notion had asked to wait. */
function impatient(entries: LedgerEntry[]): string[] {
  const own = entries.filter(({ botId }) => botId === reader.botId)
  return own
    .filter(({ status }) => status === 429 || status === 529)
    .flatMap((refused) => {
      const heardAt = Date.parse(refused.time) + refused.durationMs
      return own.filter(({ time }) => {
        const sinceMs = Date.parse(time) - heardAt
        return sinceMs > ON_ITS_WAY_MS && sinceMs < RETRY_AFTER_S * 1_000 - 50
      })
    })
    .map(({ method, path, time }) => `${time} ${method} ${path}`)
}

async function isLost(): Promise<boolean> {
  const rows = await database.rows('select 1 from public.notion_database where access = $1', ['lost'])
  return rows.length > 0
}

it(
  'loses nothing, says what is missing, waits when told to, and has the truth once it works again',
  { timeout: 400_000 },
  async () => {
    const { browser, workspace } = reader
    const truth = expectedTodos(workspace.seed)
      .map(({ text }) => text)
      .sort()
    const { access_token: token } = (await notion.token({
      op: 'mint',
      workspace_id: workspace.seed.id,
      kind: 'internal',
    })) as { access_token: string }
    const seed = Date.now() % 1_000_000
    console.info(`seed of the faults: ${seed}`)
    const rules = fc.array(fault, { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(rules, async (planned) => {
        const since = (await notion.ledger()).entries.at(-1)?.seq ?? 0
        const bot_id = await botIdOf(database, reader.userId)
        for (const rule of planned) await notion.fault({ ...rule, ...(rule.path !== TOKENS && { bot_id }) })
        if (planned.some(({ path }) => path === TOKENS)) await notion.token({ op: 'expire', bot_id })

        // A person ticks a box and a row, and looks for databases, while everything is read again.
        const { todos } = await readTodos(browser)
        const ticked = (['block', 'row'] as const).map((kind) => todos.find((todo) => todo.kind === kind))
        const reading = readAgain(browser)
        for (const todo of ticked) {
          const change = { id: todo?.notionId, to_do: { checked: !todo?.checked } }
          expect((await browser.post('/api/toggle-checkbox', change)).status).toBe(200)
        }
        await browser.get('/api/search-notion?refresh=true')
        const during = await reading
        expect(texts(during)).toEqual(truth)
        const { state, complete, incompletePages } = during.sync
        // Incomplete never without a reason: a page, a failure, or a data source that cannot be read.
        if (!complete && state === 'idle' && incompletePages.length === 0) expect(await isLost()).toBe(true)

        await settled()
        await notion.clearFaults()
        for (const todo of (await readTodos(browser)).todos) {
          if (todo.write.state === 'saved') continue
          const action = todo.write.state === 'conflict' ? 'keep-mine' : 'retry'
          await browser.post('/api/todos/write', { id: todo.notionId, action })
        }
        await settled()
        expect((await browser.post('/api/sync', {})).status).toBe(202)
        const healed = await readingEnds(browser)
        expect(texts(healed)).toEqual(truth)
        expect(healed.sync).toMatchObject({ state: 'idle', complete: true })
        for (const todo of ticked) {
          const now = healed.todos.find(({ id }) => id === todo?.id)
          expect(now).toMatchObject({ checked: !todo?.checked, write: { state: 'saved' } })
          if (now) expect(await isDone(now, token)).toBe(now.checked)
        }
        expect(impatient((await notion.ledger(since)).entries)).toEqual([])
      }),
      { seed, numRuns: 3, endOnFailure: true, examples: [[everywhere]] },
    )
    const { byEndpoint } = (await notion.ledger()).counters
    expect(Object.keys(byEndpoint)).toEqual(
      expect.arrayContaining([
        'POST /v1/search',
        'POST /v1/data_sources/{data_source_id}/query',
        'GET /v1/blocks/{block_id}/children',
        'PATCH /v1/blocks/{block_id}',
        'PATCH /v1/pages/{page_id}',
        'POST /v1/oauth/token',
      ]),
    )
  },
)
