import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { directoryOf } from '#shared/todo/query/directory'
import { explain } from '#shared/todo/query/explain'
import { compileClause } from '#shared/todo/query/match'
import { parseQuery } from '#shared/todo/query/parse'
import { printClause } from '#shared/todo/query/print'
import { compileView, type ListRule } from '#shared/todo/query/view-filter'
import { SCREENS } from '#shared/todo/scope'
import { aPage, aTodo } from '../../../support/todos.ts'
import { queryArbitrary, SOURCES, todosArbitrary } from './arbitrary-query.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
const contextOf = (todos: Todo[], rules: ListRule[] = []) => ({
  now: NOW,
  timeZone: 'UTC',
  directory: directoryOf(todos, SOURCES),
  rules,
})

describe('the explanation of a view', () => {
  it('agrees with the view, gives a reason whenever there is one, and only true ones', () => {
    const shows = fc.constantFrom('open' as const, 'all' as const)
    fc.assert(
      fc.property(queryArbitrary, todosArbitrary, shows, (query, todos, show) => {
        const context = contextOf(todos, [{ effect: 'hide', target: { page: 6 } }])
        const isShown = compileView(query, show, context)
        for (const todo of todos) {
          const { shown, reasons } = explain(todo, { query, show }, context)
          expect(shown).toBe(isShown(todo))
          if (!shown || query !== null) expect(reasons.length).toBeGreaterThan(0)
          for (const reason of reasons) {
            if (reason.kind !== 'clause') continue
            expect(compileClause(reason.clause, context)(todo)).toBe(reason.fulfilled)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, string[]]>([
    ['call bob', ['not bob']],
    ['call (bob or #home) -ada', ['not bob', 'not #home', 'yes ada']],
    ['-(call or bob)', ['yes call']],
    ['call or bob', ['yes call']],
  ])('of %s names just what decides', (line, expected) => {
    const todo = aTodo({ id: 1, text: 'Call Ada' })
    const { reasons } = explain(todo, { query: parseQuery(line, 100).query, show: 'open' }, contextOf([todo]))
    const said = reasons.map((reason) =>
      reason.kind === 'clause'
        ? `${reason.fulfilled ? 'yes' : 'not'} ${printClause(reason.clause)}`
        : reason.kind,
    )
    expect(said).toEqual(expected)
  })

  it('names what is not in the line: done, hidden, what the screen is about', () => {
    const todo = aTodo({ id: 1, checked: true, databaseId: 'a', page: aPage(7) })
    const rules: ListRule[] = [{ effect: 'hide', target: { page: 7 } }]
    const { reasons } = explain(todo, { query: null, show: 'open' }, contextOf([todo], rules), {
      databaseIds: ['b'],
    })
    expect(reasons).toEqual([{ kind: 'elsewhere' }, { kind: 'hidden', by: 'page' }, { kind: 'done' }])
    expect(explain(todo, { query: null, show: 'all' }, contextOf([todo]))).toEqual({
      shown: true,
      reasons: [],
    })
    const onlyMine = explain(todo, { query: null, show: 'all' }, contextOf([todo]), SCREENS.mine)
    expect(onlyMine).toEqual({ shown: false, reasons: [{ kind: 'not_mine' }] })
    const here = explain(todo, { query: null, show: 'all' }, contextOf([todo]), { databaseIds: ['a'] })
    expect(here).toEqual({ shown: true, reasons: [{ kind: 'in_scope', by: 'databaseIds' }] })
  })
})
