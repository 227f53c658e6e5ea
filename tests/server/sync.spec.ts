import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { FaultRule } from '../../sandbox/notion/faults.ts'
import type { LedgerEntry } from '../../sandbox/notion/ledger.ts'
import { TodoListReplySchema } from '../../shared/schemas/todo-list.ts'
import type { TodosReply } from '../../shared/schemas/todo.ts'
import type { Browser } from '../support/browser.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import type { SimpleWorkspace } from '../support/notion-workspace.ts'
import { expectedTodos, simpleWorkspace } from '../support/notion-workspace.ts'
import { connect, signUp } from '../support/people.ts'
import { readingEnds } from '../support/reader.ts'

// R55, R62, R63: what a refresh costs, what it notices, and that nothing is ever lost or forgotten.

let notion: NotionControl
let database: Inspector

beforeAll(async () => {
  notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
})

afterAll(() => database.close())

/** Connects and reads a workspace of so many pages with two boxes each, the second in a toggle. */
async function read(
  key: string,
  pages: number,
): Promise<{ browser: Browser; workspace: SimpleWorkspace; botId: string }> {
  const workspace = simpleWorkspace(
    key,
    Array.from({ length: pages }, (_, index) => ({
      title: `Page ${index}`,
      blocks: (b) => [b.todo(`first ${index}`), b.toggle('more', [b.todo(`second ${index}`)])],
    })),
  )
  await notion.seed(workspace.seed)
  const { browser } = await signUp(inject('appUrl'))
  await connect(browser, workspace.seed.id)
  const made = await browser.post('/api/todo-lists', { name: 'All', databaseIds: [workspace.dataSourceId] })
  TodoListReplySchema.parse(made.json)
  await readingEnds(browser)
  const [row] = await database.rows<{ bot_id: string }>(
    'select bot_id from public.notion_access_token where workspace_id = $1',
    [workspace.seed.id],
  )
  return { browser, workspace, botId: row?.bot_id ?? '' }
}

/** A refresh, and what Notion was asked for it. */
async function refresh({ browser, botId }: { browser: Browser; botId: string }, full = false) {
  const since = (await notion.ledger()).entries.at(-1)?.seq ?? 0
  expect((await browser.post('/api/sync', { full })).status).toBe(202)
  const reply = await readingEnds(browser)
  const asked = (await notion.ledger(since)).entries.filter((entry) => entry.botId === botId)
  return { reply, asked: asked.map(({ method, endpoint }: LedgerEntry) => `${method} ${endpoint}`) }
}

const QUERY = 'POST /v1/data_sources/{data_source_id}/query'
const texts = ({ todos }: TodosReply) =>
  todos
    .filter(({ kind }) => kind === 'block')
    .map(({ text }) => text)
    .sort()

describe.each([20, 130])('a refresh of %i pages', (pages) => {
  it(
    'costs one request when nothing has changed, and one walk for each page that has',
    { timeout: 150_000 },
    async () => {
      const person = await read(`refresh ${pages}`, pages)
      const { workspace } = person
      expect((await refresh(person)).asked).toEqual([QUERY])

      const [, toggle] = workspace.seed.pages[3]?.blocks ?? []
      await notion.edit({ op: 'set_text', block_id: toggle?.children?.[0]?.id ?? '', text: 'edited' })
      const changed = await refresh(person)
      expect(changed.asked.length).toBe(3)
      expect(texts(changed.reply)).toContain('edited')
      expect(changed.reply.sync).toMatchObject({ state: 'idle', complete: true })

      // Within the same minute: the edit time is the same, the text is not.
      await notion.edit({ op: 'set_text', block_id: toggle?.children?.[0]?.id ?? '', text: 'edited again' })
      expect(texts((await refresh(person)).reply)).toContain('edited again')

      await notion.edit({ op: 'trash', id: workspace.pageIds[5] ?? '' })
      expect(texts((await refresh(person, true)).reply)).not.toContain('first 5')
    },
  )
})

describe('a page with a part that is closed to us', () => {
  it('is named as incomplete, and still lets go of what left it', async () => {
    const workspace = simpleWorkspace('closed part', [
      {
        title: 'Half open',
        blocks: (b) => [
          b.todo('stays'),
          b.todo('leaves'),
          b.block(
            'synced_block',
            { synced_from: { type: 'block_id', block_id: '0b0b0b0b-0000-4000-8000-000000000001' } },
            [b.todo('elsewhere')],
          ),
        ],
      },
    ])
    await notion.seed(workspace.seed)
    const { browser } = await signUp(inject('appUrl'))
    await connect(browser, workspace.seed.id)
    await browser.post('/api/todo-lists', { name: 'All', databaseIds: [workspace.dataSourceId] })
    const first = await readingEnds(browser)
    expect(first.sync.complete).toBe(false)
    expect(first.sync.incompletePages).toMatchObject([{ title: 'Half open', reasons: ['not_shared'] }])
    await notion.edit({ op: 'trash', id: workspace.seed.pages[0]?.blocks[1]?.id ?? '' })
    await browser.post('/api/sync', {})
    expect(texts(await readingEnds(browser))).toEqual(['stays'])
  })
})

describe('whatever Notion does', () => {
  const fault: fc.Arbitrary<FaultRule> = fc.record({
    path: fc.constantFrom(
      '/v1/data_sources/*/query',
      '/v1/blocks/*/children',
      '/v1/search',
      '/v1/pages/*',
      '/v1/**',
    ),
    times: fc.integer({ min: 1, max: 6 }),
    skip: fc.integer({ min: 0, max: 6 }),
    what: fc.oneof(
      fc.constantFrom<FaultRule['what']>(
        { kind: 'reset' },
        { kind: 'garbage' },
        { kind: 'truncate' },
        { kind: 'html' },
      ),
      fc
        .constantFrom(400, 403, 404, 409, 500, 502, 503, 504)
        .map((status) => ({ kind: 'status', status }) as const),
      fc.constantFrom(429, 529).map((status) => ({ kind: 'status', status, retry_after: 1 }) as const),
    ),
  })

  it(
    'loses nothing, says when something is missing, and has the truth once it works again',
    { timeout: 400_000 },
    async () => {
      const person = await read('any fault', 8)
      const truth = expectedTodos(person.workspace.seed)
        .map(({ text }) => text)
        .sort()
      const seed = Date.now() % 1_000_000
      console.info(`seed of the faults: ${seed}`)
      await fc.assert(
        fc.asyncProperty(fc.array(fault, { minLength: 1, maxLength: 3 }), async (rules) => {
          for (const rule of rules) await notion.fault({ ...rule, bot_id: person.botId })
          const { reply } = await refresh(person, true)
          expect(texts(reply)).toEqual(truth)
          const { state, complete, incompletePages } = reply.sync
          // Incomplete never without a reason: a page, a failure, or a data source that cannot be read.
          if (!complete && state === 'idle' && incompletePages.length === 0) {
            const [lost] = await database.rows(
              'select 1 from public.notion_database where data_source_id = $1 and access = $2',
              [person.workspace.dataSourceId, 'lost'],
            )
            expect(lost).toBeDefined()
          }
          await notion.clearFaults()
          const healed = await refresh(person)
          expect(texts(healed.reply)).toEqual(truth)
          expect(healed.reply.sync).toMatchObject({ state: 'idle', complete: true })
        }),
        { seed, numRuns: 2, endOnFailure: true },
      )
    },
  )
})
