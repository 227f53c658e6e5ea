import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishTick, listConnectionsWithDueTicks } from '../../../server/db/todo-changes.ts'
import { trashPage } from '../../../server/db/pages.ts'
import { deleteTodoList } from '../../../server/db/todo-lists.ts'
import type { TodoRecord } from '../../../server/db/todos.ts'
import type { Workspace } from '../../support/database.ts'
import { claimAny, recordTick } from '../../support/ticks.ts'
import {
  makeWorkspace,
  openPostgres,
  openServiceDb,
  signUpMember,
  todoRecord,
} from '../../support/database.ts'
import { letSenderDie, listPage, readPage, storedChanges, storedTodo } from './stored.ts'

const db = openServiceDb()
let pool: Pool
let workspace: Workspace
beforeAll(async () => {
  pool = openPostgres()
  workspace = await makeWorkspace(db, (await signUpMember()).id)
})
afterAll(() => pool.end())

/** A to-do on a page of its own, in a workspace whose outbox is empty. */
async function setUp(overrides: Partial<TodoRecord> = {}) {
  workspace = await makeWorkspace(db, workspace.userId)
  const page = await listPage(db, workspace)
  const todo = todoRecord(overrides)
  await readPage(db, workspace, page, [todo])
  const tick = (checked: boolean) => recordTick(pool, workspace.userId, todo.notionId, checked)
  const claim = () => claimAny(db, workspace.connectionId, 10)
  return { page, todo, tick, claim }
}

async function claimOne(claim: () => ReturnType<typeof claimAny>) {
  const [taken, ...more] = await claim()
  if (!taken || more.length > 0) throw new Error(`${more.length + (taken ? 1 : 0)} ticks instead of one`)
  return taken
}

describe('a tick', () => {
  it('is in the outbox and in the cache before it is acknowledged', async () => {
    const { todo, tick } = await setUp()
    const before = await storedTodo(db, todo.notionId)
    expect(await tick(true)).toBe(true)
    const after = await storedTodo(db, todo.notionId)
    expect(after).toMatchObject({ checked: true, write_state: 'waiting', text: todo.text })
    expect(after.seq).toBeGreaterThan(before.seq)
    expect(await storedChanges(db, todo.notionId)).toMatchObject([
      {
        before_checked: false,
        after_checked: true,
        state: 'pending',
        attempts: 0,
        user_id: workspace.userId,
      },
    ])
    expect(await listConnectionsWithDueTicks(db)).toContain(workspace.connectionId)
  })

  it('of a stranger, of what left, of what no list reads, or of a dead connection is refused', async () => {
    const { page, todo, tick } = await setUp()
    const stranger = await signUpMember()
    expect(await recordTick(pool, stranger.id, todo.notionId, true)).toBe(false)
    const theirs = await makeWorkspace(db, stranger.id)
    expect(await recordTick(pool, theirs.userId, todo.notionId, true)).toBe(false)
    expect(await recordTick(pool, workspace.userId, 'unknown', true)).toBe(false)

    await pool.query('update notion_access_token_user set deleted_at = now() where id = $1', [
      workspace.connectionId,
    ])
    expect(await tick(true)).toBe(false)
    await pool.query('update notion_access_token_user set deleted_at = null where id = $1', [
      workspace.connectionId,
    ])
    expect(await tick(true)).toBe(true)

    await trashPage(db, workspace.connectionId, page)
    expect(await tick(true)).toBe(false)
    await readPage(db, workspace, page, [todo])
    expect(await tick(true)).toBe(true)

    await deleteTodoList(db, workspace.userId, workspace.listId)
    expect(await tick(true)).toBe(false)
    expect(await storedChanges(db, todo.notionId)).toHaveLength(2)
  })
})

describe('reading while a tick', () => {
  it('waits, or has failed, leaves the person their value and takes in the rest', async () => {
    const { page, todo, tick, claim } = await setUp()
    await tick(true)
    await readPage(db, workspace, page, [{ ...todo, text: 'Edited' }])
    expect(await storedTodo(db, todo.notionId)).toMatchObject({ checked: true, text: 'Edited' })
    await finishTick(db, await claimOne(claim), { state: 'failed', code: 'NOTION_ACCESS_DENIED' })
    await readPage(db, workspace, page, [todo])
    expect(await storedTodo(db, todo.notionId)).toMatchObject({
      checked: true,
      write_state: 'failed',
      write_error: 'NOTION_ACCESS_DENIED',
    })
  })

  it('has arrived takes what Notion says once the block was edited again', async () => {
    const { page, todo, tick, claim } = await setUp()
    await tick(true)
    await finishTick(db, await claimOne(claim), { state: 'saved' })
    await readPage(db, workspace, page, [{ ...todo, lastEditedTime: new Date().toISOString() }])
    expect(await storedTodo(db, todo.notionId)).toMatchObject({ checked: false, write_state: 'saved' })
  })

  it('arrives does not take it back with what it read before', async () => {
    const { page, todo, tick, claim } = await setUp()
    await tick(true)
    await finishTick(db, await claimOne(claim), { state: 'saved' })
    const before = await storedTodo(db, todo.notionId)
    await readPage(db, workspace, page, [todo])
    expect(await storedTodo(db, todo.notionId)).toEqual(before)
  })

  it('that arrived before the run began counts for nothing more', async () => {
    const { page, todo, tick, claim } = await setUp()
    await tick(true)
    await finishTick(db, await claimOne(claim), { state: 'saved' })
    await pool.query(
      "update integration_sync_jobs set created_at = now() + interval '1 second' where id = $1",
      [workspace.jobId],
    )
    await readPage(db, workspace, page, [todo])
    expect((await storedTodo(db, todo.notionId)).checked).toBe(false)
  })
})

