import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { HistoryEntryReplySchema, HistoryReplySchema } from '../../shared/schemas/history.ts'
import type { Todo, WriteAction, WriteState } from '../../shared/schemas/todo.ts'
import { ChangesReplySchema } from '../../shared/schemas/todo.ts'
import { expectRefusal } from '../support/envelope.ts'
import { eventually } from '../support/eventually.ts'
import { Inspector } from '../support/inspector.ts'
import { NotionControl } from '../support/notion-control.ts'
import type { Reader } from '../support/reader.ts'
import { newReader, readAgain, readTodos, tick } from '../support/reader.ts'

// R69, R71, R73, R117, R118, S41, S43: what a tick meets in Notion, and what the person can do about it.

const notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
let database: Inspector
let key = 0

beforeAll(async () => {
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
})
afterAll(() => database?.close())

const saved: WriteState = { state: 'saved' }

/** Somebody whose pages were read a while ago. */
async function setUp(): Promise<{ reader: Reader; todo: (text: string) => Promise<Todo> }> {
  key += 1
  const reader = await newReader(`writing ${key}`, { appUrl: inject('appUrl'), notion, database })
  await database.rows("update public.page set read_at = now() - interval '2 minutes' where user_id = $1", [
    reader.userId,
  ])
  const todo = async (text: string) => {
    const { todos } = await readTodos(reader.browser)
    const found = todos.find((candidate) => candidate.text === text)
    if (!found) throw new Error(`There is no "${text}"`)
    return found
  }
  return { reader, todo }
}

const resolve = (reader: Reader, id: string, action: WriteAction) =>
  reader.browser.post('/api/todos/write', { id, action })

/** Waits until nothing of a person is on its way any more. */
function allSettled({ browser }: Reader): Promise<Todo[]> {
  return eventually(
    'the end of all writes',
    async () => {
      const { todos } = await readTodos(browser)
      return todos.every(({ write }) => write.state !== 'waiting') && todos
    },
    60_000,
  )
}

/** Requests that Notion got with this person's connection about one block since a point in its ledger. */
async function askedAbout({ botId }: Reader, notionId: string, since: number): Promise<string[]> {
  const { entries } = await notion.ledger(since)
  return entries
    .filter((entry) => entry.botId === botId && entry.path.includes(notionId))
    .map(({ method }) => method)
}
const ledgerNow = async () => (await notion.ledger()).entries.at(-1)?.seq ?? 0

async function history({ browser }: Reader) {
  return HistoryReplySchema.parse((await browser.get('/api/history')).json).entries
}

describe('a look before the write', () => {
  it('costs one request, and none right after Notion has said what the to-do is', async () => {
    const { reader, todo } = await setUp()
    const { notionId } = await todo('one')
    const since = await ledgerNow()
    expect(await tick(reader.browser, notionId, true)).toEqual(saved)
    expect(await tick(reader.browser, notionId, false)).toEqual(saved)
    expect(await askedAbout(reader, notionId, since)).toEqual(['GET', 'PATCH', 'PATCH'])
  })

  it('writes nothing when Notion has it already as the person wants it', async () => {
    const { reader, todo } = await setUp()
    const { notionId } = await todo('one')
    await notion.edit({ op: 'set_checked', block_id: notionId, checked: true })
    const since = await ledgerNow()
    expect(await tick(reader.browser, notionId, true)).toEqual(saved)
    expect(await askedAbout(reader, notionId, since)).toEqual(['GET'])
  })

  it('takes over a text that was corrected', async () => {
    const { reader, todo } = await setUp()
    const { notionId } = await todo('three')
    await notion.edit({ op: 'set_text', block_id: notionId, text: 'three times' })
    expect(await tick(reader.browser, notionId, true)).toEqual(saved)
    expect(await todo('three times')).toMatchObject({ notionId, checked: true })
  })
})

describe('a to-do that has become another one', () => {
  async function conflicting() {
    const { reader, todo } = await setUp()
    const { notionId } = await todo('one')
    await notion.edit({ op: 'set_text', block_id: notionId, text: 'Sell the house' })
    const write = await tick(reader.browser, notionId, true)
    expect(write).toEqual({ state: 'conflict', theirs: { text: 'Sell the house', checked: false } })
    return { reader, todo, notionId }
  }

  it('is not ticked: the person sees both, and keeps theirs', async () => {
    const { reader, todo, notionId } = await conflicting()
    const since = await ledgerNow()
    expect((await resolve(reader, notionId, 'keep-theirs')).status).toBe(200)
    expect(await todo('Sell the house')).toMatchObject({ checked: false, write: saved })
    expect(await askedAbout(reader, notionId, since)).toEqual([])
    expectRefusal(await resolve(reader, notionId, 'keep-mine'), 'CONFLICT')
  })

  it('is ticked when the person insists, and only ticked', async () => {
    const { reader, notionId } = await conflicting()
    await resolve(reader, notionId, 'keep-mine')
    const todos = await allSettled(reader)
    expect(todos.find((candidate) => candidate.notionId === notionId)).toMatchObject({
      text: 'Sell the house',
      checked: true,
      write: saved,
    })
  })
})

