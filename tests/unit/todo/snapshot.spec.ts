import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CompactTodosSchema } from '#shared/schemas/snapshot'
import type { Todo } from '#shared/schemas/todo'
import { blockUrl } from '#shared/todo/notion-id'
import { compactTodos, expandTodos } from '#shared/todo/snapshot'
import { todosArbitrary } from './arbitrary-todos.ts'

const extras = fc.record({
  text: fc.string(),
  isPlain: fc.boolean(),
  due: fc.option(
    fc.constantFrom<NonNullable<Todo['due']>>(
      { start: '2026-11-20', source: 'mention' },
      { start: '2026-11-20T09:00:00Z', end: '2026-11-21', timeZone: 'Europe/Berlin', source: 'property' },
    ),
  ),
  people: fc.subarray([
    { id: 'a', name: 'Ada' },
    { id: 'b', name: '' },
  ]),
  tags: fc.subarray(['home', 'work']),
})

/** To-dos as the server answers them: the link is made of the page's. */
const storedTodos: fc.Arbitrary<Todo[]> = fc
  .tuple(todosArbitrary, fc.infiniteStream(extras))
  .map(([todos, more]) =>
    todos.map((todo) => {
      const { text, isPlain, due, people, tags } = more.next().value
      const richText: Todo['richText'] = isPlain ? [{ text }] : [{ text, bold: true }, { text: '' }]
      const url = todo.kind === 'row' ? todo.page.url : blockUrl(todo.page.url, todo.notionId)
      return { ...todo, text, richText, due, people, tags, url }
    }),
  )

describe('a compact copy', () => {
  it('means the same, is of the agreed form, and survives being text', () => {
    fc.assert(
      fc.property(storedTodos, (todos) => {
        const copy = CompactTodosSchema.parse(JSON.parse(JSON.stringify(compactTodos(todos))))
        expect(expandTodos(copy)).toEqual(todos)
      }),
    )
  })

  it('shares the object of a page between its to-dos', () => {
    fc.assert(
      fc.property(storedTodos, (todos) => {
        const pages = new Map<number, Todo['page']>()
        for (const { page } of expandTodos(compactTodos(todos))) {
          expect(pages.get(page.id) ?? page).toBe(page)
          pages.set(page.id, page)
        }
      }),
    )
  })

  it('says where ticks stand only where it is told so', () => {
    fc.assert(
      fc.property(storedTodos, (todos) => {
        const [first] = todos
        const writes = new Map(first && [[first.id, { state: 'waiting' as const }]])
        const states = expandTodos(compactTodos(todos), writes).map(({ write }) => write.state)
        expect(states).toEqual(todos.map((todo) => (todo.id === first?.id ? 'waiting' : 'saved')))
      }),
    )
  })

  it('is refused when something of it is missing', () => {
    fc.assert(
      fc.property(
        storedTodos.filter((todos) => todos.length > 0),
        fc.constantFrom('text', 'page', 'headings', 'parentId'),
        (todos, column) => {
          const copy = compactTodos(todos)
          copy.todos[column].pop()
          expect(() => expandTodos(copy)).toThrow(RangeError)
        },
      ),
    )
  })
})
