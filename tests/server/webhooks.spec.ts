import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createTokenCipher } from '../../server/security/token-cipher.ts'
import { TodosReplySchema } from '../../shared/schemas/todo.ts'
import { eventually } from '../support/eventually.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { connect, signUp } from '../support/people.ts'
import type { TestStack } from '../support/stack.ts'
import { startTestStack } from '../support/stack.ts'

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

  it('brings what a person ticks in Notion into the list, with the reads of that page alone', async () => {
    await notion.settings({ rate_limit: 'off' })
    const { token } = z
      .object({ token: z.string() })
      .parse((await database.rows<{ token: string }>('select token from roundup_internal.webhook_token'))[0])
    const cipher = createTokenCipher(stack.environment.CREDENTIAL_ENCRYPTION_KEY ?? '')
    await notion.webhooks({
      op: 'verify',
      token: await cipher.decrypt(token, {
        userId: 'installation',
        workspaceId: 'webhooks',
        purpose: 'access',
      }),
    })
    const { browser } = await signUp(stack.app.url)
    const { databases } = await connect(browser)
    await browser.post('/api/todo-lists', {
      name: 'Everything',
      databaseIds: databases.map(({ id }) => id),
    })
    const first = await eventually(
      'the first reading',
      async () => {
        const reply = TodosReplySchema.parse((await browser.get('/api/todos')).json)
        return reply.sync.state === 'idle' && reply.sync.lastFinishedAt !== null && reply
      },
      60_000,
    )
    const todo = first.todos.find(({ kind, checked }) => kind === 'block' && !checked)
    const before = (await notion.ledger()).counters.total
    const editedAt = performance.now()
    await notion.edit({ op: 'set_checked', block_id: todo?.notionId ?? '', checked: true })
    await eventually('the tick', async () => {
      const reply = TodosReplySchema.parse((await browser.get(`/api/todos?since=${first.seq}`)).json)
      return reply.todos.some(({ id, checked }) => id === todo?.id && checked)
    })
    const tookMs = Math.round(performance.now() - editedAt)
    const requests = (await notion.ledger()).counters.total - before
    console.info(`a tick in Notion was in the list after ${tookMs} ms and ${requests} requests`)
    expect(requests).toBeLessThan(15)
  })
})
