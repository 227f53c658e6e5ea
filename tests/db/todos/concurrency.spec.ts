import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { finishListing } from '../../../server/db/listings.ts'
import { applyListing } from '../../../server/db/pages.ts'
import { finishTick } from '../../../server/db/todo-changes.ts'
import { cacheDatabases } from '../../../server/db/databases.ts'
import {
  makeWorkspace,
  openPostgres,
  openServiceDb,
  pageRecord,
  signUpMember,
  todoRecord,
} from '../../support/database.ts'
import { claimAny, recordTick } from '../../support/ticks.ts'
import { listPage, readPage, storedJob, storedTodo } from './stored.ts'

const db = openServiceDb()
const pool = openPostgres()
afterAll(() => pool.end())

/** A page of to-dos in a workspace of its own. */
async function setUp(count: number) {
  const member = await signUpMember()
  const workspace = await makeWorkspace(db, member.id)
  const page = await listPage(db, workspace)
  const todos = Array.from({ length: count }, (_, position) => todoRecord({ position }))
  await readPage(db, workspace, page, todos)
  return { member, workspace, page, todos }
}

describe('reading and ticking at the same time', () => {
  it('never block each other for good, in 200 rounds on the same to-dos', { timeout: 120_000 }, async () => {
    const { workspace, page, todos } = await setUp(10)
    const end = { whole: true, startedAt: new Date(), requests: 0 }
    const child = pageRecord({ isRow: false, parentNotionId: page })
    await applyListing(db, workspace.jobId, workspace.databaseId, [child])
    const seen = todos.map((todo, position) => ({ ...todo, position: todos.length - position }))
    for (let round = 0; round < 200; round++) {
      const send = async () => {
        for (const tick of await claimAny(db, workspace.connectionId, 5))
          await finishTick(db, tick, { state: 'saved' })
      }
      // Every one of these throws on a deadlock (40P01).
      await Promise.all([
        readPage(db, workspace, page, round % 2 ? todos : seen),
        readPage(db, workspace, child.notionPageId, []),
        finishListing(db, workspace.jobId, workspace.databaseId, [], end),
        applyListing(db, workspace.jobId, workspace.databaseId, [child, pageRecord({ notionPageId: page })]),
        ...todos
          .slice(0, 3)
          .map(({ notionId }) => recordTick(pool, workspace.userId, notionId, round % 2 === 0)),
        send(),
        send(),
      ])
    }
    expect(await storedJob(db, workspace.jobId)).toMatchObject({ pages_done: 2, pages_total: 2 })
  })

  it('does not stand in the way of somebody who leaves', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 15; round++) {
      const { member, workspace, page, todos } = await setUp(5)
      let isGone = false
      const errors: unknown[] = []
      const read = () => readPage(db, workspace, page, [...todos, todoRecord()])
      const tick = () => recordTick(pool, member.id, todos[round % todos.length]?.notionId ?? '', true)
      const busy = [read, tick, read, tick].map(async (write) => {
        while (!isGone) await write().catch((error: unknown) => errors.push(error))
      })
      const { error } = await db.auth.admin.deleteUser(member.id)
      isGone = true
      await Promise.all(busy)
      expect(error).toBeNull()
      expect(errors.filter((cause) => String(cause).includes('40P01'))).toEqual([])
    }
  })

  it('lets two searches write the same databases in any order', async () => {
    const { workspace } = await setUp(0)
    const found = Array.from({ length: 50 }, (_, index) => ({
      notionDatabaseId: crypto.randomUUID(),
      dataSourceId: crypto.randomUUID(),
      name: `Database ${index}`,
      icon: null,
      url: 'https://www.notion.so/database',
      metadata: {},
      lastEditedTime: '2026-01-01T00:00:00.000Z',
      counts: { boxes: true, rows: false },
      doneProperty: null,
    }))
    for (let round = 0; round < 25; round++) {
      const turned = found.toReversed()
      await Promise.all(
        [found, turned, [...found, ...turned]].map((some) =>
          cacheDatabases(db, workspace.connectionId, some),
        ),
      )
    }
  })
})

describe('several senders', () => {
  it('of 20, exactly one gets each tick', async () => {
    const { workspace, todos } = await setUp(30)
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        todos.map(({ notionId }) => recordTick(pool, workspace.userId, notionId, round % 2 === 0)),
      )
      const claimed = await Promise.all(
        Array.from({ length: 20 }, () => claimAny(db, workspace.connectionId, 4)),
      )
      const taken = claimed.flat()
      expect(new Set(taken.map(({ notionId }) => notionId)).size).toBe(taken.length)
      expect(taken).toHaveLength(todos.length)
      await Promise.all(taken.map((tick) => finishTick(db, tick, { state: 'saved' })))
    }
  })

  it(
    'never send one to-do twice at once, and leave Notion with the last click',
    { timeout: 120_000 },
    async () => {
      const { workspace, todos } = await setUp(4)
      const click = fc.record({ todo: fc.nat({ max: todos.length - 1 }), checked: fc.boolean() })
      // Whether each attempt, in turn, gets through or has to be repeated.
      const luck = fc.array(fc.boolean(), { minLength: 10, maxLength: 10 })
      await fc.assert(
        fc.asyncProperty(fc.array(click, { minLength: 1, maxLength: 25 }), luck, async (clicks, attempts) => {
          const notion = new Map<string, boolean>()
          const underWay = new Set<string>()
          let sent = 0
          const send = async (): Promise<number> => {
            const ticks = await claimAny(db, workspace.connectionId, 2)
            for (const { notionId } of ticks) {
              expect(underWay.has(notionId)).toBe(false)
              underWay.add(notionId)
            }
            for (const tick of ticks) {
              await sleep(0)
              const isLost = attempts[sent++ % attempts.length] === false && tick.attempts < 3
              if (!isLost) notion.set(tick.notionId, tick.checked)
              underWay.delete(tick.notionId)
              await finishTick(db, tick, { state: isLost ? 'pending' : 'saved' })
            }
            return ticks.length
          }
          let isClicking = true
          const senders = Array.from({ length: 5 }, async () => {
            while (isClicking || (await send()) > 0) await send()
          })
          const last = new Map<string, boolean>()
          for (const { todo, checked } of clicks) {
            const { notionId } = todos[todo] ?? todoRecord()
            await recordTick(pool, workspace.userId, notionId, checked)
            last.set(notionId, checked)
          }
          isClicking = false
          await Promise.all(senders)
          await send()
          expect(notion).toEqual(last)
          for (const [notionId, checked] of last) {
            expect(await storedTodo(db, notionId)).toMatchObject({ checked, write_state: 'saved' })
          }
        }),
        { numRuns: 15 },
      )
    },
  )
})
