import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { LedgerEntry } from '../../sandbox/notion/ledger.ts'
import { SearchNotionReplySchema } from '../../shared/schemas/database.ts'
import { HistoryReplySchema } from '../../shared/schemas/history.ts'
import { SnapshotReplySchema } from '../../shared/schemas/snapshot.ts'
import { SessionReplySchema } from '../../shared/schemas/session.ts'
import type { TodosReply } from '../../shared/schemas/todo.ts'
import { TodoListReplySchema, TodoListsReplySchema } from '../../shared/schemas/todo-list.ts'
import { expectRefusal } from '../support/envelope.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { connect, signUp } from '../support/people.ts'
import type { Reader } from '../support/reader.ts'
import { botIdOf, newReader, readAgain, readingEnds, readTodos, tick } from '../support/reader.ts'

const notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
let database: Inspector
/** Two people who know each other's ids and should get nothing by them. */
let ann: Reader
let bob: Reader

beforeAll(async () => {
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
  const world = { appUrl: inject('appUrl'), notion, database }
  ann = await newReader('isolation ann', world)
  bob = await newReader('isolation bob', world)
})

afterAll(() => database?.close())

/** What was asked of Notion with these people's connections while the work was done. */
async function askedDuring(people: Reader[], work: () => Promise<unknown>): Promise<LedgerEntry[]> {
  const before = (await notion.ledger()).entries.at(-1)?.seq ?? 0
  await work()
  const bots = people.map(({ botId }) => botId)
  return (await notion.ledger(before)).entries.filter(({ botId }) => botId !== null && bots.includes(botId))
}

/** What is kept of somebody; how much of Notion's minute is used up changes by itself. */
function known({ todos, seq }: TodosReply): Pick<TodosReply, 'todos' | 'seq'> {
  return { todos, seq }
}

describe("another person's list", () => {
  it('is not among mine', async () => {
    const { lists } = TodoListsReplySchema.parse((await bob.browser.get('/api/todo-lists')).json)
    expect(lists.map(({ id }) => id)).toEqual([bob.listId])
  })

  it('does not exist for me, to read or to delete, and stays as it is', async () => {
    expectRefusal(await bob.browser.get(`/api/todos?list=${ann.listId}`), 'NOT_FOUND')
    expectRefusal(await bob.browser.delete(`/api/todo-lists/${ann.listId}`), 'NOT_FOUND')
    const { lists } = TodoListsReplySchema.parse((await ann.browser.get('/api/todo-lists')).json)
    expect(lists.map(({ id }) => id)).toEqual([ann.listId])
  })

  it('looks no different from one that does not exist at all', async () => {
    const [foreign, none] = [
      await bob.browser.get(`/api/todos?list=${ann.listId}`),
      await bob.browser.get('/api/todos?list=999999999'),
    ]
    expect(expectRefusal(foreign, 'NOT_FOUND').message).toBe(expectRefusal(none, 'NOT_FOUND').message)
  })
})

