import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listEntryChanges, listHistoryEntries } from '../../../server/db/history.ts'
import { trashPage } from '../../../server/db/pages.ts'
import type { ClaimedTick, SeenTodo, TickOutcome, Wish } from '../../../server/db/todo-changes.ts'
import {
  claimTicks,
  finishTick,
  listConnectionsWithDueTicks,
  recordChanges,
  resolveWrite,
  undoChanges,
} from '../../../server/db/todo-changes.ts'
import type { TodoRecord } from '../../../server/db/todos.ts'
import type { Workspace } from '../../support/database.ts'
import {
  makeWorkspace,
  one,
  openPostgres,
  openServiceDb,
  signUpMember,
  todoRecord,
} from '../../support/database.ts'
import { claimAny, recordTick } from '../../support/ticks.ts'
import { letSenderDie, listPage, readPage, storedChanges, storedTodo } from './stored.ts'

const db = openServiceDb()
let pool: Pool
let workspace: Workspace
let page: string
let todos: TodoRecord[]

beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())

/** Somebody with five to-dos and an empty history. */
beforeEach(async () => {
  workspace = await makeWorkspace(db, (await signUpMember()).id)
  page = await listPage(db, workspace, { title: 'Errands', url: 'https://www.notion.so/errands' })
  todos = Array.from({ length: 5 }, (_, position) => todoRecord({ position, text: `Task ${position}` }))
  await readPage(db, workspace, page, todos)
})

const idOf = (index: number): string => todos[index]?.notionId ?? ''
const wishes = (checked = true, list = todos): Wish[] =>
  list.map(({ notionId }) => ({ id: notionId, checked }))
const change = (changes: Wish[], clientId?: string, source: 'list' | 'offline' = 'list') =>
  recordChanges(pool, { userId: workspace.userId, changes, source, clientId })
const undo = (entry: string, ids?: string[], userId = workspace.userId) =>
  undoChanges(db, { userId, entry, ids })
const claim = (limit = 20, worker?: number) => claimAny(db, workspace.connectionId, limit, worker)
const resolve = (action: Parameters<typeof resolveWrite>[1]['action'], notionId = idOf(0)) =>
  resolveWrite(db, { userId: workspace.userId, notionId, action })
const entries = async () =>
  (await listHistoryEntries(db, workspace.userId, { limit: 100 })).map(({ entry }) => entry)

function seen(overrides: Partial<SeenTodo> = {}): SeenTodo {
  return {
    checked: true,
    text: 'Task 0',
    richText: [{ text: 'Task 0' }],
    lastEditedTime: '2026-01-02T00:00:00.000Z',
    ...overrides,
  }
}

/** Sends all that is to be sent; `outcome` says how each ended. */
async function sendAll(
  outcome: (tick: ClaimedTick) => TickOutcome = () => ({ state: 'saved' }),
): Promise<void> {
  for (let ticks = await claim(); ticks.length > 0; ticks = await claim()) {
    for (const tick of ticks) await finishTick(db, tick, outcome(tick))
  }
}

