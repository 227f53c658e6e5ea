import type { TodosReply, WriteState } from '../../shared/schemas/todo.ts'
import { TodosReplySchema } from '../../shared/schemas/todo.ts'
import { SessionReplySchema } from '../../shared/schemas/session.ts'
import { TodoListReplySchema } from '../../shared/schemas/todo-list.ts'
import type { Browser } from './browser.ts'
import { eventually } from './eventually.ts'
import type { Inspector } from './inspector.ts'
import type { NotionControl } from './notion-control.ts'
import type { SimpleWorkspace } from './notion-workspace.ts'
import { simpleWorkspace } from './notion-workspace.ts'
import { connect, signUp } from './people.ts'

const PATIENCE_MS = 100_000
/** A person has 600 requests a minute; waiting must not use them up. */
const ASK_EVERY_MS = 200

/** Somebody with a workspace of their own, connected, and one list of it read whole. */
export interface Reader {
  browser: Browser
  userId: string
  workspace: SimpleWorkspace
  connectionId: number
  listId: number
  /** Whose requests these are in the stand-in's ledger. */
  botId: string
}

/** Makes one. `key` makes the workspace's ids its own. */
export async function newReader(
  key: string,
  world: { appUrl: string; notion: NotionControl; database: Inspector },
  workspace = simpleWorkspace(key, [
    { title: 'First', blocks: (b) => [b.todo('one', [b.todo('one below')]), b.done('two')] },
    { title: 'Second', blocks: (b) => [b.toggle('more', [b.todo('three')])] },
  ]),
): Promise<Reader> {
  await world.notion.seed(workspace.seed)
  const { browser } = await signUp(world.appUrl)
  const { user } = SessionReplySchema.parse((await browser.get('/api/session')).json)
  if (!user) throw new Error('Nobody is signed in')
  const { workspace: connected } = await connect(browser, workspace.seed.id)
  const made = await browser.post('/api/todo-lists', { name: 'All', databaseIds: [workspace.dataSourceId] })
  const { list } = TodoListReplySchema.parse(made.json)
  await readingEnds(browser)
  return {
    browser,
    workspace,
    userId: user.id,
    connectionId: connected.connectionId,
    listId: list.id,
    botId: await botIdOf(world.database, user.id),
  }
}

export async function botIdOf(database: Inspector, userId: string): Promise<string> {
  const [row] = await database.rows<{ bot_id: string }>(
    'select bot_id from public.notion_access_token where user_id = $1 and deleted_at is null',
    [userId],
  )
  if (!row) throw new Error('There is no connection')
  return row.bot_id
}

export async function readTodos(browser: Browser): Promise<TodosReply> {
  const answer = await browser.get('/api/todos')
  if (answer.status !== 200) throw new Error(`todos: ${answer.status} ${answer.text}`)
  return TodosReplySchema.parse(answer.json)
}

/** Waits for the run under way; answers how it ended. */
export function readingEnds(browser: Browser): Promise<TodosReply> {
  const ended = async () => {
    const reply = await readTodos(browser)
    return reply.sync.state !== 'running' && reply
  }
  return eventually('the end of the reading', ended, PATIENCE_MS, ASK_EVERY_MS)
}

/** Reads everything again; answers how that ended. */
export async function readAgain(browser: Browser): Promise<TodosReply> {
  const answer = await browser.post('/api/sync', { full: true })
  if (answer.status !== 202) throw new Error(`sync: ${answer.status} ${answer.text}`)
  return readingEnds(browser)
}

/** Ticks a to-do; answers how writing it to Notion ended. */
export async function tick(browser: Browser, notionId: string, checked: boolean): Promise<WriteState> {
  const answer = await browser.post('/api/toggle-checkbox', { id: notionId, to_do: { checked } })
  if (answer.status !== 200) throw new Error(`tick: ${answer.status} ${answer.text}`)
  const settled = async () => {
    const { todos } = await readTodos(browser)
    const write = todos.find((todo) => todo.notionId === notionId)?.write
    return write && write.state !== 'waiting' && write
  }
  return eventually('the end of the write', settled, PATIENCE_MS, ASK_EVERY_MS)
}
