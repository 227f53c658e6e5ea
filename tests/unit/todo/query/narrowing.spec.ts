import fc from 'fast-check'
import { expect, it } from 'vitest'
import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import type { Todo } from '#shared/schemas/todo'
import { directoryOf } from '#shared/todo/query/directory'
import { MatchMemory, narrows, type Asked } from '#shared/todo/query/narrowing'
import { parseQuery } from '#shared/todo/query/parse'
import { printQuery } from '#shared/todo/query/print'
import { compileView, type ListRule } from '#shared/todo/query/view-filter'
import { aTodo } from '../../../support/todos.ts'
import { queryArbitrary, SOURCES, todosArbitrary } from './arbitrary-query.ts'

const RULES: ListRule[] = [{ effect: 'hide', target: { page: 6 } }]
const NO_RULES: ListRule[] = []
const NOBODY: ReadonlySet<number> = new Set()
const SOME: ReadonlySet<number> = new Set([0, 3])

const idsOf = (todos: readonly Todo[]) => todos.map(({ id }) => id)

const asking = (line: string, changes: Partial<Asked> = {}): Asked => ({
  query: parseQuery(line, QUERY_MAX_LENGTH).query,
  show: 'open',
  rules: NO_RULES,
  lingering: NOBODY,
  ...changes,
})

function predicateOf(
  { query, show, ...asked }: Asked,
  todos: readonly Todo[],
  now: Date,
): (todo: Todo) => boolean {
  return compileView(query, show, { ...asked, now, timeZone: 'UTC', directory: directoryOf(todos, SOURCES) })
}

it('what is found while somebody types is what is found anew', () => {
  const line = fc.oneof(
    queryArbitrary.map(printQuery),
    fc.constantFrom(
      'call bob',
      'page:weekly apfel',
      'heading:shop to-do 3',
      '"call bob" is:open',
      'due:today bob',
    ),
  )
  const step = fc.record({
    line,
    changes: fc.record(
      {
        show: fc.constantFrom('open' as const, 'all' as const),
        rules: fc.constantFrom(NO_RULES, RULES),
        lingering: fc.constantFrom(NOBODY, SOME),
      },
      { requiredKeys: [] },
    ),
  })
  fc.assert(
    fc.property(todosArbitrary, fc.array(step, { minLength: 1, maxLength: 3 }), (todos, steps) => {
      const memory = new MatchMemory<Todo>()
      let now = Date.parse('2026-11-20T12:00:00Z')
      for (const { line: whole, changes } of steps) {
        for (let length = 0; length <= whole.length; length += 1) {
          now += 12 * 3_600_000
          const asked = asking(whole.slice(0, length), changes)
          const isShown = predicateOf(asked, todos, new Date(now))
          expect([...memory.find(todos, isShown, asked)]).toEqual(idsOf(todos.filter(isShown)))
        }
      }
    }),
    { numRuns: 300 },
  )
})

it('looks through everything again when there are other to-dos', () => {
  fc.assert(
    fc.property(todosArbitrary, todosArbitrary, (before, after) => {
      const memory = new MatchMemory<Todo>()
      memory.find(before, () => true, asking('c'))
      expect([...memory.find(after, () => true, asking('ca'))]).toEqual(idsOf(after))
    }),
  )
})

it('sees a tick that took its place in the same list meanwhile', () => {
  const todos = [aTodo({ id: 1, text: 'call', write: { state: 'saved' } })]
  const memory = new MatchMemory<Todo>()
  const find = (line: string) => {
    const asked = asking(line)
    return [...memory.find(todos, predicateOf(asked, todos, new Date()), asked)]
  }
  expect(find('call')).toEqual([1])
  todos[0] = aTodo({ id: 1, text: 'call', write: { state: 'waiting' } })
  expect(find('call is:waiting')).toEqual([1])
})

it.each([
  ['', 'c', true],
  ['c', 'ca', true],
  ['call b', 'call bo', true],
  ['call', 'call page:weekly', true],
  ['page:we', 'page:weekly', true],
  ['ca', 'c', false],
  ['call', 'calm', false],
  ['call', 'call or bob', false],
  ['-c', '-ca', false],
  ['page:we', 'weekly', false],
  ['due:today', 'due:today c', false],
  ['', 'is:done', false],
])('after %j, %j asks for less: %s', (before, after, isLess) => {
  expect(narrows(asking(before), asking(after))).toBe(isLess)
})
