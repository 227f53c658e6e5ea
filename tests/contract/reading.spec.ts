import type { Client } from '@notionhq/client'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fetchAllChildBlocks, fetchAllDatabasePages } from '#server/utils/notion-pagination'
import { createNotionClient } from '#server/notion/client'
import { suggestCounting } from '#server/notion/counting'
import { createGate } from '#server/notion/gate'
import { rowToTodo } from '#server/notion/rows'
import { resolveDatabaseId, searchDataSources } from '#server/notion/search'
import { readPageBody } from '#server/notion/walk'
import { setBlockChecked, setRowDone } from '#server/notion/write'
import { demoWorkspaces } from '../../sandbox/notion/demo/workspaces.ts'
import type { BlockSeed } from '../../sandbox/notion/seed-format.ts'
import type { NotionServer } from '../../sandbox/notion/server.ts'
import { createNotionServer } from '../../sandbox/notion/server.ts'
import type { WorkspaceSeed } from '../support/notion-workspace.ts'
import {
  expectedTodos,
  expectedTodosOnPage,
  readablePageIds,
  simpleWorkspace,
  workspaceArbitrary,
} from '../support/notion-workspace.ts'

/** What reads Notion, against the stand-in: everything is found, and it costs what it must and no more. */

const TOKEN = 'ntn_reading_contract'
let notion: NotionServer
let warnings: string[]

beforeAll(async () => {
  notion = await createNotionServer({ port: 0, rateLimit: 'off' })
})
afterAll(() => notion.close())
beforeEach(() => {
  warnings = []
})
afterEach(() => {
  // The SDK drops unknown arguments with a warning: nothing we send may be one of them.
  expect(warnings.filter((message) => message.includes('unknown'))).toEqual([])
})

/** A stand-in that holds this workspace alone, and a client that may read all of it. */
function connect(seed: WorkspaceSeed, gate = createGate({ budgetPerWindow: 1_000_000 })): Client {
  notion.world.clear()
  notion.world.addWorkspace({ ...seed, tokens: [{ token: TOKEN, kind: 'internal' }] })
  return createNotionClient({
    token: TOKEN,
    apiUrl: notion.url,
    gate,
    priority: 'background',
    log: (_level, message) => warnings.push(message),
  })
}

function demo(): WorkspaceSeed {
  const [acme] = demoWorkspaces(new Date('2026-11-20T12:00:00Z'))
  if (!acme) throw new Error('The demo has no workspace')
  return acme
}

/** Reads every page; compares with what the seed says is on it. Answers what it cost. */
async function readAndCompare(client: Client, seed: WorkspaceSeed) {
  const cost = { todos: 0, requests: 0, formula: 0, probes: 0 }
  for (const pageId of readablePageIds(seed)) {
    const { todos, completeness } = await readPageBody(client, pageId)
    expect(
      todos.map(({ notionId, text, checked, parentNotionId, depth, viaCopy }) => ({
        id: notionId,
        text,
        checked,
        pageId,
        parentTodoId: parentNotionId,
        depth,
        viaCopy,
      })),
    ).toEqual(expectedTodosOnPage(seed, pageId))
    expect(todos.map(({ position }) => position)).toEqual(todos.map((_todo, index) => index))
    expect(completeness.safeToRemove).toBe(true)
    expect(completeness.complete).toBe(completeness.unreadable.length === 0)
    const expected = requestsFor(seed, pageId)
    expect(completeness.requests).toBe(expected.formula + expected.probes)
    cost.todos += todos.length
    cost.requests += completeness.requests
    cost.formula += expected.formula
    cost.probes += expected.probes
  }
  expect(notion.world.ledger.counters().total).toBe(cost.requests)
  return cost
}

/**
 * What reading a body costs, from the seed: ⌈children ∕ 100⌉ for the page and each container on it, at least one
 * for the page (R55). `probes` are lists of which Notion does not tell beforehand that they are empty or not
 * shared: behind a synced copy, and behind the pointers of meeting notes.
 */
function requestsFor(seed: WorkspaceSeed, pageId: string): { formula: number; probes: number } {
  const cost = { formula: 0, probes: 0 }
  const opened = new Set<string>()
  const bodies = bodiesOf(seed)
  const readable = new Set(readablePageIds(seed))

  function open(listId: string, unannounced: boolean): void {
    if (opened.has(listId)) return
    opened.add(listId)
    const body = bodies.get(listId)
    const children = body && readable.has(body.pageId) ? body.children : []
    cost.formula += Math.ceil(children.length / 100)
    if (children.length === 0 && unannounced) cost.probes += 1
    // A list that its own block announces as empty is not asked for, but may still be through a copy.
    if (children.length === 0 && !unannounced) opened.delete(listId)
    for (const child of children) enter(child)
  }

  function enter({ id, type, content }: BlockSeed): void {
    if (['table', 'unsupported', 'child_page', 'child_database', 'link_to_page'].includes(type)) return
    const source = type === 'synced_block' ? (content['synced_from'] as { block_id: string } | null) : null
    const sections = content['children'] as Record<string, string> | undefined
    if (source) open(source.block_id, true)
    else if (type === 'meeting_notes' && sections) {
      for (const key of ['summary_block_id', 'notes_block_id']) open(sections[key] ?? '', true)
    } else open(id, false)
  }

  open(pageId, false)
  return { ...cost, formula: Math.max(1, cost.formula) }
}

