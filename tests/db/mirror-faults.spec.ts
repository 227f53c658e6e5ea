import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { requestMirrorRun } from '../../server/db/mirror-runs.ts'
import { listMirrors } from '../../server/db/mirrors.ts'
import { runMirror } from '../../server/mirror/run.ts'
import type { FaultRule } from '../../sandbox/notion/faults.ts'
import { eventually } from '../support/eventually.ts'
import type { LabTodo, MirrorLab, Owner } from '../support/mirror-lab.ts'
import {
  databasesOn,
  found,
  holdTodos,
  makeMirror,
  manyTodos,
  newOwner,
  openMirrorLab,
  sync,
  wanted,
} from '../support/mirror-lab.ts'

// R75, R76: whatever Notion answers, and whoever dies when, there is one database, and one row a to-do.

let lab: MirrorLab
beforeAll(async () => {
  lab = await openMirrorLab()
})
afterEach(() => lab.notion.world.faults.clear())
afterAll(() => lab.close())

async function mirrored(todos: LabTodo[]) {
  const owner = await newOwner(lab)
  await holdTodos(lab, owner, todos)
  return { owner, mirrorId: await makeMirror(lab, owner) }
}

const plan = (rule: FaultRule) => lab.notion.world.faults.add(rule)

/** What came of a request is not known after any of these. */
const AMBIGUOUS: Record<string, FaultRule['what']> = {
  '503 after it was carried out': { kind: 'status', status: 503, after_commit: true },
  '500 after it was carried out': { kind: 'status', status: 500, after_commit: true },
  '502 from a proxy': { kind: 'status', status: 502, after_commit: true },
  '409 without': { kind: 'status', status: 409 },
  'a line that broke after it': { kind: 'reset', after_commit: true },
  'a line that broke before it': { kind: 'reset' },
  'half an answer': { kind: 'truncate' },
  'something that is no JSON': { kind: 'garbage' },
}

describe.each(Object.entries(AMBIGUOUS))('%s', (_, what) => {
  it('to making rows makes no to-do twice, and misses none', async () => {
    const todos = manyTodos(40)
    const { owner, mirrorId } = await mirrored(todos)
    plan({ method: 'POST', path: '/v1/pages', skip: 3, times: 2, what })
    plan({ method: 'POST', path: '/v1/pages', skip: 20, times: 1, what })
    const { mirror } = await sync(lab, owner, mirrorId)
    expect(found(lab, owner)).toEqual(wanted(todos))
    expect(mirror).toMatchObject({ state: 'ready', result: { created: 40, errors: [] } })
    expect((await sync(lab, owner, mirrorId)).writes).toBe(0)
  })

  it('to making the database makes no second one', async () => {
    const todos = manyTodos(3)
    const { owner, mirrorId } = await mirrored(todos)
    plan({ method: 'POST', path: '/v1/databases', what })
    const first = await sync(lab, owner, mirrorId)
    lab.notion.world.faults.clear()
    if (first.mirror.state !== 'ready') await sync(lab, owner, mirrorId)
    expect(databasesOn(lab, owner)).toHaveLength(1)
    expect(found(lab, owner)).toEqual(wanted(todos))
  })
})