describe("another person's to-do", () => {
  it.each(['block', 'row'] as const)(
    'cannot be ticked (%s): nobody asks Notion, nothing changes',
    async (kind) => {
      const before = await readTodos(ann.browser)
      const todo = before.todos.find((candidate) => candidate.kind === kind)
      expect(todo).toBeDefined()
      const body = { id: todo?.notionId, to_do: { checked: !todo?.checked } }
      const asked = await askedDuring([ann, bob], async () => {
        expectRefusal(await bob.browser.post('/api/toggle-checkbox', body), 'NOT_FOUND')
      })
      expect(asked).toEqual([])
      expect(known(await readTodos(ann.browser))).toEqual(known(before))
      expect(
        await database.count('public.todo_change', 'user_id = any($1)', [[ann.userId, bob.userId]]),
      ).toBe(0)
    },
  )

  it('cannot be changed among others, nor decided about, nor taken back: nobody asks Notion', async () => {
    const before = await readTodos(ann.browser)
    const ids = before.todos.map(({ notionId }) => notionId)
    const asked = await askedDuring([ann, bob], async () => {
      const answer = await bob.browser.post('/api/todos/changes', {
        clientId: randomUUID(),
        changes: ids.map((id) => ({ id, checked: true })),
      })
      expect(answer.json).toMatchObject({ accepted: [] })
      for (const action of ['retry', 'give-up', 'keep-mine', 'keep-theirs', 'remove']) {
        expectRefusal(await bob.browser.post('/api/todos/write', { id: ids[0], action }), 'NOT_FOUND')
      }
    })
    expect(asked).toEqual([])
    expect(known(await readTodos(ann.browser))).toEqual(known(before))
  })

  it('was never ticked as far as I can see, even by its entry in the history', async () => {
    const eve = await newReader('isolation eve', { appUrl: inject('appUrl'), notion, database })
    const { todos } = await readTodos(eve.browser)
    await tick(eve.browser, todos[0]?.notionId ?? '', !todos[0]?.checked)
    const { entries } = HistoryReplySchema.parse((await eve.browser.get('/api/history')).json)
    const entry = entries[0]?.entry ?? ''
    const after = await readTodos(eve.browser)
    const asked = await askedDuring([eve, bob], async () => {
      const mine = HistoryReplySchema.parse((await bob.browser.get('/api/history')).json)
      expect(mine.entries.map((one) => one.entry)).not.toContain(entry)
      expectRefusal(await bob.browser.get(`/api/history/${entry}`), 'NOT_FOUND')
      expectRefusal(await bob.browser.post(`/api/history/${entry}/undo`, {}), 'NOT_FOUND')
    })
    expect(asked).toEqual([])
    expect(known(await readTodos(eve.browser))).toEqual(known(after))
  })

  it('is not in my snapshot', async () => {
    const anns = new Set((await readTodos(ann.browser)).todos.map(({ notionId }) => notionId))
    const { snapshot } = SnapshotReplySchema.parse((await bob.browser.get('/api/todos/snapshot')).json)
    expect(snapshot.todos.notionId.length).toBeGreaterThan(0)
    expect(snapshot.todos.notionId.filter((id) => anns.has(id))).toEqual([])
  })

  it('is not among mine', async () => {
    const [annsTexts, bobs] = [await readTodos(ann.browser), await readTodos(bob.browser)]
    const annsIds = new Set(annsTexts.todos.map(({ notionId }) => notionId))
    expect(bobs.todos.filter(({ notionId }) => annsIds.has(notionId))).toEqual([])
  })
})

describe("another person's database", () => {
  it('is not offered to me', async () => {
    const { databases } = SearchNotionReplySchema.parse((await bob.browser.get('/api/search-notion')).json)
    expect(databases.map(({ id }) => id)).toEqual([bob.workspace.dataSourceId])
  })

  it('cannot be put into a list, not even beside my own: nothing is stored', async () => {
    for (const databaseIds of [
      [ann.workspace.dataSourceId],
      [bob.workspace.dataSourceId, ann.workspace.dataSourceId],
      [ann.workspace.databaseId],
      ['00000000-0000-4000-8000-000000000000'],
    ]) {
      const asked = await askedDuring([ann, bob], async () => {
        const answer = await bob.browser.post('/api/todo-lists', { name: 'Stolen', databaseIds })
        expectRefusal(answer, 'NOTION_DATABASE_NOT_FOUND')
      })
      expect(asked).toEqual([])
    }
    expect(await database.count('public.todo_list', 'user_id = $1', [bob.userId])).toBe(1)
    expect(await database.count('public.todo_list_source', 'user_id = $1', [bob.userId])).toBe(1)
  })
})

describe("another person's connection", () => {
  it('is not used when I bring my lists up to date', async () => {
    const asked = await askedDuring([ann], () => readAgain(bob.browser))
    expect(asked).toEqual([])
  })

  it('is not used when I have one to the same workspace: ticks go through mine, and to Notion', async () => {
    const { browser } = await signUp()
    await connect(browser, ann.workspace.seed.id)
    const made = await browser.post('/api/todo-lists', {
      name: 'Mine',
      databaseIds: [ann.workspace.dataSourceId],
    })
    TodoListReplySchema.parse(made.json)
    const { todos } = await readingEnds(browser)
    const { user } = SessionReplySchema.parse((await browser.get('/api/session')).json)
    const mine = { ...ann, botId: await botIdOf(database, user?.id ?? '') }
    const todo = todos.find(({ text }) => text === 'three')
    const before = await readTodos(ann.browser)

    const asked = await askedDuring([ann, mine], () => tick(browser, todo?.notionId ?? '', true))
    expect(asked.map(({ botId, method }) => [botId, method])).toEqual([[mine.botId, 'PATCH']])
    // Hers is a cache of its own: it follows when she reads again.
    expect(known(await readTodos(ann.browser))).toEqual(known(before))
    expect((await readAgain(ann.browser)).todos.find(({ text }) => text === 'three')?.checked).toBe(true)
  })
})