interface Body {
  pageId: string
  /** As Notion lists them: without what is in the trash, and with child pages that no block placed. */
  children: BlockSeed[]
}

function bodiesOf(seed: WorkspaceSeed): Map<string, Body> {
  const bodies = new Map<string, Body>()
  const placed = new Set<string>()
  const add = (id: string, pageId: string, blocks: BlockSeed[]) => {
    const children = blocks.filter((block) => block.in_trash !== true)
    bodies.set(id, { pageId, children })
    for (const child of children) {
      if (child.type === 'child_page' || child.type === 'child_database') placed.add(child.id)
      else add(child.id, pageId, child.children ?? [])
    }
  }
  for (const page of seed.pages) add(page.id, page.id, page.blocks)
  for (const { id, parent, in_trash: inTrash } of [...seed.pages, ...seed.databases]) {
    const parentId =
      parent.type === 'page_id' ? parent.page_id : parent.type === 'block_id' ? parent.block_id : ''
    if (!placed.has(id) && !inTrash)
      bodies.get(parentId)?.children.push({ id, type: 'child_page', content: {} })
  }
  return bodies
}

describe('completeness', () => {
  it('finds in generated workspaces exactly the to-dos that exist, for exactly the requests it takes', async () => {
    const total = { workspaces: 0, todos: 0, requests: 0, formula: 0, probes: 0 }
    await fc.assert(
      fc.asyncProperty(workspaceArbitrary({ maxRows: 3 }), async (seed) => {
        const cost = await readAndCompare(connect(seed), seed)
        total.workspaces += 1
        for (const key of ['todos', 'requests', 'formula', 'probes'] as const) total[key] += cost[key]
      }),
      { numRuns: 100 },
    )
    console.log('generated:', total)
    expect(total.requests).toBe(total.formula + total.probes)
    expect(total.todos).toBeGreaterThan(total.workspaces)
  }, 120_000)

  it('finds everything in the demo, and says what is not shared', async () => {
    const seed = demo()
    const client = connect(seed)
    const cost = await readAndCompare(client, seed)
    console.log('demo:', cost)
    expect(cost.todos).toBeGreaterThanOrEqual(300)
    const unreadable = await Promise.all(
      readablePageIds(seed).map(async (id) => (await readPageBody(client, id)).completeness.unreadable),
    )
    expect(unreadable.flat().map(({ reason }) => reason)).toContain('not_shared')
  })

  it('never sees a to-do twice in the whole demo, copies aside', async () => {
    const seed = demo()
    const client = connect(seed)
    const readings = await Promise.all(readablePageIds(seed).map((id) => readPageBody(client, id)))
    const own = readings.flatMap(({ todos }) => todos.filter(({ viaCopy }) => !viaCopy))
    expect(own.map(({ notionId }) => notionId)).toEqual(expectedTodos(seed).map(({ id }) => id))
  })

  it('fetchAllChildBlocks sees every block the walk sees, once', async () => {
    const seed = demo()
    const client = connect(seed)
    for (const pageId of readablePageIds(seed)) {
      const { blocks, wasLimited } = await fetchAllChildBlocks(client, pageId)
      const ids = blocks.map(({ block }) => block.id)
      expect(new Set(ids).size).toBe(ids.length)
      expect(wasLimited).toBe(false)
      expect(ids.length).toBe((await readPageBody(client, pageId)).completeness.blocksSeen)
    }
  })
})

