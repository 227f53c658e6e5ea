import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTokenCipher } from '../../server/security/token-cipher.ts'
import { TodosReplySchema } from '../../shared/schemas/todo.ts'
import { eventually } from '../support/eventually.ts'
import { Inspector } from '../support/inspector.ts'
import { LiveStream } from '../support/live-stream.ts'
import { NotionControl } from '../support/notion-control.ts'
import type { Reader } from '../support/reader.ts'
import { newReader, readingEnds, readTodos, tick } from '../support/reader.ts'
import type { TestStack } from '../support/stack.ts'
import { startTestStack } from '../support/stack.ts'
import { pagesOf } from '../support/notion/pages-of.ts'

// R97 over HTTP, in an installation of its own: being armed is for good.

let stack: TestStack
let database: Inspector
let notion: NotionControl
let hook: string
beforeAll(async () => {
  stack = await startTestStack()
  database = await Inspector.open(stack.environment.DATABASE_URL, stack.dir)
  notion = new NotionControl(stack.environment.NOTION_API_URL ?? '')
  hook = `${stack.app.url}/api/webhooks/notion`
})
afterAll(async () => {
  await database.close()
  await stack.stop()
})

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(hook, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })
  const text = await response.text()
  return { status: response.status, text, code: /"code":"(\w+)"/.exec(text)?.[1] }
}

describe('before the handshake', () => {
  it('asks for later, whatever comes', async () => {
    for (const body of ['{}', 'garbage', '', JSON.stringify({ id: randomUUID(), type: 'page.created' })]) {
      expect(await post(body, { 'x-notion-signature': `sha256=${'0'.repeat(64)}` })).toMatchObject({
        status: 503,
        code: 'WEBHOOK_NOT_READY',
      })
    }
  })
})

describe('after the handshake', () => {
  it('is armed by Notion itself, and the token is nowhere to be read', async () => {
    const answer = z
      .object({ handshake_status: z.number() })
      .parse(await notion.webhooks({ op: 'subscribe', url: hook }))
    expect(answer.handshake_status).toBe(200)
    const dump = await database.dump()
    expect([...dump.values()].join('\n')).not.toMatch(/secret_[\w-]{32}/)
    expect(stack.app.output()).not.toMatch(/secret_[\w-]{32}/)
  })

  it('refuses what is not signed, and what is too long, in our own envelope', async () => {
    expect(await post('{}')).toMatchObject({ status: 403, code: 'WEBHOOK_SIGNATURE_INVALID' })
    expect(await post(JSON.stringify({ verification_token: `secret_${'b'.repeat(40)}` }))).toMatchObject({
      status: 403,
    })
    expect(await post('x'.repeat(600 * 1_024))).toMatchObject({ status: 400, code: 'INVALID_REQUEST' })
  })

  it('answers only POST', async () => {
    expect((await fetch(hook)).status).toBe(404)
  })
})

