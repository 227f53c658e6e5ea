import { afterAll, beforeAll, expect, it } from 'vitest'
import type { App } from '../support/app.ts'
import { startApp } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { NotionControl } from '../support/notion-control.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'
import { connect, signUp } from '../support/people.ts'
import { readingEnds, readTodos } from '../support/reader.ts'
import type { TestStack } from '../support/stack.ts'
import { startTestStack } from '../support/stack.ts'

// R63, R96, R125: a run survives its process.

const PAGES = 60
const LATENCY_MS = 150

let stack: TestStack
let second: App | undefined
let notion: NotionControl

beforeAll(async () => {
  stack = await startTestStack()
  notion = new NotionControl(stack.environment.NOTION_API_URL ?? '')
  await notion.settings({ rate_limit: 'off' })
}, 120_000)

afterAll(async () => {
  await second?.stop()
  await stack.stop()
})

it(
  'goes on at the page where it was when its process was killed, within seconds',
  { timeout: 150_000 },
  async () => {
    const workspace = simpleWorkspace(
      'resume',
      Array.from({ length: PAGES }, (_, index) => ({
        title: `Page ${index}`,
        blocks: (b) => [b.todo(`first ${index}`), b.toggle('more', [b.todo(`second ${index}`)])],
      })),
    )
    await notion.seed(workspace.seed)
    const { browser } = await signUp(stack.app.url)
    await connect(browser, workspace.seed.id)
    await notion.fault({ path: '/v1/**', times: null, what: { kind: 'latency', ms: LATENCY_MS } })
    const since = (await notion.ledger()).entries.at(-1)?.seq ?? 0
    await browser.post('/api/todo-lists', { name: 'All', databaseIds: [workspace.dataSourceId] })
    await eventually(
      'a part of the reading',
      async () => (await readTodos(browser)).sync.pagesDone >= 15,
      40_000,
    )

    await stack.app.kill()
    const { port } = new URL(stack.app.url)
    second = await startApp(Number(port), stack.environment)
    const before = await readTodos(browser)
    expect(before.sync).toMatchObject({ state: 'running', complete: false })
    expect(before.sync.pagesDone).toBeGreaterThanOrEqual(15)
    await eventually(
      'the next page',
      async () => (await readTodos(browser)).sync.pagesDone > before.sync.pagesDone,
      15_000,
    )
    await notion.clearFaults()
    const { sync, todos } = await readingEnds(browser)
    expect(sync).toMatchObject({ state: 'idle', complete: true, pagesDone: PAGES, pagesTotal: PAGES })
    expect(todos.filter(({ kind }) => kind === 'block')).toHaveLength(PAGES * 2)

    // One list, and a body and a toggle for each page; again only what the pages in hand had cost.
    const asked = (await notion.ledger(since)).entries.length
    console.info(`${asked} requests for ${1 + PAGES * 2}`)
    expect(asked).toBeLessThanOrEqual(1 + PAGES * 2 + 12 * 2)
  },
)
