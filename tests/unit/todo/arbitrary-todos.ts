import fc from 'fast-check'
import type { Todo } from '#shared/schemas/todo'
import { aPage, aTodo } from '../../support/todos.ts'

interface Seed {
  page: number
  row: boolean
  parent: number | null
  position: number
  heading: number
  checked: boolean
}

const seed: fc.Arbitrary<Seed> = fc.record({
  page: fc.integer({ min: 1, max: 4 }),
  row: fc.boolean(),
  // Also parents that do not exist, later ones, and itself: half-read trees look like that.
  parent: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 2 }),
  position: fc.integer({ min: 0, max: 5 }),
  heading: fc.integer({ min: 0, max: 2 }),
  checked: fc.boolean(),
})

/** Any number of to-dos over a few pages, with every kind of parent, circles included. */
export const todosArbitrary: fc.Arbitrary<Todo[]> = fc.array(seed, { maxLength: 30 }).map((seeds) =>
  seeds.map((from, id) =>
    aTodo({
      id,
      kind: from.row ? 'row' : 'block',
      // A page belongs to one database.
      page: aPage(from.page, { lastEditedTime: `2026-11-0${((from.page * 7) % 9) + 1}T10:00:00.000Z` }),
      databaseId: `database-${(from.page % 3) + 1}`,
      parentId: from.parent,
      position: from.position,
      headingPath: ['Monday', 'Shop'].slice(0, from.heading),
      checked: from.checked,
    }),
  ),
)
