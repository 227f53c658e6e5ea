import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dueBuckets } from '#shared/todo/due-bucket'
import { directoryOf } from '#shared/todo/query/directory'
import { explain } from '#shared/todo/query/explain'
import { parseQuery } from '#shared/todo/query/parse'
import { printQuery } from '#shared/todo/query/print'
import { compileView } from '#shared/todo/query/view-filter'
import { compileScope, SCREENS, scopedQuery, type TodoScope } from '#shared/todo/scope'
import { queryArbitrary, SOURCES, todosArbitrary } from './query/arbitrary-query.ts'

const scopes: fc.Arbitrary<TodoScope> = fc.constantFrom(
  {},
  SCREENS.today,
  SCREENS.mine,
  { databaseIds: SOURCES.databases.slice(0, 2).map(({ id }) => id) },
  { databaseIds: [] },
)
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York')
const NOW = new Date('2026-11-20T23:30:00Z')

describe('what a screen is about', () => {
  it('is the same for the list, an export and an explanation', () => {
    fc.assert(
      fc.property(todosArbitrary, scopes, zones, (todos, scope, timeZone) => {
        const context = { now: NOW, timeZone, directory: directoryOf(todos, SOURCES), rules: [] }
        const outside = compileScope(scope, context)
        for (const todo of todos) {
          const { shown, reasons } = explain(todo, { query: null, show: 'all' }, context, scope)
          expect(shown).toBe(outside(todo) === null)
          expect(reasons.some(({ kind }) => kind === outside(todo))).toBe(!shown)
        }
      }),
    )
  })

  it('is on the agenda what is late or due within the week, and mine what names the reader', () => {
    fc.assert(
      fc.property(todosArbitrary, zones, (todos, timeZone) => {
        const context = { now: NOW, timeZone, directory: SOURCES }
        const bucketOf = dueBuckets(NOW, timeZone)
        const [today, mine] = [compileScope(SCREENS.today, context), compileScope(SCREENS.mine, context)]
        for (const todo of todos) {
          expect(today(todo)).toBe(['later', 'none'].includes(bucketOf(todo.due)) ? 'not_due' : null)
          const isMine = todo.people.some(({ id }) => SOURCES.me.includes(id))
          expect(mine(todo)).toBe(isMine ? null : 'not_mine')
        }
      }),
    )
  })

  it('is part of the query of a view that is saved there, printed and read again', () => {
    const fitting = scopes.filter(({ databaseIds }) => databaseIds?.length !== 0)
    fc.assert(
      fc.property(todosArbitrary, queryArbitrary, fitting, zones, (todos, query, scope, timeZone) => {
        const context = { now: NOW, timeZone, directory: directoryOf(todos, SOURCES), rules: [] }
        const outside = compileScope(scope, context)
        const isMatch = compileView(query, 'all', context)
        const saved = parseQuery(printQuery(scopedQuery(scope, query)), 10_000)
        fc.pre(saved.problems.length === 0)
        const isShown = compileView(saved.query, 'all', context)
        for (const todo of todos) expect(isShown(todo)).toBe(outside(todo) === null && isMatch(todo))
      }),
    )
  })
})