describe('one action on many', () => {
  it('is one entry, with what it was about and how far it has come', async () => {
    const { entry, accepted, refused } = await change(wishes())
    expect(accepted.sort()).toEqual(todos.map(({ notionId }) => notionId).sort())
    expect(refused).toEqual([])
    const [first, second] = await claim(2)
    if (!first || !second) throw new Error('nothing to send')
    await finishTick(db, first, { state: 'saved', seen: seen() })
    await finishTick(db, second, { state: 'failed', code: 'NOTION_ACCESS_DENIED' })
    const [shown, ...older] = await entries()
    expect(older).toEqual([])
    expect(shown).toMatchObject({
      entry,
      source: 'list',
      undoOf: null,
      size: 5,
      counts: { waiting: 3, saved: 1, failed: 1, conflict: 0, superseded: 0, givenUp: 0 },
      undoable: true,
    })
    expect(shown?.preview).toHaveLength(3)
    expect(shown?.preview[0]).toMatchObject({
      id: idOf(0),
      text: 'Task 0',
      pageTitle: 'Errands',
      url: `https://www.notion.so/errands#${idOf(0).replaceAll('-', '')}`,
      databaseName: 'Tasks',
      before: false,
      after: true,
      state: 'saved',
      notion: { checked: true, text: 'Task 0' },
    })
    const all = await listEntryChanges(db, workspace.userId, entry)
    expect(all?.changes.map(({ state }) => state)).toEqual([
      'saved',
      'failed',
      'pending',
      'pending',
      'pending',
    ])
    expect(all?.changes[1]).toMatchObject({ code: 'NOTION_ACCESS_DENIED' })
  })

  it('takes what it can, refuses the rest by itself, and takes the last wish of a to-do', async () => {
    const stranger = await makeWorkspace(db, (await signUpMember()).id)
    const theirs = todoRecord()
    await readPage(db, stranger, await listPage(db, stranger), [theirs])
    const { accepted, refused } = await change([
      { id: idOf(0), checked: true },
      { id: theirs.notionId, checked: true },
      { id: idOf(1), checked: true },
      { id: idOf(0), checked: false },
    ])
    expect(accepted.sort()).toEqual([idOf(0), idOf(1)].sort())
    expect(refused).toEqual([{ id: theirs.notionId, code: 'NOT_FOUND' }])
    expect((await storedTodo(db, idOf(0))).checked).toBe(false)
    expect(await storedChanges(db, theirs.notionId)).toEqual([])
    expect((await storedTodo(db, theirs.notionId)).checked).toBe(false)
  })

  it('is about what the person saw where they say so, and Notion is looked at where that is not what is known', async () => {
    await readPage(db, workspace, page, [
      ...todos.slice(0, 2),
      ...todos.slice(2).map((todo) => ({ ...todo, text: `${'Long 𝕥ext '.repeat(25)}${todo.text}` })),
    ])
    const beginning = [...'Long 𝕥ext '.repeat(25)].slice(0, 200).join('')
    await change([
      { id: idOf(0), checked: true, text: 'Task 0' },
      { id: idOf(1), checked: true, text: 'Call the plumber' },
      { id: idOf(2), checked: true, text: beginning },
      { id: idOf(3), checked: true, text: `Some ${beginning.slice(5)}` },
      { id: idOf(4), checked: true },
    ])
    const claimed = await claim()
    expect(claimed.map(({ text, isKnown }) => [text, isKnown])).toEqual([
      ['Task 0', true],
      ['Call the plumber', false],
      [`${'Long 𝕥ext '.repeat(25)}Task 2`, true],
      [`Some ${beginning.slice(5)}`, false],
      [`${'Long 𝕥ext '.repeat(25)}Task 4`, true],
    ])
    expect((await entries())[0]?.preview.map(({ text }) => text)).toEqual(
      claimed.slice(0, 3).map(({ text }) => text),
    )
  })

  it('is sent after single ticks, however old it is', async () => {
    await change(wishes(true, todos.slice(0, 4)))
    await change([{ id: idOf(4), checked: true }])
    expect((await claim(2)).map(({ notionId, bulk }) => [notionId, bulk])).toEqual([
      [idOf(4), false],
      [idOf(0), true],
    ])
  })

  it('leaves room for single ticks', async () => {
    await change(wishes())
    const taken = await claimTicks(db, workspace.connectionId, { all: 4, bulk: 2 })
    expect(taken).toHaveLength(2)
  })

  it('of five hundred is recorded in one go', async () => {
    const many = Array.from({ length: 500 }, (_, position) => todoRecord({ position }))
    await readPage(db, workspace, page, many)
    const { accepted, entry } = await change(wishes(true, many))
    expect(accepted).toHaveLength(500)
    const { n } = await one<{ n: string }>(
      pool,
      "select count(*) as n from public.todo where user_id = $1 and checked and write_state = 'waiting'",
      [workspace.userId],
    )
    expect(Number(n)).toBe(500)
    expect((await listEntryChanges(db, workspace.userId, entry))?.changes).toHaveLength(500)
    // And taken back as one.
    const back = await undo(entry)
    expect(back?.accepted).toHaveLength(500)
    expect(await entries()).toHaveLength(2)
  })
})