describe('what Notion tells', () => {
  beforeAll(async () => {
    await notion.settings({ rate_limit: 'off' })
    const { token } = z
      .object({ token: z.string() })
      .parse((await database.rows<{ token: string }>('select token from roundup_internal.webhook_token'))[0])
    const cipher = createTokenCipher(stack.environment.CREDENTIAL_ENCRYPTION_KEY ?? '')
    const purpose = { userId: 'installation', workspaceId: 'webhooks', purpose: 'access' } as const
    await notion.webhooks({ op: 'verify', token: await cipher.decrypt(token, purpose) })
  })

  /** What Notion was asked on behalf of a person since a moment of its ledger. */
  async function asked({ botId }: Reader, since: number): Promise<string[]> {
    const { entries } = await notion.ledger(since)
    return entries.filter((entry) => entry.botId === botId).map(({ method, path }) => `${method} ${path}`)
  }
  const now = async () => (await notion.ledger()).entries.at(-1)?.seq ?? 0
  const runs = ({ connectionId }: Reader) =>
    database.rows<{ state: string }>(
      'select state from public.integration_sync_jobs where connection_id = $1 order by id',
      [connectionId],
    )
  const reader = (key: string, pages: number) =>
    newReader(key, { appUrl: stack.app.url, notion, database }, pagesOf(key, pages))

  it("a tick in Notion: is announced and in the list, for one listing and that page's own cost", async () => {
    const ada = await reader('told', 12)
    const { seq, todos } = await readTodos(ada.browser)
    const todo = todos.find(({ text }) => text === 'Third of 4')
    const stream = await LiveStream.open(ada.browser)
    await eventually('the stream', () => Promise.resolve(stream.seq >= seq))
    const since = await now()
    const editedAt = performance.now()
    await notion.edit({ op: 'set_checked', block_id: todo?.notionId ?? '', checked: true })
    await eventually('the announcement', () => Promise.resolve(stream.seq > seq))
    const delta = await eventually('the delta', async () => {
      const reply = TodosReplySchema.parse((await ada.browser.get(`/api/todos?since=${seq}`)).json)
      return reply.todos.length > 0 && reply
    })
    console.info(`a tick in Notion was in the list after ${Math.round(performance.now() - editedAt)} ms`)
    expect(delta.todos.find(({ id }) => id === todo?.id)).toMatchObject({ checked: true })
    await readingEnds(ada.browser)
    const page = ada.workspace.pageIds[4] ?? ''
    const toggle = ada.workspace.seed.pages[4]?.blocks.at(-1)?.id ?? ''
    expect((await asked(ada, since)).toSorted()).toEqual(
      [
        `POST /v1/data_sources/${ada.workspace.dataSourceId}/query`,
        `GET /v1/blocks/${page}/children`,
        `GET /v1/blocks/${toggle}/children`,
      ].toSorted(),
    )
    stream.close()
  })

  it('our own tick coming back: costs the write and nothing else', async () => {
    const bob = await reader('echo', 2)
    const { todos } = await readTodos(bob.browser)
    const before = (await runs(bob)).length
    const since = await now()
    const id = todos.find(({ text }) => text === 'First of 0')?.notionId ?? ''
    expect(await tick(bob.browser, id, true)).toEqual({ state: 'saved' })
    const told = z.object({
      deliveries: z.array(z.object({ type: z.string(), status: z.number().nullable() })),
    })
    await eventually('the echo', async () => {
      const { deliveries } = told.parse(await notion.webhooks({ op: 'deliveries' }))
      return deliveries.at(-1)?.status === 200 && (await asked(bob, since)).length > 0
    })
    expect(await asked(bob, since)).toEqual([`PATCH /v1/blocks/${id}`])
    expect(await runs(bob)).toHaveLength(before)
  })

  it('a storm of 1 000 events for 10 pages: costs 10 page reads', { timeout: 120_000 }, async () => {
    const eve = await reader('storm', 10)
    await notion.webhooks({ op: 'settings', hold: true })
    for (let edit = 0; edit < 1_000; edit += 1) {
      const block_id = eve.workspace.seed.pages[edit % 10]?.blocks[1]?.id ?? ''
      await notion.edit({ op: 'set_text', block_id, text: `edit ${edit}` })
    }
    // Notion's clock need not be ours: what is read within a second of an edit is read again.
    const editedAt = Date.now()
    await eventually('a second', () => Promise.resolve(Date.now() > editedAt + 1_000))
    const before = (await runs(eve)).length
    const since = await now()
    const startedAt = performance.now()
    const { delivered } = z
      .object({ delivered: z.number() })
      .parse(await notion.webhooks({ op: 'flush', reverse: true }))
    console.info(`${delivered} events took ${Math.round(performance.now() - startedAt)} ms`)
    expect(delivered).toBe(1_000)
    await notion.webhooks({ op: 'settings', hold: false })

    const { todos } = await readingEnds(eve.browser)
    expect(todos.map(({ text }) => text)).toEqual(expect.arrayContaining(['edit 990', 'edit 999']))
    // Nothing is left that would be read later.
    expect(await database.rows('select public.owes_reading($1) as owes', [eve.connectionId])).toEqual([
      { owes: false },
    ])
    expect((await runs(eve)).slice(before)).toEqual([{ state: 'done' }])
    const requests = await asked(eve, since)
    const bodies = requests.filter((request) =>
      eve.workspace.pageIds.some((page) => request === `GET /v1/blocks/${page}/children`),
    )
    expect(bodies).toHaveLength(10)
    expect(requests).toHaveLength(1 + 10 * 2)
  })
})