describe('under pressure', () => {
  it('loses nothing when the stand-in counts requests', async () => {
    const seed = demo()
    // The windows of both are a second long: what the gate learns from a refusal counts for one of them.
    const client = connect(seed, createGate({ budgetPerWindow: 1_000_000, windowMs: 1_000 }))
    notion.world.rateLimit.budget = 40
    notion.world.rateLimit.windowMs = 1_000
    try {
      const readings = await Promise.all(readablePageIds(seed).map((id) => readPageBody(client, id)))
      const found = readings.flatMap(({ todos }) => todos.filter(({ viaCopy }) => !viaCopy))
      expect(found.map(({ notionId }) => notionId)).toEqual(expectedTodos(seed).map(({ id }) => id))
      expect(readings.every(({ completeness }) => completeness.safeToRemove)).toBe(true)
      expect(notion.world.ledger.counters().rateLimited).toBeGreaterThan(0)
    } finally {
      notion.world.rateLimit.budget = 'off'
    }
  })

  it.each(['reset', 'truncate', 'garbage'] as const)(
    'gets over a reply that is broken by %s',
    async (kind) => {
      const { seed, pageIds } = simpleWorkspace(kind, [{ blocks: (b) => [b.todo('one', [b.todo('two')])] }])
      const client = connect(seed)
      const what = kind === 'reset' ? { kind, after_commit: false } : { kind }
      notion.world.faults.add({ path: '/v1/blocks/**', times: 2, skip: 1, what })
      const { todos, completeness } = await readPageBody(client, pageIds[0] ?? '')
      expect(todos.map(({ text }) => text)).toEqual(['one', 'two'])
      expect(completeness.safeToRemove).toBe(true)
      expect(completeness.complete).toBe(completeness.unreadable.length === 0)
      expect(notion.world.ledger.counters().total).toBe(4)
    },
  )

  it('reads a long page again when its cursors are forgotten half-way', async () => {
    const texts = Array.from({ length: 350 }, (_unused, n) => `t${n}`)
    const { seed, pageIds } = simpleWorkspace('cursors', [
      { blocks: (b) => texts.map((text) => b.todo(text)) },
    ])
    const client = connect(seed)
    let requests = 0
    const listed = client.blocks.children.list
    client.blocks.children.list = (args) => {
      if ((requests += 1) === 3) notion.world.cursors.clear()
      return listed(args)
    }
    const { todos, completeness } = await readPageBody(client, pageIds[0] ?? '')
    expect(todos.map(({ text }) => text)).toEqual(texts)
    expect(completeness).toMatchObject({ complete: true, requests: 7 })
  })
})

describe('databases, rows and ticks', () => {
  it('finds every database of the demo, and its rows for one request per hundred', async () => {
    const seed = demo()
    const client = connect(seed)
    const { dataSources, complete } = await searchDataSources(client)
    const expected = seed.databases.filter((database) => !database.private && !database.in_trash)
    expect(complete).toBe(true)
    expect(dataSources.map(({ dataSourceId }) => dataSourceId).sort()).toEqual(
      expected.flatMap((database) => database.data_sources.map(({ id }) => id)).sort(),
    )
    for (const { dataSourceId, databaseId } of dataSources) {
      const rows = seed.pages.filter(
        ({ parent, in_trash: inTrash }) =>
          parent.type === 'data_source_id' && parent.data_source_id === dataSourceId && !inTrash,
      )
      const before = notion.world.ledger.counters().total
      const { pages, wasLimited } = await fetchAllDatabasePages(client, dataSourceId)
      expect(pages.map(({ id }) => id).sort()).toEqual(rows.map(({ id }) => id).sort())
      expect(wasLimited).toBe(false)
      expect(notion.world.ledger.counters().total - before).toBe(Math.max(1, Math.ceil(rows.length / 100)))
      expect((await resolveDatabaseId(client, databaseId)).dataSourceIds).toContain(dataSourceId)
      expect(await resolveDatabaseId(client, dataSourceId)).toEqual({
        databaseId,
        dataSourceIds: [dataSourceId],
      })
    }
  })

  it('ticks every kind of row it counts, there and back, and nothing else on it', async () => {
    const client = connect(demo())
    const kinds = new Set<string>()
    for (const { dataSourceId, properties } of (await searchDataSources(client)).dataSources) {
      const { doneProperty } = suggestCounting(properties)
      const [row] = (await fetchAllDatabasePages(client, dataSourceId)).pages
      if (!doneProperty || !row) continue
      kinds.add(doneProperty.type)
      const before = rowToTodo(row, doneProperty)
      for (const checked of [true, false]) {
        expect((await setRowDone(client, row.id, doneProperty, checked)).checked).toBe(checked)
        const now = rowToTodo(await client.pages.retrieve({ page_id: row.id }), doneProperty)
        expect(now).toEqual({ ...before, checked, lastEditedTime: now?.lastEditedTime })
      }
    }
    expect([...kinds].sort()).toEqual(['checkbox', 'status'])
  })

  it('ticks a to-do without touching its words', async () => {
    const seed = demo()
    const client = connect(seed)
    const [first] = expectedTodos(seed)
    if (!first) throw new Error('The demo has no to-do')
    await setBlockChecked(client, first.id, !first.checked)
    const { todos } = await readPageBody(client, first.pageId)
    expect(todos.find(({ notionId }) => notionId === first.id)).toMatchObject({
      text: first.text,
      checked: !first.checked,
    })
    expect(notion.world.ledger.counters().richTextFlattenings).toBe(0)
  })
})
