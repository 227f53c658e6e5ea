import fc from 'fast-check'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trashPage } from '../../../server/db/pages.ts'
import { finishTick } from '../../../server/db/todo-changes.ts'
import type { TodoRecord } from '../../../server/db/todos.ts'
import { listTodos, readChangeSeq } from '../../../server/db/todos.ts'
import type { Todo } from '../../../shared/schemas/todo.ts'
import type { Member, Workspace } from '../../support/database.ts'
import { claimAny, recordTick } from '../../support/ticks.ts'
import {
  makeWorkspace,
  one,
  openPostgres,
  openServiceDb,
  signUpMember,
  todoRecord,
} from '../../support/database.ts'
import { listPage, readPage } from './stored.ts'

// R63: whoever asks for what changed after n, where n is a counter read before, misses nothing.

const db = openServiceDb()
let pool: Pool
beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())

/** A browser's copy of the to-dos, kept up to date with deltas alone. */
class Replica {
  readonly #member: Member
  readonly #databaseIds: number[]
  readonly todos = new Map<number, Todo>()
  seq = 0

  constructor(member: Member, databaseIds: number[]) {
    this.#member = member
    this.#databaseIds = databaseIds
  }

  async poll(): Promise<void> {
    const seq = await readChangeSeq(this.#member.db, this.#member.id)
    expect(seq).toBeGreaterThanOrEqual(this.seq)
    const { todos, removed } = await listTodos(this.#member.db, this.#member.id, this.#databaseIds, this.seq)
    for (const todo of todos) this.todos.set(todo.id, todo)
    for (const id of removed) this.todos.delete(id)
    this.seq = seq
  }
}

interface Page {
  id: string
  todos: TodoRecord[]
}

/** One thing that can happen to the to-dos of a page. */
type Step =
  | { do: 'edit' | 'move' | 'tick' | 'send' | 'trash'; page: number; todo: number; complete: boolean }
  | { do: 'rename'; page: number; title: string }

const position = fc.nat({ max: 5 })
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('edit', 'move', 'tick', 'send', 'trash'),
    page: position,
    todo: position,
    complete: fc.boolean(),
  }),
  fc.record({ do: fc.constant('rename' as const), page: position, title: fc.string({ maxLength: 5 }) }),
)

async function take(step: Step, workspace: Workspace, pages: Page[], time: number): Promise<void> {
  const page = pages[step.page % pages.length]
  if (!page) return
  if (step.do === 'rename') {
    await listPage(db, workspace, { notionPageId: page.id, title: step.title })
    return
  }
  const todo = page.todos[step.todo % page.todos.length]
  if (!todo) return
  switch (step.do) {
    case 'edit': {
      const text = `edit ${time}`
      const others = page.todos.filter(({ notionId }) => notionId !== todo.notionId)
      await readPage(
        db,
        workspace,
        page.id,
        [{ ...todo, text }, ...(step.complete ? [] : others)],
        step.complete,
      )
      return
    }
    case 'move': {
      const target = pages[(step.page + 1) % pages.length]
      if (target) await readPage(db, workspace, target.id, [todo, ...target.todos], step.complete)
      return
    }
    case 'tick':
      await recordTick(pool, workspace.userId, todo.notionId, step.complete)
      return
    case 'send':
      for (const tick of await claimAny(db, workspace.connectionId, 3)) {
        await finishTick(
          db,
          tick,
          step.complete ? { state: 'saved' } : { state: 'failed', code: 'NOTION_API_ERROR' },
        )
      }
      return
    case 'trash':
      await trashPage(db, workspace.connectionId, page.id)
  }
}

describe('the change counter', () => {
  it('lets a polling browser miss nothing while several write', { timeout: 120_000 }, async () => {
    let deltas = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(stepArbitrary, { minLength: 6, maxLength: 14 }), { minLength: 3, maxLength: 5 }),
        async (writers) => {
          const member = await signUpMember()
          const workspace = await makeWorkspace(db, member.id)
          const pages = await Promise.all(
            Array.from({ length: 3 }, async (): Promise<Page> => {
              const todos = Array.from({ length: 4 }, (_, index) => todoRecord({ position: index }))
              const id = await listPage(db, workspace)
              await readPage(db, workspace, id, todos)
              return { id, todos }
            }),
          )
          const replica = new Replica(member, [workspace.databaseId])
          let isWriting = true
          const polling = (async () => {
            while (isWriting) {
              await replica.poll()
              deltas += 1
            }
          })()
          await Promise.all(
            writers.map(async (steps) => {
              for (const [time, step] of steps.entries()) await take(step, workspace, pages, time)
            }),
          ).finally(() => (isWriting = false))
          await polling
          await replica.poll()
          const whole = await listTodos(member.db, member.id, [workspace.databaseId])
          expect([...replica.todos.values()].sort((a, b) => a.id - b.id)).toEqual(whole.todos)
        },
      ),
      { numRuns: 12 },
    )
    expect(deltas).toBeGreaterThan(50)
  })

  it('makes a second writer wait for the first, and shows neither before it is done', async () => {
    const member = await signUpMember()
    const workspace = await makeWorkspace(db, member.id)
    const page = await listPage(db, workspace)
    const [first, second] = [todoRecord(), todoRecord()]
    await readPage(db, workspace, page, [first, second])
    const before = await readChangeSeq(member.db, member.id)

    const slow = await pool.connect()
    try {
      await slow.query('begin')
      await slow.query('select record_changes($1, $2, $3)', [
        member.id,
        JSON.stringify([{ id: first.notionId, checked: true }]),
        'list',
      ])
      const waiting = recordTick(pool, member.id, second.notionId, true)
      await isWaitingForLock(pool)
      expect(await readChangeSeq(member.db, member.id)).toBe(before)
      await slow.query('commit')
      expect(await waiting).not.toBeNull()
    } finally {
      slow.release()
    }
    const { todos } = await listTodos(member.db, member.id, [workspace.databaseId], before)
    expect(todos.map(({ notionId }) => notionId).sort()).toEqual([first.notionId, second.notionId].sort())
    expect(await readChangeSeq(member.db, member.id)).toBe(before + 2)
  })

  it('of one person does not make another wait', async () => {
    const [ada, bob] = [await signUpMember(), await signUpMember()]
    const slow = await pool.connect()
    try {
      await slow.query('begin')
      await slow.query('select next_change_seq($1)', [ada.id])
      expect(await one(pool, 'select next_change_seq($1) as seq', [bob.id])).toEqual({ seq: '1' })
    } finally {
      await slow.query('rollback')
      slow.release()
    }
  })
})

/** Until some session of the API waits for a row lock. */
async function isWaitingForLock(pool: Pool): Promise<void> {
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    const { rows } = await pool.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%record_changes%'",
    )
    if (rows.length > 0) return
  }
  throw new Error('nobody waits')
}
