import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { SavedView, ViewsReply } from '../../shared/schemas/view.ts'
import { SavedViewReplySchema, ViewsReplySchema } from '../../shared/schemas/view.ts'
import { expectRefusal } from '../support/envelope.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'
import type { Reader } from '../support/reader.ts'
import { newReader, readTodos } from '../support/reader.ts'

const VIEW = { query: '', group: 'page', sort: 'document', show: 'open' }
let database: Inspector
let ann: Reader
let bob: Reader

beforeAll(async () => {
  const notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
  const world = { appUrl: inject('appUrl'), notion, database }
  const readerOf = (key: string) =>
    newReader(key, world, simpleWorkspace(key, [{ title: 'First', blocks: (b) => [b.todo('one')] }]))
  ann = await readerOf('views ann')
  bob = await readerOf('views bob')
})

afterAll(() => database?.close())

async function viewsOf({ browser }: Reader): Promise<ViewsReply> {
  return ViewsReplySchema.parse((await browser.get('/api/views')).json)
}

async function save({ browser }: Reader, name: string, query = ''): Promise<SavedView> {
  const answer = await browser.post('/api/views', { name, view: { ...VIEW, query } })
  expect(answer.status, answer.text).toBe(201)
  return SavedViewReplySchema.parse(answer.json).view
}

describe('saved views', () => {
  it('are kept in the order and under the names their person gives them, one of them to begin with', async () => {
    const [first, second] = [await save(ann, 'First', 'is:open   call'), await save(ann, 'Second')]
    expect(first.view.query).toBe('is:open call')
    expect((await ann.browser.put('/api/views/order', { ids: [second.id, first.id] })).status).toBe(204)
    const changed = { name: 'Renamed', view: { ...VIEW, query: '@me', sort: 'due' } }
    expect((await ann.browser.put(`/api/views/${first.id}`, changed)).status).toBe(200)
    await ann.browser.put('/api/views/default', { id: second.id })
    await ann.browser.put('/api/views/default', { id: first.id })
    expect(
      (await viewsOf(ann)).views.map(({ name, isDefault, view }) => [name, isDefault, view.query]),
    ).toEqual([
      ['Second', false, ''],
      ['Renamed', true, '@me'],
    ])
    await ann.browser.put('/api/views/default', { id: null })
    expect((await viewsOf(ann)).views.filter(({ isDefault }) => isDefault)).toEqual([])
    for (const { id } of [first, second])
      expect((await ann.browser.delete(`/api/views/${id}`)).status).toBe(204)
    expect((await viewsOf(ann)).views).toEqual([])
  })

  it('are refused with a line that has a mistake, naming the field, and beyond a number', async () => {
    for (const [query, code] of [
      ['is:opne', 'query_bad_value'],
      ['(', 'query_unclosed_group'],
      ['-'.repeat(60) + 'x', 'query_too_deep'],
      ['x '.repeat(400), 'query_too_many'],
    ] as const) {
      const answer = await ann.browser.post('/api/views', { name: 'x', view: { ...VIEW, query } })
      expect(expectRefusal(answer, 'INVALID_REQUEST').issues).toEqual([{ path: 'view.query', code }])
    }
    const views = []
    for (let count = 0; count < 50; count += 1) views.push(await save(bob, `View ${count}`))
    const answer = await bob.browser.post('/api/views', { name: 'One more', view: VIEW })
    expect(expectRefusal(answer, 'INVALID_REQUEST').issues).toEqual([{ path: '', code: 'too_many' }])
    for (const { id } of views) await bob.browser.delete(`/api/views/${id}`)
  })

  it('of another person do not exist for me, and stay as they are', async () => {
    const hers = await save(ann, 'Hers')
    const mine = await save(bob, 'Mine')
    const before = await viewsOf(ann)
    expectRefusal(await bob.browser.put(`/api/views/${hers.id}`, { name: 'Stolen', view: VIEW }), 'NOT_FOUND')
    expectRefusal(await bob.browser.delete(`/api/views/${hers.id}`), 'NOT_FOUND')
    expectRefusal(await bob.browser.put('/api/views/default', { id: hers.id }), 'NOT_FOUND')
    expect((await bob.browser.put('/api/views/order', { ids: [hers.id, mine.id] })).status).toBe(204)
    expect(await viewsOf(ann)).toEqual(before)
    expect((await viewsOf(bob)).views.map(({ name }) => name)).toEqual(['Mine'])
    await ann.browser.delete(`/api/views/${hers.id}`)
    await bob.browser.delete(`/api/views/${mine.id}`)
  })
})

describe('what queries can name', () => {
  it("is the person's own: databases, workspaces, and who they are in Notion", async () => {
    const { sources } = await viewsOf(ann)
    expect(sources.databases.map(({ id }) => id)).toEqual([ann.workspace.dataSourceId])
    expect(sources.workspaces.map(({ id }) => id)).toEqual([String(ann.connectionId)])
    expect(sources.me).toHaveLength(1)
    expect(JSON.stringify(sources)).not.toContain('token')
  })
})

describe('a place kept out of the lists', () => {
  it("cannot be another person's: nothing is stored", async () => {
    const { todos } = await readTodos(ann.browser)
    const rule = (target: object) => bob.browser.put('/api/views/rules', { effect: 'hide', target })
    expectRefusal(await rule({ page: todos[0]?.page.id }), 'NOT_FOUND')
    expectRefusal(await rule({ database: ann.workspace.dataSourceId }), 'NOT_FOUND')
    expect(await database.count('public.list_rule', 'user_id = any($1)', [[ann.userId, bob.userId]])).toBe(0)
  })

  it('is named, and goes when it is let go of', async () => {
    const target = { database: ann.workspace.dataSourceId }
    const put = (effect: string | null) => ann.browser.put('/api/views/rules', { effect, target })
    await put('hide')
    expect((await viewsOf(ann)).rules).toEqual([{ effect: 'hide', target, name: 'Tasks' }])
    await put('show')
    expect((await viewsOf(ann)).rules.map(({ effect }) => effect)).toEqual(['show'])
    expect((await put(null)).json).toEqual({ rules: [] })
  })
})
