import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { groupTodos, inReadingOrder, type TodoNode } from '#shared/todo/group'
import { parentsOf } from '#shared/todo/parents'
import { aPage, aTodo } from '../../support/todos.ts'
import { todosArbitrary } from './arbitrary-todos.ts'

const everything = (todos: readonly Todo[]) => new Map(todos.map(({ id }) => [id, 'match' as const]))
const grouped = (todos: readonly Todo[]) => groupTodos(todos, parentsOf(todos), { shown: everything(todos) })

/** What a reader sees: nesting as indentation, headings and pages as lines of their own. */
function outline(todos: readonly Todo[]): string[] {
  const lines: string[] = []
  const visit = (node: TodoNode<Todo>, indent: string): void => {
    const progress = node.progress ? ` ${node.progress.done}/${node.progress.total}` : ''
    lines.push(`${indent}- ${node.todo.text}${progress}`)
    for (const section of node.sections) {
      if (section.headings) lines.push(`${indent}  (${section.headings.join(' › ')})`)
      for (const child of section.nodes) visit(child, `${indent}  `)
    }
  }
  for (const database of grouped(todos)) {
    lines.push(`## ${database.databaseId} ${database.open}`)
    for (const row of database.rows) visit(row, '')
    for (const page of database.pages) {
      lines.push(`# ${page.page.title} ${page.open}`)
      for (const section of page.sections) {
        if (section.headings) lines.push(`(${section.headings.join(' › ')})`)
        for (const node of section.nodes) visit(node, '')
      }
    }
  }
  return lines
}

describe('groupTodos', () => {
  it('keeps document order, nests, counts and names headings once', () => {
    const todos = [
      aTodo({ id: 5, text: 'Last', position: 9, headingPath: ['Shop'] }),
      aTodo({ id: 1, text: 'First', position: 1 }),
      aTodo({ id: 3, text: 'Parent', position: 2, headingPath: ['Shop'] }),
      aTodo({ id: 7, text: 'Second child', position: 4, parentId: 3, headingPath: ['Shop'] }),
      aTodo({ id: 4, text: 'First child', position: 3, parentId: 3, headingPath: ['Shop'], checked: true }),
    ]
    expect(outline(todos)).toEqual([
      '## database-1 4',
      '# Page 1 4',
      '- First',
      '(Shop)',
      '- Parent 1/2',
      '  - First child',
      '  - Second child',
      '- Last',
    ])
  })

  it('puts pages edited last first, comparing moments and not their spelling', () => {
    const early = aPage(1, { title: 'Early', lastEditedTime: '2026-11-20T12:00:00+02:00' })
    const late = aPage(2, { title: 'Late', lastEditedTime: '2026-11-20T11:00:00Z' })
    const unknown = aPage(3, { title: 'Unknown', lastEditedTime: null })
    const todos = [early, unknown, late].map((page, id) => aTodo({ id, page, text: 'x' }))
    expect(outline(todos).filter((line) => line.startsWith('# '))).toEqual([
      '# Late 1',
      '# Early 1',
      '# Unknown 1',
    ])
  })

  it('shows a task row as a to-do of its database, with the boxes of its page below it', () => {
    const page = aPage(1, { title: 'Write the newsletter' })
    const todos = [
      aTodo({ id: 2, page, text: 'Headline', headingPath: ['Checklist'] }),
      aTodo({ id: 1, page, kind: 'row', text: 'Write the newsletter' }),
    ]
    expect(outline(todos)).toEqual([
      '## database-1 2',
      '- Write the newsletter 0/1',
      '  (Checklist)',
      '  - Headline',
    ])
  })

  it('keeps an order that the caller froze', () => {
    const todos = [1, 2].map((id) =>
      aTodo({ id, page: aPage(id, { lastEditedTime: `2026-11-0${id}T00:00:00Z` }) }),
    )
    const frozen = new Map([
      [1, '2026-12-01T00:00:00Z'],
      [2, '2026-01-01T00:00:00Z'],
    ])
    const groups = groupTodos(todos, parentsOf(todos), {
      shown: everything(todos),
      editedTime: (page) => frozen.get(page.id) ?? null,
    })
    expect(groups[0]?.pages.map(({ page }) => page.id)).toEqual([1, 2])
  })

  it('counts progress over all sub-to-dos, also those a filter hides', () => {
    const todos = [
      aTodo({ id: 1 }),
      aTodo({ id: 2, parentId: 1, checked: true }),
      aTodo({ id: 3, parentId: 1 }),
    ]
    const shown = new Map([
      [1, 'match' as const],
      [3, 'match' as const],
    ])
    const [root] = groupTodos(todos, parentsOf(todos), { shown })[0]?.pages[0]?.sections[0]?.nodes ?? []
    expect(root?.progress).toEqual({ done: 1, total: 2 })
  })

  it('shows every to-do exactly once, whatever the tree looks like', () => {
    fc.assert(
      fc.property(todosArbitrary, (todos) => {
        const order = inReadingOrder(grouped(todos)).map(({ id }) => id)
        expect(order.toSorted((a, b) => a - b)).toEqual(todos.map(({ id }) => id))
      }),
    )
  })

  it('does not depend on the order in which to-dos arrived', () => {
    const shuffled = todosArbitrary.chain((todos) =>
      fc.tuple(fc.constant(todos), fc.shuffledSubarray(todos, { minLength: todos.length })),
    )
    fc.assert(
      fc.property(shuffled, ([todos, arrived]) => {
        // Circles are opened wherever they are met first; apart from them nothing may depend on arrival.
        fc.pre(todos.every((todo) => todo.parentId === null || todo.parentId < todo.id))
        fc.pre(new Set(todos.filter(isRow).map(({ page }) => page.id)).size === todos.filter(isRow).length)
        expect(outline(arrived)).toEqual(outline(todos))
      }),
    )
  })

  it('puts every to-do after its parent and siblings in document order', () => {
    fc.assert(
      fc.property(todosArbitrary, (todos) => {
        const parents = parentsOf(todos)
        const order = inReadingOrder(grouped(todos))
        const place = new Map(order.map(({ id }, index) => [id, index]))
        for (const todo of order) {
          const parent = parents.get(todo.id) ?? null
          if (parent !== null) expect(place.get(parent)).toBeLessThan(place.get(todo.id) ?? -1)
          for (const other of order) {
            if ((parents.get(other.id) ?? null) !== parent || parent === null) continue
            if (other.position < todo.position)
              expect(place.get(other.id)).toBeLessThan(place.get(todo.id) ?? -1)
          }
        }
      }),
    )
  })
})

function isRow(todo: Todo): boolean {
  return todo.kind === 'row'
}
