import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { Browser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { Inspector } from '../support/inspector.ts'
import { LiveStream } from '../support/live-stream.ts'
import { NotionControl } from '../support/notion-control.ts'
import type { Reader } from '../support/reader.ts'
import { newReader, readAgain, readTodos, tick } from '../support/reader.ts'

let notion: NotionControl
let database: Inspector
let reader: Reader

beforeAll(async () => {
  notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
  reader = await newReader('live', { appUrl: inject('appUrl'), notion, database })
})

afterAll(() => database.close())

describe('the stream of events', () => {
  it('arrives as it happens: first where the counter stands, then every change, and nothing but numbers', async () => {
    const stream = await LiveStream.open(reader.browser)
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect(stream.headers.get('content-encoding')).toBeNull()
    expect(stream.headers.get('cache-control')).toContain('no-transform')
    const { seq, todos } = await readTodos(reader.browser)
    await eventually('the first event', async () => Promise.resolve(stream.seq >= seq))

    await tick(reader.browser, todos.find(({ text }) => text === 'two')?.notionId ?? '', false)
    await eventually('the change', async () => Promise.resolve(stream.seq > seq))
    expect(stream.isOver).toBe(false)
    const delta = await reader.browser.get(`/api/todos?since=${seq}`)
    expect(delta.text).toContain('"two"')
    for (const { type, data } of stream.events) {
      expect(data).toMatch(type === 'change' ? /^\{"seq":\d+\}$/ : /^\{\}$/)
    }
    stream.close()
  })

  it('tells of a reading while it goes on', async () => {
    const stream = await LiveStream.open(reader.browser)
    await readAgain(reader.browser)
    await eventually('progress', async () =>
      Promise.resolve(stream.events.some(({ type }) => type === 'progress')),
    )
    stream.close()
  })

  it('says after a break what was missed: the counter of now', async () => {
    const before = (await readTodos(reader.browser)).seq
    const { todos } = await readTodos(reader.browser)
    await tick(reader.browser, todos.find(({ text }) => text === 'three')?.notionId ?? '', true)
    const stream = await LiveStream.open(reader.browser, { 'last-event-id': String(before) })
    await eventually('the first event', async () => Promise.resolve(stream.seq > before))
    stream.close()
  })

  it("never tells of other people's changes", async () => {
    const other = await newReader('live neighbour', { appUrl: inject('appUrl'), notion, database })
    const stream = await LiveStream.open(other.browser)
    const own = (await readTodos(other.browser)).seq
    await eventually('the first event', async () => Promise.resolve(stream.seq >= own))
    const told = stream.events.length
    const mine = await LiveStream.open(reader.browser)
    await readAgain(reader.browser)
    await eventually('my own news', async () => Promise.resolve(mine.events.length > 1))
    expect(stream.events.length).toBe(told)
    stream.close()
    mine.close()
  })

  it('ends with the session', async () => {
    const guest = await newReader('live guest', { appUrl: inject('appUrl'), notion, database })
    const stream = await LiveStream.open(guest.browser)
    const answer = await guest.browser.delete('/api/session')
    expect(answer.status).toBeLessThan(300)
    await eventually('the end', async () => Promise.resolve(stream.isOver), 30_000)
  })

  it('is refused to strangers, and to the thirteenth tab', async () => {
    const stranger = new Browser(inject('appUrl'))
    expect((await stranger.get('/api/sync/events')).status).toBe(401)
    const many = await newReader('live tabs', { appUrl: inject('appUrl'), notion, database })
    const streams = []
    for (let count = 0; count < 12; count += 1) streams.push(await LiveStream.open(many.browser))
    expect((await many.browser.get('/api/sync/events')).status).toBe(429)
    for (const stream of streams) stream.close()
    const opened = await eventually('a free place', () => LiveStream.open(many.browser).catch(() => null))
    opened.close()
  })
})