describe('what the person saw, where their browser was behind', () => {
  /** Somebody whose to-do has become another one, which is known here, but not to their browser. */
  async function behind(...texts: [string, string][]) {
    const { reader, todo } = await setUp()
    const ids = new Map<string, string>()
    for (const [saw, has] of texts) {
      const { notionId } = await todo(saw)
      ids.set(saw, notionId)
      await notion.edit({ op: 'set_text', block_id: notionId, text: has })
    }
    await readAgain(reader.browser)
    for (const [, has] of texts) expect(await todo(has)).toMatchObject({ checked: false, write: saved })
    const since = await ledgerNow()
    const send = async (changes: { saw: string; text?: string }[], source: 'list' | 'offline') => {
      const answer = await reader.browser.post('/api/todos/changes', {
        clientId: randomUUID(),
        changes: changes.map(({ saw, ...more }) => ({ id: ids.get(saw), checked: true, ...more })),
        source,
      })
      expect(answer.status).toBe(200)
      return allSettled(reader)
    }
    const requests = (saw: string) => askedAbout(reader, ids.get(saw) ?? '', since)
    return { reader, send, requests, of: (saw: string) => ids.get(saw) }
  }

  it.each(['list', 'offline'] as const)('is what a tick is about (%s)', async (source) => {
    const { reader, send, requests, of } = await behind(['one', 'Fire the plumber'])
    const todos = await send([{ saw: 'one', text: 'one' }], source)
    expect(todos.find(({ notionId }) => notionId === of('one'))?.write).toEqual({
      state: 'conflict',
      theirs: { text: 'Fire the plumber', checked: false, seen: 'one' },
    })
    expect(await requests('one')).toEqual(['GET'])
    expect((await history(reader))[0]?.preview[0]).toMatchObject({ text: 'one', state: 'conflict' })
  })

  it.each(['list', 'offline'] as const)('and is there, is ticked (%s)', async (source) => {
    const { send, requests, of } = await behind(['one', 'Fire the plumber'])
    const todos = await send([{ saw: 'one', text: 'Fire the plumber' }], source)
    expect(todos.find(({ notionId }) => notionId === of('one'))).toMatchObject({
      checked: true,
      write: saved,
    })
    expect(await requests('one')).toEqual(source === 'list' ? ['PATCH'] : ['GET', 'PATCH'])
  })

  it('counts for each of many', async () => {
    const { reader, send, requests } = await behind(['one', 'Fire the plumber'], ['three', 'Three times'])
    const todos = await send(
      [
        { saw: 'one', text: 'one' },
        { saw: 'three', text: 'three' },
      ],
      'offline',
    )
    expect(todos.map(({ text, write }) => [text, write.state])).toEqual(
      expect.arrayContaining([
        ['Fire the plumber', 'conflict'],
        // Corrected, and still what it was.
        ['Three times', 'saved'],
      ]),
    )
    expect([await requests('one'), await requests('three')]).toEqual([['GET'], ['GET', 'PATCH']])
    expect((await history(reader))[0]).toMatchObject({ counts: { conflict: 1, saved: 1 } })
  })

  it('is refused where it is longer than it may be, or nothing that can be kept', async () => {
    const { reader } = await setUp()
    for (const text of ['x'.repeat(201), 'NUL \u0000', 'half \ud83d']) {
      const changes = [{ id: randomUUID(), checked: true, text }]
      const answer = await reader.browser.post('/api/todos/changes', { clientId: randomUUID(), changes })
      expectRefusal(answer, 'INVALID_REQUEST')
    }
  })

  it('may be five hundred long texts', async () => {
    const { reader } = await setUp()
    const changes = Array.from({ length: 500 }, () => ({
      id: randomUUID(),
      checked: true,
      text: '🎉'.repeat(200),
    }))
    const answer = await reader.browser.post('/api/todos/changes', { clientId: randomUUID(), changes })
    expect(ChangesReplySchema.parse(answer.json).refused).toHaveLength(500)
  })
})

describe('a to-do that is gone', () => {
  it('says so, and can be removed here', async () => {
    const { reader, todo } = await setUp()
    const { notionId, id } = await todo('one')
    await notion.edit({ op: 'trash', id: notionId })
    expect(await tick(reader.browser, notionId, true)).toEqual({
      state: 'failed',
      code: 'NOTION_BLOCK_NOT_FOUND',
    })
    const { seq } = await readTodos(reader.browser)
    expect((await resolve(reader, notionId, 'remove')).status).toBe(200)
    const delta = await reader.browser.get(`/api/todos?since=${seq}`)
    expect(delta.json).toMatchObject({ removed: [id] })
    // What was done stays told.
    expect((await history(reader))[0]?.preview[0]).toMatchObject({ text: 'one', state: 'given_up' })
  })
})

