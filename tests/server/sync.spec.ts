import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { LedgerEntry } from '../../sandbox/notion/ledger.ts'
import { TodoListReplySchema } from '../../shared/schemas/todo-list.ts'
import type { TodosReply } from '../../shared/schemas/todo.ts'
import type { Browser } from '../support/browser.ts'
import { liftBudget } from '../support/budget.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import type { SimpleWorkspace } from '../support/notion-workspace.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'
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
  const { workspace: connected } = await connect(browser, workspace.seed.id)
  // What is counted here is requests, not how long the budget has them wait.
  await liftBudget((sql, values) => database.rows(sql, values), connected.connectionId)
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
