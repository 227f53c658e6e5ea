import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import type { TodoView } from '#shared/schemas/view'
import { arrange, type Row } from '#shared/todo/arrange'
import { glanceAt } from '#shared/todo/arrange-glance'
import { groundOf } from '#shared/todo/arrange-ground'
import { aPage, aTodo } from '../../support/todos.ts'
import { anyView, richTodos } from './arbitrary-todos.ts'

type Arrangement = Pick<TodoView, 'group' | 'sort'>

const NOW = new Date('2026-11-20T12:00:00Z')

function arranged(todos: readonly Todo[], view: Arrangement, matches: ReadonlySet<number>): Row<Todo>[] {
  return arrange(groundOf(todos), { view, matches, now: NOW, timeZone: 'Europe/Berlin' })
}

/** Which to-dos, how deep, and as what; headings, too, but for those inside a group. */
function outline(rows: readonly Row<Todo>[]): string[] {
  return rows.flatMap((row) => {
    if (row.kind === 'path') return []
    return row.kind === 'group' ? [row.key] : [`${row.key} ${row.depth} ${row.context ? 'context' : 'match'}`]
  })
}

const ALL = { enough: Infinity, atMost: Infinity }
const isMatch = (row: Row<Todo>) => row.kind === 'item' && !row.context

/** Whether what is left out can change the order of what is not: groups by their newest page, parents by what is below. */
function dependsOnMatches({ group, sort }: Arrangement): boolean {
  return ['page', 'database', 'workspace'].includes(group) || sort === 'due' || sort === 'urgency'
}

describe('a glance at what a narrower filter leaves', () => {
  const narrowed = fc.tuple(richTodos, anyView, fc.func(fc.boolean()))

  it('is what arranging anew comes to, in that order wherever nothing that goes decides the order', () => {
    fc.assert(
      fc.property(narrowed, ([{ todos, matches }, view, stays]) => {
        const left = new Set([...matches].filter((id) => stays(id)))
        const isShown = ({ id }: Todo) => left.has(id)
        const glance = outline(glanceAt(arranged(todos, view, matches), isShown, ALL) ?? [])
        const anew = outline(arranged(todos, view, left))
        if (dependsOnMatches(view)) expect(glance.toSorted()).toEqual(anew.toSorted())
        else expect(glance).toEqual(anew)
      }),
      { numRuns: 500 },
    )
  })

  it('ends with as many to-dos as are enough, and asks of no others', () => {
    fc.assert(
      fc.property(richTodos, anyView, fc.integer({ min: 1, max: 12 }), ({ todos, matches }, view, enough) => {
        const rows = arranged(todos, view, matches)
        const asked: number[] = []
        const isShown = ({ id }: Todo) => (asked.push(id), matches.has(id))
        const glance = glanceAt(rows, isShown, { ...ALL, enough }) ?? []
        expect(glance).toEqual(rows.slice(0, glance.length))
        const found = glance.filter(isMatch)
        expect(found.length).toBe(Math.min(enough, rows.filter(isMatch).length))
        expect(asked.length).toBe(found.length)
      }),
    )
  })

  it('is none where nothing is left, or where too little is among the rows it may look at', () => {
    const todos = [1, 2, 3].map((id) => aTodo({ id, position: id }))
    const rows = arranged(todos, { group: 'page', sort: 'document' }, new Set([1, 2, 3]))
    const third = ({ id }: Todo) => id === 3
    expect(glanceAt(rows, () => false, ALL)).toBeNull()
    expect(glanceAt(rows, third, { ...ALL, atMost: rows.length })).toHaveLength(3)
    expect(glanceAt(rows, third, { ...ALL, atMost: rows.length - 1 })).toBeNull()
    expect(glanceAt(rows, third, { enough: 1, atMost: rows.length })).toHaveLength(3)
  })

  it('leaves a folded group where it is, since what is in it is not among the rows', () => {
    const page = { group: 'page', sort: 'document' } as const
    const todos = [1, 2, 3].map((id) => aTodo({ id, page: aPage(id) }))
    const matches = new Set([1, 2, 3])
    const folded = new Set(['page:2'])
    const options = { view: page, matches, now: NOW, timeZone: 'Europe/Berlin', folded }
    const glance = glanceAt(arrange(groundOf(todos), options), ({ id }) => id === 1, ALL)
    expect(outline(glance ?? [])).toEqual(['database:database-1', 'page:2', 'page:1', 'page:1#1 0 match'])
  })

  it('keeps a heading only as long as something stands below it', () => {
    const page = { group: 'page', sort: 'document' } as const
    fc.assert(
      fc.property(richTodos, ({ todos, matches }) => {
        const glance = glanceAt(arranged(todos, page, matches), ({ checked }) => !checked, ALL) ?? []
        glance.forEach((row, index) => {
          const next = glance[index + 1]
          if (row.kind === 'path') expect(next).toMatchObject({ kind: 'item', depth: row.depth })
          if (row.kind === 'group')
            expect(next).toSatisfy(
              (one) => one !== undefined && (one.kind !== 'group' || one.level > row.level),
            )
        })
      }),
    )
  })
})
