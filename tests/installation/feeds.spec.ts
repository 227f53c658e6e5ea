import { convertIcsCalendar } from 'ts-ics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FeedReplySchema, FeedsReplySchema } from '../../shared/schemas/feed.ts'
import { SavedViewReplySchema } from '../../shared/schemas/view.ts'
import { Browser } from '../support/browser.ts'
import { expectRefusal } from '../support/envelope.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'
import type { Reader } from '../support/reader.ts'
import { newReader } from '../support/reader.ts'
import { seedTodos } from '../support/seeded-todos.ts'
import { startTestStack, type TestStack } from '../support/stack.ts'
import { aPage, aTodo } from '../support/todos.ts'

let stack: TestStack
let database: Inspector
let ann: Reader
let bob: Reader
let viewId: number
const BODY = { contains: 'both', locale: 'de', timeZone: 'Europe/Berlin' }

beforeAll(async () => {
  // Its own installation, so that its whole log can be searched for the token.
  stack = await startTestStack()
  const notion = new NotionControl(stack.environment.NOTION_API_URL ?? '')
  database = await Inspector.open(stack.environment.DATABASE_URL, stack.dir)
  await notion.settings({ rate_limit: 'off' })
  const world = { appUrl: stack.app.url, notion, database }
  const readerOf = (key: string) =>
    newReader(key, world, simpleWorkspace(key, [{ title: 'First', blocks: (b) => [b.todo('one')] }]))
  ann = await readerOf('feeds ann')
  bob = await readerOf('feeds bob')
  const view = { query: '-is:done', group: 'page', sort: 'due', show: 'all' }
  const made = await ann.browser.post('/api/views', { name: 'Alles; "offen"', view })
  viewId = SavedViewReplySchema.parse(made.json).view.id
})

afterAll(async () => {
  await database?.close()
  await stack?.stop()
})

async function makeFeed(more: object = {}) {
  const answer = await ann.browser.post('/api/calendar-feeds', { viewId, ...BODY, ...more })
  expect(answer.status, answer.text).toBe(201)
  return FeedReplySchema.parse(answer.json)
}

/** A calendar program: no cookies, nothing but the address. */
const subscribe = (url: string) => new Browser(stack.app.url).get(new URL(url).pathname)

