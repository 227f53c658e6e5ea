import { createServer } from 'node:http'
import { verifyWebhookSignature } from '@notionhq/client'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { NotionControl } from '../../support/notion-control.ts'
import { simpleWorkspace } from '../../support/notion-workspace.ts'
import { useContract } from './harness.ts'

/** The stand-in's webhooks: handshake, signature, attempts, aggregation, and what they tell. */

const work = simpleWorkspace('webhooks', [
  { title: 'One', blocks: (b) => [b.todo('First'), b.todo('Second')] },
  { title: 'Two', blocks: (b) => [b.todo('Third')] },
])
const [pageId = '', otherPageId = ''] = work.pageIds
const contract = useContract({ seed: [work.seed] })

interface Received {
  body: string
  signature: string | undefined
}
const received: Received[] = []
let answers: number[] = []
let url = ''
const subscriber = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const signature = request.headers['x-notion-signature']
    received.push({
      body: Buffer.concat(chunks).toString(),
      signature: typeof signature === 'string' ? signature : undefined,
    })
    response.statusCode = answers.shift() ?? 200
    response.end()
  })
})
beforeAll(async () => {
  await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve))
  const address = subscriber.address()
  url = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}/hook` : ''
})
afterAll(() => void subscriber.close())
afterEach(() => {
  contract().server.reset()
  received.length = 0
  answers = []
})

const EventSchema = z.looseObject({
  id: z.string(),
  type: z.string(),
  attempt_number: z.number(),
  workspace_id: z.string(),
  authors: z.array(z.object({ id: z.string(), type: z.string() })),
  accessible_by: z.array(z.object({ id: z.string(), type: z.literal('bot') })),
  entity: z.object({ id: z.string(), type: z.string() }),
  data: z.looseObject({
    parent: z.looseObject({ id: z.string(), type: z.string() }),
    updated_blocks: z.array(z.object({ id: z.string(), type: z.string() })).optional(),
  }),
})

const control = () => new NotionControl(contract().server.url)
const events = () =>
  received
    .filter(({ signature }) => signature !== undefined)
    .map(({ body }) => EventSchema.parse(JSON.parse(body)))

/** A connection, and a subscription that was verified as a person does it. */
async function subscribed() {
  const token = await contract().connect()
  await control().webhooks({ op: 'subscribe', url })
  const handshake = z
    .strictObject({ verification_token: z.string() })
    .parse(JSON.parse(received[0]?.body ?? ''))
  await control().webhooks({ op: 'verify', token: handshake.verification_token })
  await control().webhooks({ op: 'settings', retry_ms: 1 })
  return { token, verificationToken: handshake.verification_token }
}

async function todoOn(token: string, page = pageId): Promise<string> {
  const { results } = await contract().client.blocks.children.list({ auth: token, block_id: page })
  return results[0]?.id ?? ''
}

describe('webhooks', () => {
  it('begin with an unsigned handshake, and nothing comes before the token was confirmed', async () => {
    const token = await contract().connect()
    await control().webhooks({ op: 'subscribe', url })
    expect(received).toHaveLength(1)
    expect(received[0]?.signature).toBeUndefined()
    await control().edit({ op: 'set_checked', block_id: await todoOn(token), checked: true })
    await expect(control().webhooks({ op: 'verify', token: 'secret_wrong' })).rejects.toThrow('400')
    expect(received).toHaveLength(1)
  })

  it('tell what a person edited, signed over the bytes that were sent', async () => {
    const { token, verificationToken } = await subscribed()
    const block = await todoOn(token)
    await control().edit({ op: 'set_checked', block_id: block, checked: true })
    await expect.poll(() => events()).toHaveLength(1)
    const last = received.at(-1)
    expect(
      await verifyWebhookSignature({ body: last?.body ?? '', signature: last?.signature, verificationToken }),
    ).toBe(true)
    expect(events()[0]).toMatchObject({
      type: 'page.content_updated',
      workspace_id: work.seed.id,
      attempt_number: 1,
      authors: [{ id: work.userId, type: 'person' }],
      entity: { id: pageId, type: 'page' },
      data: {
        parent: { id: work.databaseId, type: 'database', data_source_id: work.dataSourceId },
        updated_blocks: [{ id: block, type: 'block' }],
      },
    })
  })

  it('tell of writes through the API, by the bot that made them', async () => {
    const { token } = await subscribed()
    const block = await todoOn(token)
    await contract().client.blocks.update({ auth: token, block_id: block, to_do: { checked: true } })
    await contract().client.pages.update({
      auth: token,
      page_id: otherPageId,
      properties: { Done: { checkbox: true } },
    })
    await contract().client.pages.update({ auth: token, page_id: otherPageId, in_trash: true })
    await expect
      .poll(() =>
        events()
          .map(({ type }) => type)
          .sort(),
      )
      .toEqual(['page.content_updated', 'page.deleted', 'page.properties_updated'])
    for (const { authors, accessible_by: seenBy } of events()) {
      expect(authors).toEqual([{ id: seenBy[0]?.id, type: 'bot' }])
    }
  })

  it('come again until they are taken, each attempt with its number', async () => {
    const { token } = await subscribed()
    answers = [500, 503]
    await control().edit({ op: 'set_checked', block_id: await todoOn(token), checked: true })
    await expect.poll(() => events().map(({ attempt_number }) => attempt_number)).toEqual([1, 2, 3])
    expect(new Set(events().map(({ id }) => id)).size).toBe(1)
  })

  it('are given up after eight attempts', async () => {
    const { token } = await subscribed()
    answers = Array.from({ length: 20 }, () => 500)
    await control().edit({ op: 'set_checked', block_id: await todoOn(token), checked: true })
    await expect.poll(() => events().length, { timeout: 5_000 }).toBe(8)
  })

  it('make one event of many when they are asked to', async () => {
    const { token } = await subscribed()
    await control().webhooks({ op: 'settings', aggregate_ms: 50 })
    const { results } = await contract().client.blocks.children.list({ auth: token, block_id: pageId })
    for (const { id } of results) await control().edit({ op: 'set_checked', block_id: id, checked: true })
    await expect.poll(() => events()).toHaveLength(1)
    expect(events()[0]?.data.updated_blocks?.map(({ id }) => id)).toEqual(results.map(({ id }) => id))
  })

  it('come in another order and several times when they are asked to', async () => {
    const { token } = await subscribed()
    await control().webhooks({ op: 'settings', hold: true })
    for (const page of [pageId, otherPageId]) {
      await control().edit({ op: 'set_checked', block_id: await todoOn(token, page), checked: true })
    }
    expect(events()).toEqual([])
    await control().webhooks({ op: 'flush', reverse: true, duplicates: 1 })
    expect(events().map(({ entity }) => entity.id)).toEqual([otherPageId, otherPageId, pageId, pageId])
  })

  it('say nothing about what is not shared with any public connection', async () => {
    const { token } = await subscribed()
    const block = await todoOn(token)
    await control().edit({ op: 'unshare', id: work.databaseId })
    await control().edit({ op: 'set_checked', block_id: block, checked: true })
    const { deliveries } = z
      .object({ deliveries: z.array(z.unknown()) })
      .parse(await control().webhooks({ op: 'deliveries' }))
    expect(deliveries).toEqual([])
  })
})