describe("the browser's own name for a change", () => {
  it('makes it one change however often it is sent, also at the same time', async () => {
    const clientId = randomUUID()
    const answers = await Promise.all(Array.from({ length: 5 }, () => change(wishes(), clientId)))
    expect(new Set(answers.map(({ entry }) => entry)).size).toBe(1)
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(await entries()).toHaveLength(1)
    // Much later, with other words, and after a newer click: still nothing.
    await recordTick(pool, workspace.userId, idOf(0), false)
    expect((await change([{ id: idOf(0), checked: true }], clientId)).entry).toBe(answers[0]?.entry)
    expect((await storedTodo(db, idOf(0))).checked).toBe(false)
  })

  it("is one person's own", async () => {
    const clientId = randomUUID()
    const mine = await change(wishes(), clientId)
    const other = await makeWorkspace(db, (await signUpMember()).id)
    const todo = todoRecord()
    await readPage(db, other, await listPage(db, other), [todo])
    const theirs = await recordChanges(pool, {
      userId: other.userId,
      changes: [{ id: todo.notionId, checked: true }],
      source: 'list',
      clientId,
    })
    expect(theirs.accepted).toEqual([todo.notionId])
    expect(theirs.entry).not.toBe(mine.entry)
  })
})

describe('history', () => {
  it('is not rewritten, and outlives the to-do', async () => {
    await change(wishes(true, todos.slice(0, 1)))
    for (const set of ["text = 'x'", 'after_checked = false', "source = 'api'", 'created_at = now()']) {
      await expect(
        pool.query(`update public.todo_change set ${set} where user_id = $1`, [workspace.userId]),
      ).rejects.toThrow('history is not rewritten')
    }
    await pool.query('delete from public.todo where notion_id = $1', [idOf(0)])
    expect(await entries()).toMatchObject([
      { preview: [{ text: 'Task 0', state: 'failed', code: 'NOT_FOUND', undoable: false }], undoable: false },
    ])
    expect(await listConnectionsWithDueTicks(db)).not.toContain(workspace.connectionId)
  })

  it('goes with the account', async () => {
    await change(wishes())
    await pool.query('delete from auth.users where id = $1', [workspace.userId])
    const { n } = await one<{ n: string }>(
      pool,
      'select count(*) as n from public.todo_change where user_id = $1',
      [workspace.userId],
    )
    expect(n).toBe('0')
  })

  it('is read page by page, each entry once, newest first, and is nobody else’s', async () => {
    for (let index = 0; index < 5; index += 1) await recordTick(pool, workspace.userId, idOf(index), true)
    const seenTexts: (string | undefined)[] = []
    let before: number | undefined
    for (;;) {
      const found = await listHistoryEntries(db, workspace.userId, { before, limit: 2 })
      if (found.length === 0) break
      seenTexts.push(...found.map(({ entry }) => entry.preview[0]?.text))
      before = found.at(-1)?.position
    }
    expect(seenTexts).toEqual(['Task 4', 'Task 3', 'Task 2', 'Task 1', 'Task 0'])
    const stranger = (await signUpMember()).id
    expect(await listHistoryEntries(db, stranger, { limit: 10 })).toEqual([])
    const [mine] = await entries()
    expect(await listEntryChanges(db, stranger, mine?.entry ?? '')).toBeNull()
    expect(await undo(mine?.entry ?? '', undefined, stranger)).toBeNull()
  })

  it('of ten thousand changes is read in well under 50 ms, at the top and far down', async () => {
    await pool.query(
      `insert into public.todo_change
         (user_id, connection_id, todo_id, before_checked, after_checked, state, entry, is_head, notion_id, text)
       select t.user_id, t.connection_id, t.id, false, true, 'saved', e.entry, n = 0, t.notion_id, t.text
       from (select gen_random_uuid() as entry from generate_series(1, 500)) e
       cross join generate_series(0, 19) n
       join public.todo t on t.notion_id = $1`,
      [idOf(0)],
    )
    await pool.query('analyze public.todo_change')
    const timed = async (work: () => Promise<unknown>) => {
      const startedAt = performance.now()
      await work()
      return performance.now() - startedAt
    }
    const read = async (before?: number) => {
      expect(await listHistoryEntries(db, workspace.userId, { before, limit: 30 })).toHaveLength(30)
    }
    const position = (await listHistoryEntries(db, workspace.userId, { limit: 100 })).at(-1)?.position
    const times: Record<'page' | 'trip', number[]> = { page: [], trip: [] }
    for (let round = 0; round < 10; round += 1) {
      times.page.push(await timed(() => read()), await timed(() => read(position)))
      for (let trip = 0; trip < 2; trip += 1)
        times.trip.push(await timed(async () => db.from('profiles').select('id').eq('id', workspace.userId)))
    }
    const median = (of: number[]) => of.sort((a, b) => a - b)[of.length / 2] ?? 0
    const [page30, trip] = [median(times.page), median(times.trip)]
    console.info(
      `30 entries of the history: ${page30.toFixed(1)} ms, an empty round trip ${trip.toFixed(1)} ms`,
    )
    // On a busy machine everything takes longer.
    expect(page30).toBeLessThan(Math.max(50, 12 * trip))
  })
})