describe('a tick that Notion refuses', () => {
  async function refused() {
    const { reader, todo } = await setUp()
    const { notionId } = await todo('one')
    const rule = { path: `/v1/blocks/${notionId}`, method: 'PATCH', bot_id: reader.botId } as const
    await notion.fault({ ...rule, what: { kind: 'status', status: 403 } })
    expect(await tick(reader.browser, notionId, true)).toEqual({
      state: 'failed',
      code: 'NOTION_ACCESS_DENIED',
    })
    return { reader, todo, notionId }
  }

  it('is tried again when the person says so', async () => {
    const { reader, notionId } = await refused()
    await resolve(reader, notionId, 'retry')
    const todos = await allSettled(reader)
    expect(todos.find((candidate) => candidate.notionId === notionId)).toMatchObject({
      checked: true,
      write: saved,
    })
    expect(await history(reader)).toMatchObject([{ size: 1, counts: { saved: 1 } }])
  })

  it('is given up: the box is as Notion has it', async () => {
    const { reader, todo, notionId } = await refused()
    await resolve(reader, notionId, 'give-up')
    expect(await todo('one')).toMatchObject({ checked: false, write: saved })
    expectRefusal(await resolve(reader, notionId, 'retry'), 'CONFLICT')
  })
})

describe('an action on many', () => {
  it('is one request, is sent, says what could not be, and is taken back as one', async () => {
    const { reader, todo } = await setUp()
    const flattenings = (await notion.ledger()).counters.richTextFlattenings
    const [one, three, row] = [await todo('one'), await todo('three'), await todo('First')]
    const changes = [one, three, row].map(({ notionId }) => ({ id: notionId, checked: true }))
    await notion.fault({
      path: `/v1/blocks/${three.notionId}`,
      method: 'PATCH',
      bot_id: reader.botId,
      what: { kind: 'status', status: 403 },
    })
    const answer = await reader.browser.post('/api/todos/changes', {
      clientId: randomUUID(),
      changes: [...changes, { id: randomUUID(), checked: true }],
    })
    const { entry, accepted, refused } = ChangesReplySchema.parse(answer.json)
    expect(accepted).toHaveLength(3)
    expect(refused).toMatchObject([{ code: 'NOT_FOUND' }])
    const todos = await allSettled(reader)
    expect(todos.filter(({ checked }) => checked).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['one', 'three', 'First']),
    )
    const shown = HistoryEntryReplySchema.parse((await reader.browser.get(`/api/history/${entry}`)).json)
    expect(shown.entry.counts).toMatchObject({ saved: 2, failed: 1 })
    expect(shown.changes.find(({ state }) => state === 'failed')).toMatchObject({
      text: 'three',
      code: 'NOTION_ACCESS_DENIED',
    })

    const back = await reader.browser.post(`/api/history/${entry}/undo`, {})
    expect(ChangesReplySchema.parse(back.json).accepted).toHaveLength(3)
    await allSettled(reader)
    for (const text of ['one', 'three', 'First']) {
      expect(await todo(text)).toMatchObject({ checked: false, write: saved })
    }
    // The one that never got there needed no write to be taken back.
    expect((await history(reader))[0]).toMatchObject({ source: 'undo', undoOf: entry, counts: { saved: 3 } })
    expect((await notion.ledger()).counters.richTextFlattenings).toBe(flattenings)
  })

  it('under one name is one, and so is a click', async () => {
    const { reader, todo } = await setUp()
    const { notionId } = await todo('one')
    const clientId = randomUUID()
    const click = { id: notionId, to_do: { checked: true }, clientId }
    const answers = await Promise.all([1, 2, 3].map(() => reader.browser.post('/api/toggle-checkbox', click)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    await allSettled(reader)
    expect(await history(reader)).toHaveLength(1)
  })

  it('may name five hundred, and not one more', async () => {
    const { reader } = await setUp()
    const many = (count: number) =>
      reader.browser.post('/api/todos/changes', {
        clientId: randomUUID(),
        changes: Array.from({ length: count }, () => ({ id: randomUUID(), checked: true })),
      })
    expect(ChangesReplySchema.parse((await many(500)).json).refused).toHaveLength(500)
    expectRefusal(await many(501), 'INVALID_REQUEST')
    expect(await history(reader)).toEqual([])
  })
})

describe('the history', () => {
  it('goes on where a page ended', async () => {
    const { reader, todo } = await setUp()
    const { notionId } = await todo('one')
    for (let count = 0; count < 5; count += 1) {
      await reader.browser.post('/api/toggle-checkbox', {
        id: notionId,
        to_do: { checked: count % 2 === 0 },
      })
    }
    const whole = (await history(reader)).map(({ entry }) => entry)
    expect(whole).toHaveLength(5)
    const paged: string[] = []
    for (let next: string | null = ''; next !== null;) {
      const path: string = `/api/history?limit=2${next && `&before=${next}`}`
      const reply = HistoryReplySchema.parse((await reader.browser.get(path)).json)
      paged.push(...reply.entries.map(({ entry }) => entry))
      next = reply.next
    }
    expect(paged).toEqual(whole)
  })
})
