import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { cell } from '../../sandbox/notion/seed-builders.ts'
import { CountingReplySchema, type CountingBody, type CountingReply } from '../../shared/schemas/database.ts'
import { TodosReplySchema } from '../../shared/schemas/todo.ts'
import { TodoListReplySchema, TodoListsReplySchema } from '../../shared/schemas/todo-list.ts'
import { expectRefusal } from '../support/envelope.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'
import { connect } from '../support/people.ts'
import type { Reader } from '../support/reader.ts'
import { newReader, readingEnds, readTodos, tick } from '../support/reader.ts'

const OPEN = 'option-open'
const PAID = 'option-paid'
const CANCELLED = 'option-cancelled'
let database: Inspector
let notion: NotionControl
let ann: Reader
let bob: Reader

/** Two rows with a box each in their bodies; beside the check box a status, whose last value is no ordinary "done". */
function workspaceOf(key: string) {
  const workspace = simpleWorkspace(key, [
    { title: 'First', done: true, blocks: (b) => [b.todo('in the first')] },
    { title: 'Second', blocks: (b) => [b.todo('in the second')] },
  ])
  const [source] = workspace.seed.databases?.[0]?.data_sources ?? []
  source?.properties.push({
    type: 'status',
    id: 'bIlL',
    name: 'Bill',
    description: null,
    options: [
      { id: OPEN, name: 'Open', color: 'default', description: null },
      { id: PAID, name: 'Paid', color: 'green', description: null },
      { id: CANCELLED, name: 'Cancelled', color: 'red', description: null },
    ],
    groups: [
      { id: 'group-to-do', name: 'To-do', color: 'gray', option_ids: [OPEN] },
      { id: 'group-doing', name: 'In progress', color: 'blue', option_ids: [] },
      { id: 'group-complete', name: 'Complete', color: 'green', option_ids: [PAID, CANCELLED] },
    ],
  })
  const [first, second] = workspace.seed.pages ?? []
  if (first?.properties) first.properties.Bill = cell.status('Open')
  if (second?.properties) second.properties.Bill = cell.status('Cancelled')
  return workspace
}

beforeAll(async () => {
  notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
  const world = { appUrl: inject('appUrl'), notion, database }
  ann = await newReader('lists ann', world, workspaceOf('lists ann'))
  bob = await newReader('lists bob', world, workspaceOf('lists bob'))
})
afterAll(() => database?.close())

const addressOf = ({ workspace }: Reader) => `/api/databases/${workspace.dataSourceId}/counting`

async function countingOf(reader: Reader): Promise<CountingReply> {
  return CountingReplySchema.parse((await reader.browser.get(addressOf(reader))).json)
}

async function count(reader: Reader, choice: CountingBody): Promise<void> {
  const answer = await reader.browser.put(addressOf(reader), choice)
  expect(answer.status, answer.text).toBe(200)
  await readingEnds(reader.browser)
}

/** What the list shows: text and whether it is done. */
async function shown({ browser }: Reader): Promise<[string, boolean][]> {
  const { todos } = await readTodos(browser)
  return todos.map(({ text, checked }): [string, boolean] => [text, checked]).sort()
}