describe('undo', () => {
  it('is an entry of its own that says what it takes back, also after the sync', async () => {
    const { entry } = await change(wishes())
    await sendAll()
    const back = await undo(entry)
    expect(back?.accepted).toHaveLength(5)
    expect((await storedTodo(db, idOf(0))).checked).toBe(false)
    const [newest] = await entries()
    expect(newest).toMatchObject({ entry: back?.entry, source: 'undo', undoOf: entry, size: 5 })
    // It is careful, and knows what the entry left in Notion.
    expect(
      (await claim()).map(({ checked, careful, baseChecked }) => [checked, careful, baseChecked]),
    ).toEqual(Array.from({ length: 5 }, () => [false, true, true]))
    await sendAll()
    // And can be taken back itself.
    const again = await undo(back?.entry ?? '')
    expect(again?.accepted).toHaveLength(5)
    expect((await storedTodo(db, idOf(0))).checked).toBe(true)
  })

  it('of a part leaves the rest, and of the whole then takes that', async () => {
    const { entry } = await change(wishes())
    expect((await undo(entry, [idOf(2)]))?.accepted).toEqual([idOf(2)])
    expect((await storedTodo(db, idOf(1))).checked).toBe(true)
    const rest = await undo(entry)
    expect(rest?.accepted).toHaveLength(4)
    expect(rest?.refused).toEqual([])
  })

  it('of what was not sent yet sends only the last wish', async () => {
    const { entry } = await change([{ id: idOf(0), checked: true }])
    await undo(entry)
    expect((await claim()).map(({ checked }) => checked)).toEqual([false])
    expect((await storedChanges(db, idOf(0))).map(({ state }) => state)).toEqual(['superseded', 'sending'])
  })

  it('is refused where the to-do is not as the entry left it, or not there any more', async () => {
    const { entry } = await change(wishes())
    await sendAll()
    await recordTick(pool, workspace.userId, idOf(0), false)
    // Unticked in Notion by somebody else, and read since.
    await pool.query('update public.todo set checked = false where notion_id = $1', [idOf(1)])
    await pool.query('update public.todo set removed_at = now() where notion_id = $1', [idOf(2)])
    const back = await undo(entry)
    expect(back?.accepted.sort()).toEqual([idOf(3), idOf(4)].sort())
    expect(back?.refused.sort((a, b) => idOfOrder(a.id) - idOfOrder(b.id))).toEqual([
      { id: idOf(0), code: 'CONFLICT' },
      { id: idOf(1), code: 'CONFLICT' },
      { id: idOf(2), code: 'NOT_FOUND' },
    ])
  })

  it('twice is once', async () => {
    const { entry } = await change([{ id: idOf(0), checked: true }])
    await sendAll()
    await undo(entry)
    const second = await undo(entry)
    expect(second).toMatchObject({ accepted: [], refused: [{ id: idOf(0), code: 'CONFLICT' }] })
    expect((await storedTodo(db, idOf(0))).checked).toBe(false)
    expect(await entries()).toHaveLength(2)
  })
})

const idOfOrder = (id: string) => todos.findIndex(({ notionId }) => notionId === id)

