import { describe, expect, inject, it } from 'vitest'
import { AuthNotionReplySchema } from '../../shared/schemas/connection.ts'
import { SearchNotionReplySchema } from '../../shared/schemas/database.ts'
import type { TodosReply } from '../../shared/schemas/todo.ts'
import { TodosReplySchema, ToggleCheckboxReplySchema } from '../../shared/schemas/todo.ts'
import { TodoListReplySchema } from '../../shared/schemas/todo-list.ts'
import type { Browser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { NotionControl } from '../support/notion-control.ts'
import { connect, signUp } from '../support/people.ts'

async function readTodos(browser: Browser, query = ''): Promise<TodosReply> {
  const answer = await browser.get(`/api/todos${query}`)
  expect(answer.status, answer.text).toBe(200)
  return TodosReplySchema.parse(answer.json)
}

describe('the main job over HTTP', () => {
  it('signs up, connects, chooses, reads and ticks, and Notion has the tick', async () => {
    const notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
    await notion.settings({ rate_limit: 'off' })
    const { browser } = await signUp()
    const connected = await connect(browser)
    expect(connected.workspace.status).toBe('connected')
    expect(connected.databases.length).toBeGreaterThan(3)

    const status = AuthNotionReplySchema.parse((await browser.get('/api/auth-notion')).json)
    expect(status).toEqual({ connected: true, workspaces: [connected.workspace] })

    const found = SearchNotionReplySchema.parse((await browser.get('/api/search-notion')).json)
    expect(found.databases).toEqual(connected.databases)

    const made = await browser.post('/api/todo-lists', {
      name: 'Everything',
      databaseIds: found.databases.map(({ id }) => id),
    })
    expect(made.status, made.text).toBe(201)
    const { list } = TodoListReplySchema.parse(made.json)

    const done = await eventually(
      'the first reading',
      async () => {
        const reply = await readTodos(browser, `?list=${list.id}`)
        expect(reply.sync.state, JSON.stringify(reply.sync)).not.toBe('failed')
        return reply.sync.state === 'idle' && reply
      },
      60_000,
    )
    console.info(
      `${done.todos.length} to-dos, ${JSON.stringify({ ...done.sync, incompletePages: done.sync.incompletePages.length })}`,
    )
    expect(done.todos.length).toBeGreaterThan(300)
    expect(done.sync.pagesDone).toBe(done.sync.pagesTotal)

    const before = (await notion.ledger()).counters
    const todo = done.todos.find(({ kind, checked }) => kind === 'block' && !checked)
    const ticked = await browser.post('/api/toggle-checkbox', {
      id: todo?.notionId,
      to_do: { checked: true },
    })
    expect(ticked.status, ticked.text).toBe(200)
    expect(ToggleCheckboxReplySchema.parse(ticked.json).to_do.checked).toBe(true)
    const saved = await eventually('the tick', async () => {
      const delta = await readTodos(browser, `?since=${done.seq}`)
      return delta.todos.find(({ id, write }) => id === todo?.id && write.state === 'saved')
    })
    expect(saved.checked).toBe(true)
    const { counters } = await notion.ledger()
    expect(counters.richTextFlattenings).toBe(before.richTextFlattenings)
    const writes = 'PATCH /v1/blocks/{block_id}'
    expect(counters.byEndpoint[writes]).toBeGreaterThan(before.byEndpoint[writes] ?? 0)
  })
})