describe('rapid clicks', () => {
  it('send only the last', async () => {
    const { todo, tick, claim } = await setUp()
    for (const checked of [true, false, true]) await tick(checked)
    expect((await storedChanges(db, todo.notionId)).map(({ state }) => state)).toEqual([
      'superseded',
      'superseded',
      'pending',
    ])
    expect(await claimOne(claim)).toMatchObject({
      notionId: todo.notionId,
      kind: 'block',
      checked: true,
      attempts: 1,
    })
    expect(await claim()).toEqual([])
  })

  it('wait for the one under way, and keep the item waiting whatever became of that', async () => {
    const { todo, tick, claim } = await setUp()
    await tick(true)
    const first = await claimOne(claim)
    await tick(false)
    expect(await claim()).toEqual([])
    await finishTick(db, first, { state: 'saved' })
    expect(await storedTodo(db, todo.notionId)).toMatchObject({ checked: false, write_state: 'waiting' })
    const second = await claimOne(claim)
    expect(second.checked).toBe(false)
    await finishTick(db, second, { state: 'saved' })
    expect(await storedTodo(db, todo.notionId)).toMatchObject({ checked: false, write_state: 'saved' })
  })

  it('are not undone by an earlier one that has to be tried again', async () => {
    const { todo, tick, claim } = await setUp()
    await tick(true)
    const first = await claimOne(claim)
    await tick(false)
    await finishTick(db, first, { state: 'pending' })
    expect((await storedChanges(db, todo.notionId)).map(({ state }) => state)).toEqual([
      'superseded',
      'pending',
    ])
    const second = await claimOne(claim)
    expect(second.checked).toBe(false)
    await finishTick(db, second, { state: 'saved' })
    expect(await claim()).toEqual([])
    expect((await storedChanges(db, todo.notionId)).map(({ state }) => state)).toEqual([
      'superseded',
      'saved',
    ])
  })
})

describe('an attempt', () => {
  it('that failed is shown with its cause until the person tries again', async () => {
    const { todo, tick, claim } = await setUp()
    await tick(true)
    await finishTick(db, await claimOne(claim), { state: 'failed', code: 'NOTION_ACCESS_DENIED' })
    expect(await claim()).toEqual([])
    await tick(true)
    expect(await storedTodo(db, todo.notionId)).toMatchObject({ write_state: 'waiting', write_error: null })
    expect((await claimOne(claim)).checked).toBe(true)
  })

  it('that is put back is counted', async () => {
    const { tick, claim } = await setUp()
    await tick(true)
    await finishTick(db, await claimOne(claim), { state: 'pending' })
    expect(await claimOne(claim)).toMatchObject({ attempts: 2 })
  })

  it('whose sender died is taken again after a minute, and the dead have no say', async () => {
    const { todo, tick, claim } = await setUp()
    await tick(true)
    const dead = await claimOne(claim)
    await letSenderDie(pool, dead.changeId, 50)
    expect(await claim()).toEqual([])
    await letSenderDie(pool, dead.changeId, 61)
    const alive = await claimOne(claim)
    expect(alive).toMatchObject({ changeId: dead.changeId, attempts: 2 })
    for (const outcome of [{ state: 'pending' }, { state: 'saved' }] as const)
      await finishTick(db, dead, outcome)
    expect(await claim()).toEqual([])
    expect((await storedTodo(db, todo.notionId)).write_state).toBe('waiting')
    await finishTick(db, alive, { state: 'saved' })
    expect((await storedTodo(db, todo.notionId)).write_state).toBe('saved')
  })

  it('whose sender died is never made up for once the person has changed their mind', async () => {
    const { todo, tick, claim } = await setUp()
    await tick(true)
    const dead = await claimOne(claim)
    await tick(false)
    await letSenderDie(pool, dead.changeId, 61)
    const second = await claimOne(claim)
    expect(second.checked).toBe(false)
    await finishTick(db, second, { state: 'saved' })
    await finishTick(db, dead, { state: 'failed', code: 'NOTION_API_ERROR' })
    expect(await claim()).toEqual([])
    expect(await storedTodo(db, todo.notionId)).toMatchObject({ checked: false, write_state: 'saved' })
  })
})

describe('a claim', () => {
  it('takes the oldest of its own connection, as many as it may', async () => {
    const { page } = await setUp()
    const todos = Array.from({ length: 5 }, (_, position) => todoRecord({ position }))
    await readPage(db, workspace, page, todos)
    for (const { notionId } of todos) await recordTick(pool, workspace.userId, notionId, true)
    const elsewhere = await makeWorkspace(db, workspace.userId)
    expect(await claimAny(db, elsewhere.connectionId, 10)).toEqual([])
    const first = await claimAny(db, workspace.connectionId, 3)
    const rest = await claimAny(db, workspace.connectionId, 3)
    expect([...first, ...rest].map(({ notionId }) => notionId)).toEqual(todos.map(({ notionId }) => notionId))
  })
})
