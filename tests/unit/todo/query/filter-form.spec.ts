import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import type { Query } from '#shared/todo/query/ast'
import { directoryOf } from '#shared/todo/query/directory'
import { formOf, queryOf } from '#shared/todo/query/filter-form'
import { compileQuery } from '#shared/todo/query/match'
import { parseQuery } from '#shared/todo/query/parse'
import { printQuery } from '#shared/todo/query/print'
import { queryArbitrary, SOURCES, todosArbitrary } from './arbitrary-query.ts'

const NOW = new Date('2026-11-20T22:30:00Z')

describe('the filter dialog', () => {
  it('says the same as the line, and its fields come back from the line it writes', () => {
    fc.assert(
      fc.property(queryArbitrary, todosArbitrary, (query, todos) => {
        const context = { now: NOW, timeZone: 'Europe/Berlin', directory: directoryOf(todos, SOURCES) }
        const found = (asked: Query) => todos.filter(compileQuery(asked, context)).map(({ id }) => id)
        const form = formOf(query)
        const line = printQuery(queryOf(form))
        fc.pre(line.length <= QUERY_MAX_LENGTH)
        const reread = parseQuery(line, QUERY_MAX_LENGTH)
        expect(reread.problems).toEqual([])
        expect(found(reread.query)).toEqual(found(query))
        expect(formOf(reread.query)).toEqual(form)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each([
    ['in:a or in:b', { databases: 2, rest: 0 }],
    ['in:a in:b', { databases: 1, rest: 1 }],
    ['in:a or #b', { databases: 0, rest: 1 }],
    ['in:a (priority:high or priority:medium)', { databases: 1, rest: 0 }],
    ['priority:high priority:low', { databases: 0, rest: 1 }],
    ['-in:a', { databases: 0, rest: 1 }],
  ])('of %s keeps what it has no field for', (line, expected) => {
    const form = formOf(parseQuery(line, 100).query)
    expect({ databases: form.databases.length, rest: form.rest.length }).toEqual(expected)
  })
})
