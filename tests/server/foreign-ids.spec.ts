import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { ROUTES } from '../../shared/api/routes.ts'
import { FeedReplySchema } from '../../shared/schemas/feed.ts'
import type { ErrorCode } from '../../shared/schemas/error.ts'
import { HistoryReplySchema } from '../../shared/schemas/history.ts'
import { MirrorReplySchema } from '../../shared/schemas/mirror.ts'
import { SavedViewReplySchema } from '../../shared/schemas/view.ts'
import type { Answer } from '../support/browser.ts'
import { expectRefusal } from '../support/envelope.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import type { Reader } from '../support/reader.ts'
import { newReader, readTodos, tick } from '../support/reader.ts'

// Every route that takes an id, asked for somebody else's. One that is not in the table fails the test.

const notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
const VIEW = { query: '', group: 'page', sort: 'document', show: 'open' }
let database: Inspector
let bob: Reader
let anns: Owned

/** What ann has, of every kind that has an id. */
interface Owned extends Reader {
  todoId: string
  pageId: number
  viewId: number
  feedId: number
  mirrorId: number
  entry: string
}

interface Attempt {
  /** The route's address with ann's id in it, and what is sent. */
  ask: (anns: Owned, bob: Reader) => { path: string; body?: unknown }
  refusal: ErrorCode
}

const at = (ask: Attempt['ask'], refusal: ErrorCode = 'NOT_FOUND'): Attempt[] => [{ ask, refusal }]

/** By the contract's name of the route. */
const ATTEMPTS: Record<string, Attempt[]> = {
  'DELETE /api/calendar-feeds/:id': at(({ feedId }) => ({ path: `/api/calendar-feeds/${feedId}` })),
  'POST /api/calendar-feeds': at(({ viewId }) => ({
    path: '/api/calendar-feeds',
    body: { viewId, contains: 'both', locale: 'en', timeZone: 'UTC' },
  })),
  'GET /api/connections/:id/log': at(({ connectionId }) => ({
    path: `/api/connections/${connectionId}/log`,
  })),
  'GET /api/databases/:id/counting': at(
    ({ workspace }) => ({ path: `/api/databases/${workspace.dataSourceId}/counting` }),
    'NOTION_DATABASE_NOT_FOUND',
  ),
  'PUT /api/databases/:id/counting': at(
    ({ workspace }) => ({
      path: `/api/databases/${workspace.dataSourceId}/counting`,
      body: { boxes: false, rows: false, done: null },
    }),
    'NOTION_DATABASE_NOT_FOUND',
  ),
  'POST /api/disconnect-notion': at(({ connectionId }) => ({
    path: '/api/disconnect-notion',
    body: { connectionId, lists: 'remove' },
  })),
  'GET /api/export': [
    ...at(({ listId }) => ({ path: `/api/export?format=json&list=${listId}` })),
    ...at(({ viewId }) => ({ path: `/api/export?format=json&view=${viewId}` })),
  ],
  'GET /api/history/:entry': at(({ entry }) => ({ path: `/api/history/${entry}` })),
  'POST /api/history/:entry/undo': at(({ entry }) => ({ path: `/api/history/${entry}/undo`, body: {} })),
  'POST /api/mirrors': [
    ...at(({ listId }, { connectionId, workspace }) => ({
      path: '/api/mirrors',
      body: { listId, connectionId, parentPageId: workspace.pageIds[0] },
    })),
    ...at(({ connectionId, workspace }, { listId }) => ({
      path: '/api/mirrors',
      body: { listId, connectionId, parentPageId: workspace.pageIds[0] },
    })),
    ...at(({ workspace }, { listId, connectionId }) => ({
      path: '/api/mirrors',
      body: { listId, connectionId, parentPageId: workspace.pageIds[0] },
    })),
  ],
  'GET /api/mirrors/:id': at(({ mirrorId }) => ({ path: `/api/mirrors/${mirrorId}` })),
  'PUT /api/mirrors/:id': at(({ mirrorId }) => ({
    path: `/api/mirrors/${mirrorId}`,
    body: { tickBack: true },
  })),
  'DELETE /api/mirrors/:id': at(({ mirrorId }) => ({ path: `/api/mirrors/${mirrorId}?database=trash` })),
  'POST /api/mirrors/:id/sync': at(({ mirrorId }) => ({ path: `/api/mirrors/${mirrorId}/sync` })),
  'GET /api/todos': at(({ listId }) => ({ path: `/api/todos?list=${listId}` })),
  'POST /api/todo-lists': at(
    ({ workspace }) => ({
      path: '/api/todo-lists',
      body: { name: 'Stolen', databaseIds: [workspace.dataSourceId] },
    }),
    'NOTION_DATABASE_NOT_FOUND',
  ),
  'PUT /api/todo-lists/:id': [
    ...at(({ listId }, { workspace }) => ({
      path: `/api/todo-lists/${listId}`,
      body: { name: 'Stolen', databaseIds: [workspace.dataSourceId] },
    })),
    ...at(
      ({ workspace }, { listId }) => ({
        path: `/api/todo-lists/${listId}`,
        body: { name: 'Stolen', databaseIds: [workspace.dataSourceId] },
      }),
      'NOTION_DATABASE_NOT_FOUND',
    ),
  ],
  'DELETE /api/todo-lists/:id': at(({ listId }) => ({ path: `/api/todo-lists/${listId}` })),
  'POST /api/todos/write': at(({ todoId }) => ({
    path: '/api/todos/write',
    body: { id: todoId, action: 'remove' },
  })),
  'POST /api/toggle-checkbox': at(({ todoId }) => ({
    path: '/api/toggle-checkbox',
    body: { id: todoId, to_do: { checked: true } },
  })),
  'PUT /api/views/:id': at(({ viewId }) => ({
    path: `/api/views/${viewId}`,
    body: { name: 'Stolen', view: VIEW },
  })),
  'DELETE /api/views/:id': at(({ viewId }) => ({ path: `/api/views/${viewId}` })),
  'PUT /api/views/default': at(({ viewId }) => ({ path: '/api/views/default', body: { id: viewId } })),
  'PUT /api/views/rules': [
    ...at(({ pageId }) => ({ path: '/api/views/rules', body: { effect: 'hide', target: { page: pageId } } })),
    ...at(({ workspace }) => ({
      path: '/api/views/rules',
      body: { effect: 'hide', target: { database: workspace.dataSourceId } },
    })),
  ],
}