/** The value that a row of hers has in Notion itself, asked with a token of our own. */
async function billOf(pageId: string): Promise<string | undefined> {
  const minted = await notion.token({ op: 'mint', workspace_id: ann.workspace.seed.id, kind: 'internal' })
  const { access_token: token } = z.object({ access_token: z.string() }).parse(minted)
  const response = await fetch(`${notion.url}/v1/pages/${pageId}`, {
    headers: { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' },
  })
  const Page = z.object({
    properties: z.object({ Bill: z.object({ status: z.object({ name: z.string() }) }) }),
  })
  return Page.parse(await response.json()).properties.Bill.status.name
}

describe('what counts as a to-do in a database', () => {
  it('is suggested first, with what else could be chosen', async () => {
    const { database: found, candidates } = await countingOf(ann)
    expect(found).toMatchObject({ counts: { boxes: true, rows: true }, doneProperty: { type: 'status' } })
    expect(candidates).toEqual([
      {
        type: 'status',
        id: 'bIlL',
        name: 'Bill',
        options: [
          { id: OPEN, name: 'Open' },
          { id: PAID, name: 'Paid' },
          { id: CANCELLED, name: 'Cancelled' },
        ],
      },
      { type: 'checkbox', id: 'dOnE', name: 'Done' },
    ])
    expect(await shown(ann)).toEqual([
      ['First', false],
      ['Second', true],
      ['in the first', false],
      ['in the second', false],
    ])
  })

  it('is what the person says: rows by another property, without boxes, and back again', async () => {
    await count(ann, { boxes: false, rows: true, done: { type: 'checkbox', id: 'dOnE' } })
    expect(await shown(ann)).toEqual([
      ['First', true],
      ['Second', false],
    ])
    await count(ann, { boxes: true, rows: false, done: null })
    expect(await shown(ann)).toEqual([
      ['in the first', false],
      ['in the second', false],
    ])
    await count(ann, { boxes: true, rows: true, done: { type: 'checkbox', id: 'dOnE' } })
    expect(await shown(ann)).toHaveLength(4)
  })

  it('decides what a tick writes', async () => {
    await count(ann, {
      boxes: true,
      rows: true,
      done: { type: 'status', id: 'bIlL', done: CANCELLED, notDone: PAID },
    })
    expect(await shown(ann)).toContainEqual(['First', false])
    const [first = ''] = ann.workspace.pageIds
    expect(await tick(ann.browser, first, true)).toEqual({ state: 'saved' })
    expect(await billOf(first)).toBe('Cancelled')
    expect(await tick(ann.browser, first, false)).toEqual({ state: 'saved' })
    expect(await billOf(first)).toBe('Paid')
  })

  it('outlives a refresh of the databases', async () => {
    const before = await countingOf(ann)
    expect((await ann.browser.get('/api/search-notion?refresh=true')).status).toBe(200)
    expect(await countingOf(ann)).toEqual(before)
  })

  it.each<[string, CountingBody, string]>([
    ['no property', { boxes: true, rows: true, done: null }, 'required'],
    [
      'a property that is not there',
      { boxes: true, rows: true, done: { type: 'checkbox', id: 'x' } },
      'unknown_value',
    ],
    [
      'one value for both',
      { boxes: true, rows: true, done: { type: 'status', id: 'bIlL', done: PAID, notDone: PAID } },
      'unknown_value',
    ],
  ])('cannot be rows by %s', async (_, choice, code) => {
    const before = await countingOf(ann)
    const refusal = expectRefusal(await ann.browser.put(addressOf(ann), choice), 'INVALID_REQUEST')
    expect(refusal.issues).toEqual([{ path: 'done', code }])
    expect(await countingOf(ann)).toEqual(before)
  })

  it('is nobody else’s business', async () => {
    const before = await countingOf(bob)
    const choice = { boxes: true, rows: false, done: null }
    expectRefusal(await ann.browser.get(addressOf(bob)), 'NOTION_DATABASE_NOT_FOUND')
    expectRefusal(await ann.browser.put(addressOf(bob), choice), 'NOTION_DATABASE_NOT_FOUND')
    expect(await countingOf(bob)).toEqual(before)
  })
})

describe('a list', () => {
  const listsOf = async ({ browser }: Reader) =>
    TodoListsReplySchema.parse((await browser.get('/api/todo-lists')).json).lists

  it('takes another name, and keeps what it reads', async () => {
    const { seq } = await readTodos(bob.browser)
    const databaseIds = [bob.workspace.dataSourceId]
    const answer = await bob.browser.put(`/api/todo-lists/${bob.listId}`, { name: ' Spring ', databaseIds })
    expect(TodoListReplySchema.parse(answer.json).list).toMatchObject({ name: 'Spring', databaseIds })
    const delta = TodosReplySchema.parse((await bob.browser.get(`/api/todos?since=${seq}`)).json)
    expect(delta).toMatchObject({ todos: [], removed: [] })
    expect(delta.whole).toBeUndefined()
  })

  it('reads other databases from now on, and who asks for changes gets everything', async () => {
    const other = simpleWorkspace('lists bob elsewhere', [{ title: 'Elsewhere' }])
    await notion.seed(other.seed)
    await connect(bob.browser, other.seed.id)
    const { seq } = await readTodos(bob.browser)
    const body = { name: 'Spring', databaseIds: [other.dataSourceId] }
    expect((await bob.browser.put(`/api/todo-lists/${bob.listId}`, body)).status).toBe(200)
    await readingEnds(bob.browser)
    expect(await shown(bob)).toEqual([['Elsewhere', false]])
    const delta = TodosReplySchema.parse((await bob.browser.get(`/api/todos?since=${seq}`)).json)
    expect(delta.whole).toBe(true)
    expect(delta.todos.map(({ text }) => text)).toEqual(['Elsewhere'])
  })

  it('that is deleted leaves no to-dos behind for those who ask for changes', async () => {
    const made = await bob.browser.post('/api/todo-lists', {
      name: 'Short',
      databaseIds: [bob.workspace.dataSourceId],
    })
    const { list } = TodoListReplySchema.parse(made.json)
    await readingEnds(bob.browser)
    const { seq } = await readTodos(bob.browser)
    expect((await bob.browser.delete(`/api/todo-lists/${list.id}`)).status).toBe(204)
    const delta = TodosReplySchema.parse((await bob.browser.get(`/api/todos?since=${seq}`)).json)
    expect(delta.whole).toBe(true)
    expect(delta.todos.map(({ text }) => text)).toEqual(['Elsewhere'])
  })

  it('cannot be changed by anybody else, nor be made to read what is another’s', async () => {
    const before = await listsOf(bob)
    const mine = { name: 'Mine now', databaseIds: [ann.workspace.dataSourceId] }
    expectRefusal(await ann.browser.put(`/api/todo-lists/${bob.listId}`, mine), 'NOT_FOUND')
    const theirs = { name: 'Theirs', databaseIds: [ann.workspace.dataSourceId, bob.workspace.dataSourceId] }
    expectRefusal(await ann.browser.put(`/api/todo-lists/${ann.listId}`, theirs), 'NOTION_DATABASE_NOT_FOUND')
    expect(await listsOf(bob)).toEqual(before)
    expect(await listsOf(ann)).toMatchObject([{ name: 'All', databaseIds: [ann.workspace.dataSourceId] }])
  })
})
