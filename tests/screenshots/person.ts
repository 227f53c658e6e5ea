import type { APIRequestContext, APIResponse } from '@playwright/test'
import { request } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { eventually } from '../support/eventually.ts'

const PASSWORD = 'correct horse battery'
const READ_WITHIN_MS = 60_000
/** A person has 600 requests a minute; waiting must not use them up. */
const ASK_EVERY_MS = 250

const DatabasesSchema = z.object({
  databases: z.array(
    z.object({ id: z.string(), name: z.string(), workspace: z.object({ name: z.string() }) }),
  ),
})
type Database = z.output<typeof DatabasesSchema>['databases'][number]
const WorkspacesSchema = z.object({
  workspaces: z.array(z.object({ connectionId: z.number(), status: z.string() })),
})
const TodosSchema = z.object({
  todos: z.array(
    z.object({
      notionId: z.string(),
      kind: z.enum(['block', 'row']),
      text: z.string(),
      checked: z.boolean(),
      write: z.object({ state: z.string() }),
    }),
  ),
  sync: z.object({ state: z.string(), pagesDone: z.number(), pagesTotal: z.number(), retryAt: z.string().nullable() }),
})
type Todos = z.output<typeof TodosSchema>

export type Cookies = Awaited<ReturnType<APIRequestContext['storageState']>>['cookies']

/** Somebody with an account, who does by requests what is not to be looked at. */
export class Person {
  readonly #seen = new Map<string, string>()
  readonly #http: APIRequestContext
  readonly #url: string
  readonly email: string

  private constructor(http: APIRequestContext, url: string, email: string) {
    this.#http = http
    this.#url = url
    this.email = email
  }

  static async signUp(url: string, name: string): Promise<Person> {
    const http = await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } })
    const email = `${name}-${randomUUID()}@people.test`
    const person = new Person(http, url, email)
    await person.post('/api/session/sign-up', { email, password: PASSWORD })
    return person
  }

  async cookies(): Promise<Cookies> {
    return (await this.#http.storageState()).cookies
  }

  dispose(): Promise<void> {
    return this.#http.dispose()
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return readAnswer(path, await this.#http.post(path, { data: body }))
  }

  async get(path: string): Promise<unknown> {
    return readAnswer(path, await this.#http.get(path))
  }

  /** Goes through Notion's consent page. */
  async connect(workspace: string): Promise<void> {
    const start = await this.#http.get('/api/auth/notion/start', { maxRedirects: 0 })
    const authorize = new URL(start.headers().location ?? '')
    const form = { ...Object.fromEntries(authorize.searchParams), decision: 'approve', workspace }
    const consent = await fetch(new URL('/v1/oauth/authorize', authorize), {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
    const back = new URL(consent.headers.get('location') ?? '', this.#url)
    await this.post('/api/connect-notion', Object.fromEntries(back.searchParams))
  }

  /** Makes a list of the databases that are wanted, or of all. */
  async choose(name: string, isWanted: (database: Database) => boolean = () => true): Promise<{ id: number }> {
    const databaseIds = await eventually(`the databases of “${name}”`, async () => {
      const { databases } = DatabasesSchema.parse(await this.get('/api/search-notion'))
      const wanted = databases.filter((database) => isWanted(database))
      return wanted.length > 0 && wanted.map(({ id }) => id)
    })
    const made = await this.post('/api/todo-lists', { name, databaseIds })
    return z.object({ list: z.object({ id: z.number() }) }).parse(made).list
  }

  async todos(): Promise<Todos> {
    return TodosSchema.parse(await this.get('/api/todos'))
  }

  /** Waits until the to-dos are as the caller wants them. */
  until(what: string, isSo: (todos: Todos) => boolean): Promise<unknown> {
    return eventually(what, async () => isSo(await this.todos()), READ_WITHIN_MS, ASK_EVERY_MS)
  }

  readingEnds(): Promise<unknown> {
    return this.until('the end of the reading', ({ sync }) => sync.state !== 'running' && sync.pagesTotal > 0)
  }

  /** Ticks the to-dos with these texts in one action; answers its name in the history. */
  tick(...texts: string[]): Promise<{ entry: string }> {
    return this.#tick(texts, 'list')
  }

  /** The same without a network: then Notion is looked at before anything is written. */
  tickOffline(...texts: string[]): Promise<{ entry: string }> {
    return this.#tick(texts, 'offline')
  }

  async #tick(texts: string[], source: 'list' | 'offline'): Promise<{ entry: string }> {
    // As a browser does it: with what the person saw, which is what Notion is held against.
    const changes = await Promise.all(
      texts.map(async (text) => ({ id: await this.idOf(text), checked: true, text })),
    )
    const made = await this.post('/api/todos/changes', { clientId: randomUUID(), changes, source })
    return z.object({ entry: z.string() }).parse(made)
  }

  /** By what the person saw first: in Notion it may say something else by now. */
  async idOf(text: string): Promise<string> {
    const known = this.#seen.get(text)
    if (known !== undefined) return known
    const { todos } = await this.todos()
    const todo = todos.find((one) => one.text === text)
    if (!todo) throw new Error(`There is no to-do “${text}”`)
    this.#seen.set(text, todo.notionId)
    return todo.notionId
  }

  async workspaces() {
    return WorkspacesSchema.parse(await this.get('/api/auth-notion')).workspaces
  }

  /** Waits until what became of the tick of this to-do is known. */
  async settles(text: string): Promise<unknown> {
    const id = await this.idOf(text)
    return this.until(`what becomes of “${text}”`, ({ todos }) => {
      const state = todos.find(({ notionId }) => notionId === id)?.write.state
      return state !== undefined && state !== 'waiting'
    })
  }
}

async function readAnswer(path: string, answer: APIResponse): Promise<unknown> {
  if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  return answer.status() === 204 ? null : answer.json()
}