/** Routes that look as if they took one, or answer foreign ids in another way, each with the reason. */
const OTHERWISE: Record<string, string> = {
  'GET /api/auth/:provider/start': 'the name of a provider, which belongs to nobody',
  'GET /api/feeds/:token': 'whoever has the address may read: tests/installation/feeds.spec.ts',
  'POST /api/views': 'a view is what is sent, not one that there is',
  'POST /api/todos/changes': 'answers for each to-do: tested below',
  'PUT /api/views/order': 'passes over what is not there: tested below',
}

/** Names of fields that hold an id of something that belongs to somebody. */
const ID_FIELD = /^(id|ids|list|view|page|database|entry|\w+Ids?)$/
/** What a browser calls its own actions. */
const OWN_FIELDS = new Set(['clientId'])

function fieldsOf(schema: z.ZodType | undefined): string[] {
  if (!schema) return []
  const names: string[] = []
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  JSON.stringify(json, (key, value: unknown) => {
    if (key === 'properties' && typeof value === 'object' && value) names.push(...Object.keys(value))
    return value
  })
  return names
}

function takesAnId(route: {
  summary: string
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
}): boolean {
  const sent = [...fieldsOf(route.query), ...fieldsOf(route.body)]
  return route.params !== undefined || sent.some((name) => ID_FIELD.test(name) && !OWN_FIELDS.has(name))
}

beforeAll(async () => {
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
  const world = { appUrl: inject('appUrl'), notion, database }
  bob = await newReader('foreign bob', world)
  anns = await everythingOf(await newReader('foreign ann', world))
})
afterAll(() => database?.close())

async function everythingOf(ann: Reader): Promise<Owned> {
  const { browser, listId, connectionId, workspace } = ann
  const { view } = SavedViewReplySchema.parse(
    (await browser.post('/api/views', { name: 'Mine', view: VIEW })).json,
  )
  const feed = { viewId: view.id, contains: 'both', locale: 'en', timeZone: 'UTC' }
  const made = FeedReplySchema.parse((await browser.post('/api/calendar-feeds', feed)).json)
  const mirror = { listId, connectionId, parentPageId: workspace.pageIds[0] }
  const mirrored = MirrorReplySchema.parse((await browser.post('/api/mirrors', mirror)).json)
  const [todo] = (await readTodos(browser)).todos
  if (!todo) throw new Error('There is no to-do')
  await tick(browser, todo.notionId, !todo.checked)
  const history = HistoryReplySchema.parse((await browser.get('/api/history')).json)
  return {
    ...ann,
    todoId: todo.notionId,
    pageId: todo.page.id,
    viewId: view.id,
    feedId: made.feed.id,
    mirrorId: mirrored.mirror.id,
    entry: history.entries[0]?.entry ?? '',
  }
}

/** All that ann can see of what is hers, but for what changes by itself. */
async function stateOf({ browser, mirrorId }: Owned) {
  const read = async (path: string) => (await browser.get(path)).json
  const { todos } = await readTodos(browser)
  const mirrors = z.object({ mirror: z.object({ id: z.number(), tickBack: z.boolean() }) })
  return {
    todos,
    lists: await read('/api/todo-lists'),
    views: await read('/api/views'),
    feeds: await read('/api/calendar-feeds'),
    connections: await read('/api/auth-notion'),
    history: await read('/api/history'),
    mirror: mirrors.parse(await read(`/api/mirrors/${mirrorId}`)),
  }
}

const send = (name: string, { path, body }: { path: string; body?: unknown }): Promise<Answer> =>
  bob.browser.ask(name.split(' ', 1)[0] ?? '', path, body === undefined ? {} : { body })

it('every route that takes an id is in the table, and nothing else is', () => {
  const expected = Object.entries(ROUTES).flatMap(([name, route]) => (takesAnId(route) ? [name] : []))
  expect([...Object.keys(ATTEMPTS), ...Object.keys(OTHERWISE)].sort()).toEqual(expected.sort())
})

describe("another person's id does not exist for me, and what is theirs stays as it is", () => {
  it.each(Object.keys(ATTEMPTS))('%s', async (name) => {
    const before = await stateOf(anns)
    for (const { ask, refusal } of ATTEMPTS[name] ?? []) {
      const answer = await send(name, ask(anns, bob))
      expect(answer.status, answer.text).toBe(404)
      expectRefusal(answer, refusal)
    }
    expect(await stateOf(anns)).toEqual(before)
  })

  it('POST /api/todos/changes', async () => {
    const before = await stateOf(anns)
    const changes = [{ id: anns.todoId, checked: true }]
    const body = { clientId: randomUUID(), changes }
    const answer = await send('POST /api/todos/changes', { path: '/api/todos/changes', body })
    expect(answer.json).toMatchObject({ accepted: [] })
    expect(await stateOf(anns)).toEqual(before)
  })

  it('PUT /api/views/order', async () => {
    const before = await stateOf(anns)
    await send('PUT /api/views/order', { path: '/api/views/order', body: { ids: [anns.viewId] } })
    expect(await stateOf(anns)).toEqual(before)
  })
})