describe('a claimed change', () => {
  it('is known when its page was read within the minute or Notion has just answered about it', async () => {
    const known = async (checked: boolean) => {
      await recordTick(pool, workspace.userId, idOf(0), checked)
      const [tick] = await claim()
      if (!tick) throw new Error('nothing to send')
      return { tick, isKnown: tick.isKnown }
    }
    const fresh = await known(true)
    expect(fresh.isKnown).toBe(true)
    await finishTick(db, fresh.tick, { state: 'saved' })
    await pool.query(
      "update public.page set read_at = now() - interval '2 minutes' where notion_page_id = $1",
      [page],
    )
    const old = await known(false)
    expect(old.isKnown).toBe(false)
    await finishTick(db, old.tick, { state: 'saved', seen: seen({ checked: false }) })
    const answered = await known(true)
    expect(answered.isKnown).toBe(true)
    // Not known any more once an attempt was cut off: nobody can say what it did.
    await finishTick(db, answered.tick, { state: 'pending' })
    expect((await claim())[0]?.isKnown).toBe(false)
  })

  it('is not known when the text the person saw has been read anew', async () => {
    await recordTick(pool, workspace.userId, idOf(0), true)
    await readPage(db, workspace, page, [{ ...(todos[0] ?? todoRecord()), text: 'Something else' }])
    expect((await claim())[0]).toMatchObject({ text: 'Task 0', isKnown: false })
  })

  it('knows what Notion had: before the first click, and after one that arrived meanwhile', async () => {
    await recordTick(pool, workspace.userId, idOf(0), true)
    await recordTick(pool, workspace.userId, idOf(0), false)
    const [second] = await claim()
    expect(second).toMatchObject({ checked: false, baseChecked: false })
    await recordTick(pool, workspace.userId, idOf(0), true)
    if (second) await finishTick(db, second, { state: 'saved' })
    expect((await claim())[0]).toMatchObject({ checked: true, baseChecked: false })
  })

  it('that was put back waits for its time, alone', async () => {
    await recordTick(pool, workspace.userId, idOf(0), true)
    const [tick] = await claim()
    if (!tick) throw new Error('nothing to send')
    await finishTick(db, tick, {
      state: 'pending',
      pauseMs: 60_000,
      isFault: true,
      code: 'NOTION_UNAVAILABLE',
    })
    expect(await claim()).toEqual([])
    expect(await listConnectionsWithDueTicks(db)).not.toContain(workspace.connectionId)
    await recordTick(pool, workspace.userId, idOf(1), true)
    expect((await claim()).map(({ notionId }) => notionId)).toEqual([idOf(1)])
    await pool.query('update public.todo_change set next_attempt_at = now() where id = $1', [tick.changeId])
    expect(await listConnectionsWithDueTicks(db)).toContain(workspace.connectionId)
    expect((await claim())[0]).toMatchObject({ notionId: idOf(0), attempts: 2, faults: 1 })
  })

  it('of a killed worker is taken again two seconds later; a living one has two minutes', async () => {
    const holder = await pool.connect()
    const worker = 2_000_000_000 + Math.floor(Math.random() * 100_000_000)
    try {
      await holder.query('select pg_advisory_lock(7317, $1)', [worker])
      await recordTick(pool, workspace.userId, idOf(0), true)
      const [tick] = await claim(1, worker)
      if (!tick) throw new Error('nothing to send')
      await letSenderDie(pool, tick.changeId, 100)
      expect(await claim()).toEqual([])
      await letSenderDie(pool, tick.changeId, 1)
      await holder.query('select pg_advisory_unlock(7317, $1)', [worker])
      expect(await claim()).toEqual([])
      await letSenderDie(pool, tick.changeId, 3)
      expect(await claim()).toMatchObject([{ changeId: tick.changeId, attempts: 2, isKnown: false }])
    } finally {
      holder.release()
    }
  })
})

describe('what Notion answers', () => {
  it('is taken over: a text that was corrected, and the page is read again', async () => {
    await recordTick(pool, workspace.userId, idOf(0), true)
    const richText = [{ text: 'Task zero', bold: true as const }]
    await sendAll(() => ({ state: 'saved', seen: seen({ text: 'Task zero', richText }) }))
    expect(await storedTodo(db, idOf(0))).toMatchObject({
      text: 'Task zero',
      rich_text: richText,
      checked: true,
      write_state: 'saved',
    })
    const { n } = await one<{ n: string }>(
      pool,
      'select count(*) as n from public.dirty_page where notion_page_id = $1',
      [page],
    )
    expect(n).toBe('1')
    // History keeps what the person saw, and what Notion said.
    expect((await entries())[0]?.preview[0]).toMatchObject({
      text: 'Task 0',
      notion: { checked: true, text: 'Task zero' },
    })
  })
})

