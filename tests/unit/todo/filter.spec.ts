import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { filterTodos, type TodoFilter } from '#shared/todo/filter'
import { parentsOf } from '#shared/todo/parents'
import { aPage, aTodo } from '../../support/todos.ts'
import { todosArbitrary } from './arbitrary-todos.ts'

const NOW = new Date('2026-11-20T12:00:00Z')

function shownBy(todos: readonly Todo[], filter: Partial<TodoFilter>, lingering: number[] = []) {
  return filterTodos(
    todos,
    parentsOf(todos),
    { text: '', show: 'open', due: 'any', ...filter },
    { now: NOW, timeZone: 'Europe/Berlin', lingering: new Set(lingering) },
  )
}
const idsOf = (shown: ReadonlyMap<number, unknown>) => [...shown.keys()].toSorted((a, b) => a - b)

describe('filterTodos', () => {
  const todos = [
    aTodo({ id: 1, text: 'Äpfel kaufen', page: aPage(1, { title: 'Einkauf' }) }),
    aTodo({ id: 2, text: 'Call Bob', tags: ['phone'], people: [{ id: 'u', name: 'Chiara' }], checked: true }),
    aTodo({ id: 3, text: 'Parent' }),
    aTodo({ id: 4, text: 'Needle', parentId: 3, headingPath: ['Shop'] }),
  ]

  it.each([
    ['apfel', [1]],
    ['EINKAUF', [1]],
    ['bob call', [2]],
    ['phone', [2]],
    ['chiara', [2]],
    ['shop', [3, 4]],
    ['needle haystack', []],
    ['   ', [1, 2, 3, 4]],
  ])('finds %j', (text, expected) => {
    expect(idsOf(shownBy(todos, { text, show: 'all' }))).toEqual(expected)
  })

  it('shows an ancestor of a match as context, not as a match', () => {
    expect([...shownBy(todos, { text: 'needle' })]).toEqual([
      [4, 'match'],
      [3, 'context'],
    ])
  })

  it('hides done ones, except those just ticked and those that Notion refused', () => {
    const done = [1, 2, 3].map((id) => aTodo({ id, checked: true }))
    const refused = aTodo({ id: 4, checked: true, write: { state: 'failed', code: 'NOTION_ACCESS_DENIED' } })
    expect(idsOf(shownBy([...done, refused], {}, [2]))).toEqual([2, 4])
  })

  it('shows what is due today or overdue, by the calendar of the reader', () => {
    const due = (id: number, start: string, end?: string) =>
      aTodo({ id, due: { start, ...(end ? { end } : {}), source: 'property' } })
    const dated = [
      due(1, '2026-11-20'),
      due(2, '2026-11-19'),
      due(3, '2026-11-21'),
      // Still the 20th in UTC, already the 21st in Berlin.
      due(4, '2026-11-20T23:30:00Z'),
      due(5, '2026-11-18', '2026-11-25'),
      aTodo({ id: 6 }),
    ]
    expect(idsOf(shownBy(dated, { due: 'today' }))).toEqual([1, 2, 5])
  })

  it('never shows a to-do without all its ancestors, and nothing that has no reason to be there', () => {
    const filters = fc.record({
      text: fc.constantFrom('', '1', '2', 'page 3', 'monday'),
      show: fc.constantFrom('open' as const, 'all' as const),
    })
    fc.assert(
      fc.property(todosArbitrary, filters, (some, filter) => {
        const parents = parentsOf(some)
        const shown = shownBy(some, filter)
        for (const id of shown.keys()) {
          const parent = parents.get(id) ?? null
          if (parent !== null) expect(shown.has(parent)).toBe(true)
        }
        for (const [id, role] of shown) {
          const reason = role === 'match' || [...shown.keys()].some((other) => parents.get(other) === id)
          expect(reason).toBe(true)
        }
      }),
    )
  })

  it('shows everything when nothing is asked for', () => {
    fc.assert(
      fc.property(todosArbitrary, (some) => {
        expect(idsOf(shownBy(some, { show: 'all' }))).toEqual(some.map(({ id }) => id))
      }),
    )
  })
})