describe('saying to be somebody else', () => {
  const claims = () => ({ user_id: ann.userId, userId: ann.userId, sub: ann.userId, owner: ann.userId })

  it('in a body is refused', async () => {
    for (const [name, value] of Object.entries(claims())) {
      for (const [path, body] of [
        ['/api/todo-lists', { name: 'x', databaseIds: [ann.workspace.dataSourceId] }],
        ['/api/sync', {}],
        ['/api/connect-notion', { code: 'x', state: 'x' }],
      ] as const) {
        expectRefusal(await bob.browser.post(path, { ...body, [name]: value }), 'INVALID_REQUEST')
      }
    }
  })

  it('in a query is refused or ignored', async () => {
    for (const path of ['/api/todos', '/api/search-notion', '/api/auth/notion/start']) {
      expectRefusal(await bob.browser.get(`${path}?user_id=${ann.userId}`), 'INVALID_REQUEST')
    }
    for (const path of ['/api/auth-notion', '/api/todo-lists', '/api/session']) {
      const [claimed, honest] = [
        await bob.browser.get(`${path}?user_id=${ann.userId}`),
        await bob.browser.get(path),
      ]
      expect(claimed.json).toEqual(honest.json)
    }
  })

  it('in a header or another cookie is ignored', async () => {
    const { SUPABASE_KEY = '' } = inject('environment')
    const headers = {
      'x-user-id': ann.userId,
      'x-supabase-user': ann.userId,
      authorization: `Bearer ${SUPABASE_KEY}`,
      apikey: SUPABASE_KEY,
    }
    const claimed = await bob.browser.get('/api/session', { headers })
    expect(SessionReplySchema.parse(claimed.json).user?.id).toBe(bob.userId)
  })
})

describe('an id that is none', () => {
  it.each([
    '',
    'abc',
    '1',
    '../../users',
    "' or 1=1 --",
    `${'0'.repeat(32)}'`,
    '0'.repeat(31),
    '0'.repeat(33),
    'g'.repeat(32),
    '00000000-0000-0000-0000-00000000000',
    '\u0000'.repeat(32),
    '０'.repeat(32),
    'x'.repeat(10_000),
  ])('is refused before anybody is asked: %j', async (id) => {
    const asked = await askedDuring([bob], async () => {
      expectRefusal(
        await bob.browser.post('/api/toggle-checkbox', { id, to_do: { checked: true } }),
        'INVALID_REQUEST',
      )
      const list = { name: 'x', databaseIds: [id] }
      expectRefusal(await bob.browser.post('/api/todo-lists', list), 'INVALID_REQUEST')
    })
    expect(asked).toEqual([])
  })

  it('of any other type is refused too', async () => {
    for (const id of [null, 1, true, [], {}, ['0'.repeat(32)], { toString: '0'.repeat(32) }]) {
      expectRefusal(
        await bob.browser.post('/api/toggle-checkbox', { id, to_do: { checked: true } }),
        'INVALID_REQUEST',
      )
    }
  })

  it('does not matter in its spelling: capitals and bare ids are the same to-do', async () => {
    const { todos } = await readTodos(bob.browser)
    const todo = todos.find(({ text }) => text === 'one')
    const bare = (todo?.notionId ?? '').replaceAll('-', '').toUpperCase()
    const answer = await bob.browser.post('/api/toggle-checkbox', { id: bare, to_do: { checked: true } })
    expect(answer.json).toMatchObject({ id: todo?.notionId, to_do: { checked: true } })
  })
})

describe('a to-do of my own that no list of mine reads any more', () => {
  it('cannot be ticked: Notion is not asked', async () => {
    const world = { appUrl: inject('appUrl'), notion, database }
    const reader = await newReader('isolation left', world)
    const { todos } = await readTodos(reader.browser)
    expect((await reader.browser.delete(`/api/todo-lists/${reader.listId}`)).status).toBe(204)
    const asked = await askedDuring([reader], async () => {
      const body = { id: todos[0]?.notionId, to_do: { checked: true } }
      expectRefusal(await reader.browser.post('/api/toggle-checkbox', body), 'NOT_FOUND')
    })
    expect(asked).toEqual([])
  })
})
