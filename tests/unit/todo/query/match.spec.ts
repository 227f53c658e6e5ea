import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import type { Todo } from '#shared/schemas/todo'
import type { Expression, Query } from '#shared/todo/query/ast'
import { allOf, anyOf, not } from '#shared/todo/query/ast'
import { bindNames, directoryOf, showNames } from '#shared/todo/query/directory'
import { compileQuery } from '#shared/todo/query/match'
import { parseQuery } from '#shared/todo/query/parse'
import { compileRules, compileView } from '#shared/todo/query/view-filter'
import { aPage, aTodo } from '../../../support/todos.ts'
import { expressionArbitrary, queryArbitrary, SOURCES, todosArbitrary } from './arbitrary-query.ts'
import { naivelyMatches } from './naive.ts'

const NOW = new Date('2026-11-20T22:30:00Z')
const ZONES = ['UTC', 'Europe/Berlin', 'Pacific/Kiritimati', 'America/New_York']

function idsBy(query: Query, todos: readonly Todo[], timeZone = 'Europe/Berlin'): number[] {
  const directory = directoryOf(todos, SOURCES)
  return todos.filter(compileQuery(query, { now: NOW, timeZone, directory })).map(({ id }) => id)
}
const idsByLine = (line: string, todos: readonly Todo[]) =>
  idsBy(parseQuery(line, QUERY_MAX_LENGTH).query, todos)

describe('a query', () => {
  it('matches what it says, as a slow reading of the rules has it', () => {
    fc.assert(
      fc.property(queryArbitrary, todosArbitrary, fc.constantFrom(...ZONES), (query, todos, timeZone) => {
        const directory = directoryOf(todos, SOURCES)
        const naive = todos.filter((todo) => naivelyMatches(query, todo, directory, { now: NOW, timeZone }))
        expect(idsBy(query, todos, timeZone)).toEqual(naive.map(({ id }) => id))
      }),
      { numRuns: 3_000 },
    )
  })

  it('obeys the laws of logic', () => {
    const same = (a: Query, b: Query, todos: Todo[]) => expect(idsBy(a, todos)).toEqual(idsBy(b, todos))
    fc.assert(
      fc.property(expressionArbitrary, expressionArbitrary, todosArbitrary, (a, b, todos) => {
        const and = (...parts: Expression[]) => allOf(parts) ?? a
        const or = (...parts: Expression[]) => anyOf(parts) ?? a
        same(not(and(a, b)), or(not(a), not(b)), todos)
        same(not(or(a, b)), and(not(a), not(b)), todos)
        same(and(a, b), and(b, a), todos)
        same(or(a, and(a, b)), a, todos)
        same(and(a, or(b, not(b))), a, todos)
        expect(idsBy(a, todos).length + idsBy(not(a), todos).length).toBe(todos.length)
      }),
    )
  })

  it('means the same with ids in place of names, and with names in place of those ids', () => {
    fc.assert(
      fc.property(queryArbitrary, todosArbitrary, (query, todos) => {
        const directory = directoryOf(todos, SOURCES)
        const bound = bindNames(query, directory)
        expect(idsBy(bound, todos)).toEqual(idsBy(query, todos))
        const shown = showNames(bound, directory)
        expect(idsBy(shown, todos)).toEqual(idsBy(query, todos))
        expect(bindNames(shown, directory)).toEqual(bound)
      }),
    )
  })

  it('folds a title, a heading and a name once, however many criteria and to-dos ask for it', () => {
    let reads = 0
    const counted = <Thing extends object>(thing: Thing, key: keyof Thing, value: unknown) =>
      Object.defineProperty(thing, key, { get: () => ((reads += 1), value) })
    const page = counted(aPage(1), 'title', 'Wöchentlich')
    const headingPath = counted([''], 0, 'Einkäufe')
    const todos = Array.from({ length: 20 }, (_, id) => aTodo({ id, page, headingPath, tags: ['x'] }))
    const directory = { ...directoryOf(todos, SOURCES), tags: [counted({ id: 'x', name: '' }, 'name', 'X')] }
    const find = (line: string) =>
      todos.filter(
        compileQuery(parseQuery(line, QUERY_MAX_LENGTH).query, { now: NOW, timeZone: 'UTC', directory }),
      )
    for (const criterion of ['page:wochen', 'heading:einkaufe', '#x']) {
      reads = 0
      expect(find(Array.from({ length: 10 }, () => criterion).join(' '))).toHaveLength(20)
      expect(reads, criterion).toBe(1)
    }
  })

  it('keeps its database through a renaming once names are bound', () => {
    const [database] = SOURCES.databases
    if (!database) throw new Error('no database')
    const todos = [aTodo({ id: 1, databaseId: database.id })]
    const bound = bindNames(parseQuery('in:"meeting notes"', 100).query, directoryOf(todos, SOURCES))
    const renamed = directoryOf(todos, {
      ...SOURCES,
      databases: SOURCES.databases.map((entry) =>
        entry === database ? { ...entry, name: 'Minutes' } : entry,
      ),
    })
    const context = { now: NOW, timeZone: 'UTC', directory: renamed }
    expect(todos.filter(compileQuery(bound, context))).toHaveLength(1)
    expect(showNames(bound, renamed)).toEqual({ type: 'in', database: { by: 'name', name: 'Minutes' } })
  })

  const todos = [
    aTodo({ id: 1, text: 'Äpfel\nkaufen', page: aPage(1, { title: 'Einkauf' }), tags: ['home'] }),
    aTodo({
      id: 2,
      text: 'Call Bob',
      people: [{ id: 'u', name: 'Chiara Rossi' }],
      tags: ['Home Office'],
      checked: true,
    }),
    aTodo({
      id: 3,
      text: 'Bob, call me',
      headingPath: ['Weekly', 'Shop'],
      due: { start: '2026-11-21', source: 'text' },
    }),
    aTodo({
      id: 4,
      parentId: 3,
      text: 'x',
      due: { start: '2026-11-18', end: '2026-11-25', source: 'property' },
    }),
    aTodo({
      id: 5,
      kind: 'row',
      text: 'y',
      write: { state: 'failed', code: 'NOTION_API_ERROR' },
      due: { start: '2026-11-19', source: 'text' },
    }),
  ]
  it.each<[string, number[]]>([
    ['', [1, 2, 3, 4, 5]],
    ['apfel', [1]],
    ['"apfel kaufen"', [1]],
    ['bob call', [2, 3]],
    ['"call bob"', [2]],
    ['bob -@chiara', [3]],
    // An exact name goes before names that contain it.
    ['#home', [1]],
    ['#hom', [1, 2]],
    ['page:einkauf or heading:shop', [1, 3]],
    ['is:subtask or is:row', [4, 5]],
    ['is:failed', [5]],
    // It is the 20th in UTC and the 20th, half past eleven, in Berlin.
    ['due:tomorrow', [3, 4]],
    ['due:today', [4]],
    ['due:overdue', [5]],
    ['due:week', [3, 4]],
    ['due:none', [1, 2]],
    ['due:<2026-11-19', [4]],
    ['due:>+1d', [4]],
    ['due:2026-11-19..2026-11-20', [4, 5]],
  ])('%j finds %j', (line, expected) => {
    expect(idsByLine(line, todos)).toEqual(expected)
  })
})