describe('several runs of one mirror', () => {
  it('that are asked for at once are one after the other', async () => {
    const todos = manyTodos(30)
    const { owner, mirrorId } = await mirrored(todos)
    await requestMirrorRun(lab.context.db, mirrorId, true)
    const { signal } = new AbortController()
    const run = () => runMirror(lab.context, { mirrorId, settleMs: 0 }, signal)
    await Promise.all([run(), run(), run(), run()])
    expect(databasesOn(lab, owner)).toHaveLength(1)
    expect(found(lab, owner)).toEqual(wanted(todos))
  })

  it('of which one was taken for dead and was not leave one row a to-do', async () => {
    const todos = manyTodos(60)
    const { owner, mirrorId } = await mirrored(todos)
    await sync(lab, owner, mirrorId)
    const more = [...todos, ...manyTodos(60)]
    await holdTodos(lab, owner, more)
    plan({ method: 'POST', path: '/v1/pages', times: 20, what: { kind: 'latency', ms: 400 } })
    await requestMirrorRun(lab.context.db, mirrorId, true)
    const { signal } = new AbortController()
    const slow = runMirror(lab.context, { mirrorId, settleMs: 0 }, signal)
    await eventually('the first rows on their way', async () => {
      const { rows } = await lab.pool.query(
        'select 1 from public.mirror_row where mirror_id = $1 and page_id is null',
        [mirrorId],
      )
      return rows.length > 0
    })
    await lab.pool.query("update public.mirror set pulse_at = now() - interval '1 minute' where id = $1", [
      mirrorId,
    ])
    await runMirror(lab.context, { mirrorId, settleMs: 0 }, signal)
    await slow
    lab.notion.world.faults.clear()
    await sync(lab, owner, mirrorId)
    expect(found(lab, owner)).toEqual(wanted(more))
    expect((await sync(lab, owner, mirrorId)).writes).toBe(0)
  })

  it('ended in the middle are gone on with, and what they made is counted once', async () => {
    const todos = manyTodos(80)
    const { owner, mirrorId } = await mirrored(todos)
    await requestMirrorRun(lab.context.db, mirrorId, true)
    let deaths = 0
    for (const survives of [5, 30, 60]) {
      const stop = new AbortController()
      const running = runMirror(lab.context, { mirrorId, settleMs: 0 }, stop.signal)
      await eventually(`row ${survives}`, async () => {
        const { rows } = await lab.pool.query(
          'select 1 from public.mirror_row where mirror_id = $1 and page_id is not null',
          [mirrorId],
        )
        return rows.length >= survives
      })
      stop.abort()
      await running.catch(() => (deaths += 1))
      await lab.pool.query("update public.mirror set pulse_at = now() - interval '1 minute' where id = $1", [
        mirrorId,
      ])
    }
    expect(deaths).toBe(3)
    await runMirror(lab.context, { mirrorId, settleMs: 0 }, new AbortController().signal)
    expect(found(lab, owner)).toEqual(wanted(todos))
    const [mirror] = await listMirrors(lab.context.db, owner.userId, mirrorId)
    expect(mirror).toMatchObject({ state: 'ready', result: { created: 80, unchanged: 0, errors: [] } })
  })
})

describe('whatever happens', () => {
  const what = fc.oneof(
    fc.constantFrom(...Object.values(AMBIGUOUS)),
    fc.constantFrom(400, 403, 404, 504).map((status) => ({ kind: 'status', status }) as const),
    fc.constantFrom(429, 529).map((status) => ({ kind: 'status', status, retry_after: 0 }) as const),
  )
  const fault: fc.Arbitrary<FaultRule> = fc.record({
    method: fc.constantFrom('POST', 'PATCH', 'GET'),
    path: fc.constantFrom('/v1/pages', '/v1/pages/*', '/v1/databases', '/v1/data_sources/**', '/v1/**'),
    times: fc.integer({ min: 1, max: 4 }),
    skip: fc.integer({ min: 0, max: 12 }),
    what,
  })
  const edit = fc.constantFrom<'add' | 'change' | 'leave'>('add', 'change', 'leave')

  function edited(todos: LabTodo[], edits: readonly ('add' | 'change' | 'leave')[]): LabTodo[] {
    return edits.reduce((now, kind) => {
      if (kind === 'add') return [...now, { notionId: randomUUID(), text: 'Another', position: now.length }]
      if (kind === 'leave') return now.slice(1)
      return now.map((todo, index) => (index === 0 ? { ...todo, checked: !todo.checked } : todo))
    }, todos)
  }

  it(
    'there are never two rows of a to-do, and in the end every to-do has its own',
    { timeout: 400_000 },
    async () => {
      const seed = Date.now() % 1_000_000
      console.info(`seed of the faults: ${seed}`)
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.record({ faults: fc.array(fault, { maxLength: 3 }), edits: fc.array(edit) }), {
            minLength: 1,
            maxLength: 3,
          }),
          async (rounds) => {
            let todos = manyTodos(12)
            const { owner, mirrorId } = await mirrored(todos)
            for (const { faults, edits } of rounds) {
              for (const rule of faults) plan({ ...rule, bot_id: owner.botId })
              await sync(lab, owner, mirrorId)
              lab.notion.world.faults.clear()
              expectNoDoubles(owner)
              todos = edited(todos, edits)
              await holdTodos(lab, owner, todos)
            }
            const last = await sync(lab, owner, mirrorId)
            expect(last.mirror).toMatchObject({ state: 'ready', code: null })
            expect(databasesOn(lab, owner)).toHaveLength(1)
            expect(found(lab, owner)).toEqual(wanted(todos))
            expect((await sync(lab, owner, mirrorId)).writes).toBe(0)
          },
        ),
        { seed, numRuns: 12, endOnFailure: true },
      )
    },
  )

  function expectNoDoubles(owner: Owner): void {
    for (const cells of Object.values(found(lab, owner))) expect(cells).toHaveLength(2)
    expect(databasesOn(lab, owner).length).toBeLessThanOrEqual(1)
  }
})
