import fc from 'fast-check'
import type { Todo } from '#shared/schemas/todo'
import { GroupBySchema, SortBySchema } from '#shared/schemas/view'
import { aPage, aTodo } from '../../support/todos.ts'

export const ADA = { id: 'ada', name: 'Ada' }
export const BOB = { id: 'bob', name: 'Bob' }

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

/** Every way to arrange them. */
export const anyView = fc.record({
  group: fc.constantFrom(...GroupBySchema.options),
  sort: fc.constantFrom(...SortBySchema.options),
})

/** The same with people, tags and dates, and some of them looked for. */
export const richTodos = todosArbitrary.chain((todos) =>
  fc
    .array(
      fc.record({
        people: fc.subarray([ADA, BOB]),
        tags: fc.subarray(['shop', 'work', 'high']),
        due: fc.constantFrom(null, '2026-11-01', '2026-11-20', '2026-11-24', '2027-01-01'),
        matches: fc.boolean(),
      }),
      { minLength: todos.length, maxLength: todos.length },
    )
    .map((extras) => ({
      todos: todos.map((todo, index) => {
        const { people = [], tags = [], due = null } = extras[index] ?? {}
        return { ...todo, people, tags, due: due ? { start: due, source: 'text' as const } : null }
      }),
      matches: new Set(todos.filter((_, index) => extras[index]?.matches).map(({ id }) => id)),
    })),
)