describe('a view', () => {
  const context = { now: NOW, timeZone: 'UTC', directory: directoryOf([], SOURCES), rules: [] }
  const shown = (todos: Todo[], line: string, show: 'open' | 'all', more = {}) =>
    todos.filter(compileView(parseQuery(line, 100).query, show, { ...context, ...more })).map(({ id }) => id)
  const todos = [
    aTodo({ id: 1 }),
    aTodo({ id: 2, checked: true }),
    aTodo({ id: 3, checked: true, write: { state: 'failed', code: 'NOTION_ACCESS_DENIED' } }),
  ]

  it('leaves out what is done, except what was just ticked and what Notion refused', () => {
    expect(shown(todos, '', 'open')).toEqual([1, 3])
    expect(shown(todos, '', 'open', { lingering: new Set([2]) })).toEqual([1, 2, 3])
    expect(shown(todos, '', 'all')).toEqual([1, 2, 3])
  })

  it('shows done ones when its line asks for them', () => {
    expect(shown(todos, 'is:done', 'open')).toEqual([2, 3])
    expect(shown(todos, '-is:open', 'open')).toEqual([2, 3])
  })

  it('keeps hidden places out, the rule of a page before that of its database', () => {
    const placed = [
      aTodo({ id: 1, databaseId: 'a', page: aPage(1) }),
      aTodo({ id: 2, databaseId: 'a', page: aPage(2) }),
      aTodo({ id: 3, databaseId: 'b', page: aPage(3) }),
    ]
    const rules = [
      { effect: 'hide' as const, target: { database: 'a' } },
      { effect: 'show' as const, target: { page: 2 } },
      { effect: 'hide' as const, target: { page: 3 } },
    ]
    expect(placed.filter(compileRules(rules)).map(({ id }) => id)).toEqual([1, 3])
    expect(shown(placed, '', 'all', { rules })).toEqual([2])
  })
})
