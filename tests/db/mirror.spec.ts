import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { LabTodo, MirrorLab } from '../support/mirror-lab.ts'
import {
  found,
  holdTodos,
  makeMirror,
  manyTodos,
  newOwner,
  openMirrorLab,
  rowsInNotion,
  sync,
  wanted,
} from '../support/mirror-lab.ts'

// R74–R79: one database, one row a to-do, whatever happens on the way.

let lab: MirrorLab
beforeAll(async () => {
  lab = await openMirrorLab()
})
afterEach(() => lab.notion.world.faults.clear())
afterAll(() => lab.close())

/** An owner whose list holds these to-dos, mirrored. */
async function mirrored(todos: LabTodo[], { tickBack = false } = {}) {
  const owner = await newOwner(lab)
  await holdTodos(lab, owner, todos)
  return { owner, mirrorId: await makeMirror(lab, owner, tickBack) }
}

describe('a mirror', () => {
  it('has a row for every to-do, with all that is known of it', async () => {
    const notionId = randomUUID()
    const todo: LabTodo = {
      notionId,
      text: 'Water the plants',
      due: { start: '2026-12-01', end: '2026-12-03', source: 'mention' },
      people: [
        { id: randomUUID(), name: 'Ada, Countess' },
        { id: randomUUID(), name: 'Bob' },
      ],
      lastEditedTime: '2026-02-03T04:05:00.000Z',
    }
    const { owner, mirrorId } = await mirrored([todo])
    const { mirror } = await sync(lab, owner, mirrorId)
    expect(mirror).toMatchObject({
      state: 'ready',
      code: null,
      result: { created: 1, updated: 0, unchanged: 0, removed: 0, errors: [] },
    })
    expect(mirror.lastSyncDate).not.toBeNull()
    expect(rowsInNotion(lab, owner).map(({ cells }) => cells)).toEqual([
      {
        Name: 'Water the plants',
        Done: false,
        Status: 'To do',
        Due: { start: '2026-12-01', end: '2026-12-03', time_zone: null },
        People: ['Ada Countess', 'Bob'],
        Page: 'Plan',
        'Page Link': 'https://www.notion.so/a-page',
        'Block Link': `https://www.notion.so/a-page#${notionId.replaceAll('-', '')}`,
        'Source Database': 'Tasks',
        'To-do ID': notionId,
        Created: null,
        'Last Updated': { start: '2026-02-03T04:05:00.000Z', end: null, time_zone: null },
      },
    ])
  })

  it(
    'of 2 000 to-dos costs nothing the second time, and a write for each that changed',
    { timeout: 300_000 },
    async () => {
      const todos = manyTodos(2_000)
      const { owner, mirrorId } = await mirrored(todos)
      const first = await sync(lab, owner, mirrorId)
      expect(first.writes).toBe(2_001)
      expect(found(lab, owner)).toEqual(wanted(todos))

      const second = await sync(lab, owner, mirrorId)
      expect(second.writes).toBe(0)
      expect(second.reads).toBeLessThanOrEqual(2_000 / 100 + 1)
      expect(second.mirror.result).toMatchObject({ created: 0, updated: 0, unchanged: 2_000, removed: 0 })

      const changed = todos.map((todo, index) =>
        index % 100 === 7 ? { ...todo, text: `Changed ${index}` } : todo,
      )
      await holdTodos(lab, owner, changed)
      const third = await sync(lab, owner, mirrorId, { full: false })
      expect([third.writes, third.reads]).toEqual([20, 1])
      expect(third.mirror.result).toMatchObject({ updated: 20, unchanged: 1_980 })
      expect(found(lab, owner)).toEqual(wanted(changed))
      console.info(
        `2 000 to-dos: ${first.writes} writes, then ${second.writes} and ${second.reads} reads; 1 % changed: ${third.writes} writes, ${third.reads} read`,
      )
    },
  )
})