describe('a calendar feed', () => {
  it('gives dates as dates, moments as moments and undated ones as tasks, each with an id that stays', async () => {
    const text = `${'Ä🦊'.repeat(60)}; a, b\\ c\r\nBEGIN:VEVENT\r\nSUMMARY:forged`
    const page = aPage(1, { title: 'Weekly' })
    const databaseId = ann.workspace.dataSourceId
    await seedTodos(
      database,
      ann,
      [
        aTodo({ id: 1, text, page, due: { start: '2026-12-24', source: 'text' } }),
        aTodo({ id: 2, text: 'Call', page, due: { start: '2026-12-24T23:30:00+01:00', source: 'mention' } }),
        aTodo({ id: 3, text: 'Some day', page }),
        aTodo({
          id: 4,
          text: 'Trip',
          page,
          due: { start: '2026-12-01', end: '2026-12-03', source: 'property' },
        }),
        aTodo({ id: 5, text: 'Done', page, checked: true }),
      ].map((todo) => ({ ...todo, databaseId })),
    )
    const { url } = await makeFeed()
    const answer = await subscribe(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    for (const line of answer.text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
    expect(answer.text).not.toMatch(/(?<!\r)\n|\r(?!\n)|\uFFFD/)

    const unfolded = answer.text.replace(/\r\n /g, '')
    expect(unfolded).toContain('DUE;VALUE=DATE:20261224')
    expect(unfolded).toContain('DTSTART;VALUE=DATE:20261201')
    expect(unfolded).toContain('DTEND;VALUE=DATE:20261204')
    expect(unfolded).toContain('DTSTART:20261224T223000Z')
    expect(unfolded).toContain('X-WR-CALNAME:Alles\\; "offen" · Roundup')
    const calendar = convertIcsCalendar(undefined, answer.text)
    expect(calendar.todos?.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining(['Call', 'Some day', 'Trip']),
    )
    expect(calendar.todos).toHaveLength(4)
    expect(calendar.events).toHaveLength(3)
    expect(calendar.events?.some(({ summary }) => summary === 'forged')).toBe(false)
    const ids = [...(calendar.todos ?? []), ...(calendar.events ?? [])].map(({ uid }) => uid)
    expect(new Set(ids).size).toBe(7)
    expect((await subscribe(url)).text).toBe(answer.text)

    const eventsOnly = await makeFeed({ contains: 'events' })
    expect((await subscribe(eventsOnly.url)).text).not.toContain('BEGIN:VTODO')
  })

  it('ends at once when it is revoked, has run out, or its view is deleted, and then tells nothing', async () => {
    const none = await subscribe(`${stack.app.url}/api/feeds/${'A'.repeat(43)}.ics`)
    const refusal = expectRefusal(none, 'NOT_FOUND')

    const { feed, url } = await makeFeed()
    expect((await subscribe(url)).status).toBe(200)
    expect((await ann.browser.delete(`/api/calendar-feeds/${feed.id}`)).status).toBe(204)
    expect(expectRefusal(await subscribe(url), 'NOT_FOUND').message).toBe(refusal.message)

    const short = await makeFeed({ lifetimeDays: 30 })
    await database.rows(
      `update public.calendar_feed set expires_at = now() - interval '1 second' where id = $1`,
      [short.feed.id],
    )
    expectRefusal(await subscribe(short.url), 'NOT_FOUND')

    const view = { query: '', group: 'page', sort: 'due', show: 'all' }
    const other = SavedViewReplySchema.parse(
      (await ann.browser.post('/api/views', { name: 'Other', view })).json,
    ).view
    const gone = await makeFeed({ viewId: other.id })
    await ann.browser.delete(`/api/views/${other.id}`)
    expectRefusal(await subscribe(gone.url), 'NOT_FOUND')
  })

  it('keeps its token to itself: not in the database, not in the list of feeds, not in the log', async () => {
    const { feed, url } = await makeFeed()
    await subscribe(url)
    await subscribe(`${url}x`)
    await subscribe(url.replace('.ics', ''))
    const token = /feeds\/([A-Za-z0-9_-]{43})\.ics$/.exec(url)?.[1] ?? ''
    expect(token).toHaveLength(43)
    for (const [table, text] of await database.dump()) expect(text.includes(token), table).toBe(false)
    const { feeds } = FeedsReplySchema.parse((await ann.browser.get('/api/calendar-feeds')).json)
    const listed = feeds.find(({ id }) => id === feed.id)
    expect(JSON.stringify(feeds)).not.toContain(token)
    expect(listed?.lastUsedAt).not.toBeNull()
    const log = stack.app.output()
    expect(log).toContain('feed.read')
    expect(log).toContain('/api/feeds/[token]')
    expect(log.includes(token)).toBe(false)
  })

  it('keeps its token to itself whatever it is asked for with, and by paths that are nearly right', async () => {
    const { url } = await makeFeed()
    const { pathname } = new URL(url)
    const token = pathname.slice('/api/feeds/'.length, -'.ics'.length)
    const calendar = new Browser(stack.app.url)
    for (const method of ['OPTIONS', 'PROPFIND', 'REPORT', 'PUT']) {
      expectRefusal(await calendar.ask(method, pathname, {}), 'NOT_FOUND')
    }
    for (const path of [
      `${pathname}/x`,
      `${pathname}/`,
      pathname.replace('/feeds/', '//feeds/'),
      pathname.replace('/feeds/', '/feeds//'),
      pathname.replace('/feeds/', '/feeds/./x/'),
      pathname.replace('feeds', 'Feeds'),
      pathname.replace('feeds', 'feed'),
      `${pathname}?key=${token}`,
    ]) {
      await calendar.get(path)
      await calendar.ask('HEAD', path, {})
    }
    expect(stack.app.output()).toContain('/api/[...]')
    expect(stack.app.output().includes(token)).toBe(false)
  })

  it('tells a calendar that only asks whether it is there what GET would, without the text', async () => {
    const { url } = await makeFeed()
    const { pathname } = new URL(url)
    const answer = await new Browser(stack.app.url).ask('HEAD', pathname, {})
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.text).toBe('')
    const none = await new Browser(stack.app.url).ask('HEAD', `/api/feeds/${'A'.repeat(43)}.ics`, {})
    expect(none.status).toBe(404)
  })

  it("shows nobody another person's view, and can be revoked by its own person alone", async () => {
    expectRefusal(await bob.browser.post('/api/calendar-feeds', { viewId, ...BODY }), 'NOT_FOUND')
    const { feed, url } = await makeFeed()
    expectRefusal(await bob.browser.delete(`/api/calendar-feeds/${feed.id}`), 'NOT_FOUND')
    expect((await subscribe(url)).status).toBe(200)
    expect(FeedsReplySchema.parse((await bob.browser.get('/api/calendar-feeds')).json).feeds).toEqual([])
  })

  it('is answered so often and no more', async () => {
    const { url } = await makeFeed()
    const answers = []
    for (let count = 0; count < 31; count += 1) answers.push(await subscribe(url))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(30)
    const last = answers.at(-1)
    if (last) expectRefusal(last, 'TOO_MANY_REQUESTS')
  })
})