describe('a conflict', () => {
  const theirs = seen({ checked: false, text: 'Sell the house', richText: [{ text: 'Sell the house' }] })
  beforeEach(async () => {
    await recordTick(pool, workspace.userId, idOf(0), true)
    await sendAll(() => ({ state: 'conflict', seen: theirs }))
  })

  it('shows what Notion has, and stands while the page is read', async () => {
    const expected = {
      checked: true,
      text: 'Task 0',
      write_state: 'conflict',
      write_theirs: { text: 'Sell the house', checked: false },
    }
    expect(await storedTodo(db, idOf(0))).toMatchObject(expected)
    await readPage(db, workspace, page, todos)
    expect(await storedTodo(db, idOf(0))).toMatchObject(expected)
    expect(await claim()).toEqual([])
    expect((await entries())[0]?.counts.conflict).toBe(1)
  })

  it('is ended by keeping mine: it is written, whatever is there', async () => {
    expect(await resolve('keep-mine')).toBe('done')
    expect(await claim()).toMatchObject([{ checked: true, insists: true, isKnown: false }])
  })

  it('is ended by keeping theirs: nothing is written', async () => {
    expect(await resolve('keep-theirs')).toBe('done')
    expect(await storedTodo(db, idOf(0))).toMatchObject({
      checked: false,
      text: 'Sell the house',
      write_state: 'saved',
      write_theirs: null,
    })
    expect(await claim()).toEqual([])
    expect((await entries())[0]?.counts.givenUp).toBe(1)
  })

  it('is ended by a new click', async () => {
    await recordTick(pool, workspace.userId, idOf(0), false)
    expect(await storedTodo(db, idOf(0))).toMatchObject({ write_state: 'waiting', write_theirs: null })
    expect((await storedChanges(db, idOf(0))).map(({ state }) => state)).toEqual(['superseded', 'pending'])
  })
})

describe('a change that was refused', () => {
  beforeEach(async () => {
    await recordTick(pool, workspace.userId, idOf(0), true)
    await sendAll(() => ({ state: 'failed', code: 'NOTION_BLOCK_NOT_FOUND' }))
  })

  it('is tried again, with care and with all its attempts', async () => {
    expect(await resolve('retry')).toBe('done')
    expect(await storedTodo(db, idOf(0))).toMatchObject({ write_state: 'waiting', write_error: null })
    expect(await claim()).toMatchObject([{ checked: true, careful: true, faults: 0, attempts: 2 }])
  })

  it('is given up: the box is as Notion has it', async () => {
    expect(await resolve('give-up')).toBe('done')
    expect(await storedTodo(db, idOf(0))).toMatchObject({ checked: false, write_state: 'saved' })
    expect((await entries())[0]?.counts).toMatchObject({ failed: 0, givenUp: 1 })
  })

  it('is removed here, if it is gone in Notion', async () => {
    expect(await resolve('remove')).toBe('done')
    expect((await storedTodo(db, idOf(0))).removed_at).not.toBeNull()
    // Shared again, it comes back.
    await readPage(db, workspace, page, todos)
    expect(await storedTodo(db, idOf(0))).toMatchObject({ removed_at: null, checked: false })
  })

  it('is decided by nobody else, once, and only in ways that fit', async () => {
    const stranger = (await signUpMember()).id
    expect(await resolveWrite(db, { userId: stranger, notionId: idOf(0), action: 'give-up' })).toBe('unknown')
    expect(await resolve('give-up', randomUUID())).toBe('unknown')
    for (const action of ['keep-mine', 'keep-theirs'] as const) expect(await resolve(action)).toBe('changed')
    for (const action of ['retry', 'give-up', 'remove'] as const) {
      expect(await resolve(action, idOf(1)), action).toBe('changed')
    }
    expect(await resolve('give-up')).toBe('done')
    expect(await resolve('give-up')).toBe('changed')
    expect(await resolve('retry')).toBe('changed')
  })

  it('waits for its workspace to be connected again', async () => {
    await pool.query('update public.notion_access_token_user set deleted_at = now() where id = $1', [
      workspace.connectionId,
    ])
    expect(await resolve('retry')).toBe('disconnected')
    expect(await resolve('give-up')).toBe('done')
  })
})

it('a to-do that left while its change waited is still written', async () => {
  await recordTick(pool, workspace.userId, idOf(0), true)
  await trashPage(db, workspace.connectionId, page)
  expect(await claim()).toMatchObject([{ notionId: idOf(0), checked: true }])
})
