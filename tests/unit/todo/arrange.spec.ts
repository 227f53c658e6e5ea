import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import type { GroupBy, SortBy } from '#shared/schemas/view'
import { arrange, type ArrangeOptions, type ItemRow, type Row } from '#shared/todo/arrange'
import { groundOf } from '#shared/todo/arrange-ground'
import { ArrangeMemory } from '#shared/todo/arrange-memory'
import { parentsOf } from '#shared/todo/parents'
import { aPage, aTodo } from '../../support/todos.ts'
import { ADA, anyView, BOB, richTodos } from './arbitrary-todos.ts'

type EditedTime = Parameters<typeof groundOf>[1]

const NOW = new Date('2026-11-20T12:00:00Z')

function arranged(
  todos: readonly Todo[],
  { editedTime, ...changes }: Partial<ArrangeOptions> & { editedTime?: EditedTime } = {},
): Row<Todo>[] {
  return arrange(groundOf(todos, editedTime), {
    view: { group: 'page', sort: 'document' },
    matches: new Set(todos.map(({ id }) => id)),
    now: NOW,
    timeZone: 'Europe/Berlin',
    ...changes,
  })
}

const by = (group: GroupBy, sort: SortBy = 'document') => ({ view: { group, sort } })
const isItem = (row: Row<Todo>): row is ItemRow<Todo> => row.kind === 'item'

/** What a reader sees: group headings with their counts, nesting as indentation, context in brackets. */
function outline(rows: readonly Row<Todo>[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'group') return `${'#'.repeat(row.level)} ${labelOf(row.group)} ${row.open}`
    const indent = '  '.repeat(row.depth)
    if (row.kind === 'path') return `${indent}(${[row.page?.title ?? [], row.headings].flat().join(' › ')})`
    const progress = row.progress ? ` ${row.progress.done}/${row.progress.total}` : ''
    return `${indent}- ${row.context ? `[${row.todo.text}]` : row.todo.text}${progress}`
  })
}

function labelOf(group: Extract<Row<Todo>, { kind: 'group' }>['group']): string {
  switch (group.by) {
    case 'database':
      return group.databaseId
    case 'page':
      return group.page.title
    case 'workspace':
      return group.name
    case 'heading':
      return group.headings.join(' › ')
    case 'due':
      return group.bucket
    case 'person':
      return group.person?.name ?? 'nobody'
    case 'tag':
      return group.tag ?? 'none'
    case 'state':
      return group.state
  }
}

describe('arranging by page', () => {
  it('keeps document order, nests, counts and names headings once', () => {
    const todos = [
      aTodo({ id: 5, text: 'Last', position: 9, headingPath: ['Shop'] }),
      aTodo({ id: 1, text: 'First', position: 1 }),
      aTodo({ id: 3, text: 'Parent', position: 2, headingPath: ['Shop'] }),
      aTodo({ id: 7, text: 'Second child', position: 4, parentId: 3, headingPath: ['Shop'] }),
      aTodo({ id: 4, text: 'First child', position: 3, parentId: 3, headingPath: ['Shop'], checked: true }),
    ]
    expect(outline(arranged(todos))).toEqual([
      '# database-1 4',
      '## Page 1 4',
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
    const pages = outline(arranged(todos)).filter((line) => line.startsWith('## '))
    expect(pages).toEqual(['## Late 1', '## Early 1', '## Unknown 1'])
  })

  it('keeps an order that the caller froze', () => {
    const todos = [1, 2].map((id) =>
      aTodo({ id, page: aPage(id, { lastEditedTime: `2026-11-0${id}T00:00:00Z` }) }),
    )
    const frozen = new Map([
      [1, '2026-12-01T00:00:00Z'],
      [2, '2026-01-01T00:00:00Z'],
    ])
    const rows = arranged(todos, { editedTime: (page) => frozen.get(page.id) ?? null })
    expect(rows.filter(isItem).map(({ todo }) => todo.id)).toEqual([1, 2])
  })

  it('shows a task row as a to-do of its database, with the boxes of its page below it', () => {
    const page = aPage(1, { title: 'Write the newsletter' })
    const todos = [
      aTodo({ id: 2, page, text: 'Headline', headingPath: ['Checklist'] }),
      aTodo({ id: 1, page, kind: 'row', text: 'Write the newsletter' }),
    ]
    expect(outline(arranged(todos))).toEqual([
      '# database-1 2',
      '- Write the newsletter 0/1',
      '  (Checklist)',
      '  - Headline',
    ])
  })

  it('counts progress over all sub-to-dos, also those a filter hides, and brings parents as context', () => {
    const todos = [
      aTodo({ id: 1, checked: true }),
      aTodo({ id: 2, parentId: 1, checked: true }),
      aTodo({ id: 3, parentId: 1 }),
    ]
    expect(outline(arranged(todos, { matches: new Set([3]) }))).toEqual([
      '# database-1 1',
      '## Page 1 1',
      '- [To-do 1] 1/2',
      '  - To-do 3',
    ])
  })

  it('shows only the heading of what is folded, with its count', () => {
    const todos = [aTodo({ id: 1 }), aTodo({ id: 2, page: aPage(2) })]
    expect(outline(arranged(todos, { folded: new Set(['page:2']) }))).toEqual([
      '# database-1 2',
      '## Page 2 1',
      '## Page 1 1',
      '- To-do 1',
    ])
    expect(outline(arranged(todos, { folded: new Set(['database:database-1']) }))).toEqual(['# database-1 2'])
  })
})

describe('arranging by something else', () => {
  it('names the page above what stands on it where the group does not', () => {
    const todos = [
      aTodo({ id: 1, headingPath: ['Monday'] }),
      aTodo({ id: 2, headingPath: ['Monday'] }),
      aTodo({ id: 3, page: aPage(2), headingPath: ['Monday'] }),
    ]
    expect(outline(arranged(todos, by('database')))).toEqual([
      '# database-1 3',
      '(Page 2 › Monday)',
      '- To-do 3',
      '(Page 1 › Monday)',
      '- To-do 1',
      '- To-do 2',
    ])
    expect(outline(arranged(todos, by('heading')))).toEqual([
      '# Monday 3',
      '(Page 2)',
      '- To-do 3',
      '(Page 1)',
      '- To-do 1',
      '- To-do 2',
    ])
  })

  it('plans by days of the reader', () => {
    const due = (id: number, start: string) => aTodo({ id, text: start, due: { start, source: 'text' } })
    const todos = [
      aTodo({ id: 0, text: 'some day' }),
      due(1, '2026-12-24'),
      due(2, '2026-11-22'),
      due(3, '2026-11-21'),
      // Already tomorrow in Berlin.
      due(4, '2026-11-20T23:30:00Z'),
      due(5, '2026-11-20'),
      due(6, '2026-11-20T11:00:00Z'),
    ]
    expect(outline(arranged(todos, by('due', 'due')))).toEqual([
      '# overdue 1',
      '- 2026-11-20T11:00:00Z',
      '# today 1',
      '- 2026-11-20',
      '# tomorrow 2',
      '- 2026-11-20T23:30:00Z',
      '- 2026-11-21',
      '# week 1',
      '- 2026-11-22',
      '# later 1',
      '- 2026-12-24',
      '# none 1',
      '- some day',
    ])
  })

  it('lists a to-do of two people under both, and a sub-to-do of nobody with its parent', () => {
    const todos = [
      aTodo({ id: 1, text: 'Both', people: [BOB, ADA, BOB] }),
      aTodo({ id: 2, text: 'Step', parentId: 1 }),
      aTodo({ id: 3, text: 'Bob’s step', parentId: 1, people: [BOB] }),
      aTodo({ id: 4, text: 'Free' }),
    ]
    expect(outline(arranged(todos, by('person')))).toEqual([
      '# Ada 2',
      '- Both 0/2',
      '  - Step',
      '# Bob 3',
      '- Both 0/2',
      '  - Step',
      '  - Bob’s step',
      '# nobody 1',
      '- Free',
    ])
  })

  it('repeats a parent as context where it does not belong', () => {
    const todos = [
      aTodo({ id: 1, text: 'Prepare', tags: ['work'] }),
      aTodo({ id: 2, text: 'Buy cake', tags: ['shop'], parentId: 1 }),
    ]
    expect(outline(arranged(todos, by('tag')))).toEqual([
      '# shop 1',
      '- [Prepare] 0/1',
      '  - Buy cake',
      '# work 1',
      '- Prepare 0/1',
    ])
  })

  it('puts first what needs the person, and leaves a fresh tick where it was', () => {
    const todos = [
      aTodo({ id: 1, text: 'Done', checked: true }),
      aTodo({ id: 2, text: 'Just ticked', checked: true }),
      aTodo({ id: 3, text: 'Refused', write: { state: 'failed', code: 'NOTION_ACCESS_DENIED' } }),
    ]
    expect(outline(arranged(todos, { ...by('state'), lingering: new Set([2]) }))).toEqual([
      '# attention 1',
      '- Refused',
      '# open 0',
      '- Just ticked',
      '# done 0',
      '- Done',
    ])
  })
})

describe('whatever the tree looks like', () => {
  /** Item rows by the group they stand in. */
  function byGroup(rows: readonly Row<Todo>[]): Map<string, ItemRow<Todo>[]> {
    return Map.groupBy(rows.filter(isItem), ({ group }) => group)
  }

  it('shows every match, at most once in a group, and nothing else but what is above one', () => {
    fc.assert(
      fc.property(richTodos, anyView, ({ todos, matches }, view) => {
        const rows = arranged(todos, { view, matches })
        const shown = new Set<number>()
        for (const items of byGroup(rows).values()) {
          const ids = items.map(({ todo }) => todo.id)
          expect(new Set(ids).size).toBe(ids.length)
          items.forEach((item, index) => {
            if (!item.context) {
              expect(matches.has(item.todo.id)).toBe(true)
              shown.add(item.todo.id)
              return
            }
            const end = items.findIndex((other, at) => at > index && other.depth <= item.depth)
            const below = items.slice(index + 1, end === -1 ? undefined : end)
            expect(below.some(({ context }) => !context)).toBe(true)
          })
        }
        expect(shown).toEqual(matches)
        expect(new Set(rows.map(({ key }) => key)).size, 'keys are unique').toBe(rows.length)
      }),
    )
  })

  it('makes of what it remembers what it would make anew', () => {
    const wanted = {
      all: () => true,
      open: ({ checked }: Todo) => !checked,
      even: ({ id }: Todo) => id % 2 === 0,
    }
    const change = fc.record({
      asked: fc.constantFrom<keyof typeof wanted>('all', 'open', 'even'),
      ticked: fc.nat(29),
      moved: fc.boolean(),
      view: anyView,
    })
    fc.assert(
      fc.property(richTodos, fc.array(change, { minLength: 2, maxLength: 6 }), ({ todos }, changes) => {
        const memory = new ArrangeMemory<Todo>()
        let shown: Todo[] = todos
        let ground = groundOf(shown)
        let view: ArrangeOptions['view'] = by('page').view
        for (const { asked, ticked, moved, view: another } of changes) {
          if (moved) view = another
          shown = shown.map((todo) => {
            if (todo.id !== ticked) return todo
            return { ...todo, checked: !todo.checked, parentId: moved ? null : todo.parentId }
          })
          ground = groundOf(shown, undefined, ground)
          const matches = new Set(shown.filter(wanted[asked]).map(({ id }) => id))
          const options = { view, matches, now: NOW, timeZone: 'Europe/Berlin' }
          expect(arrange(ground, options, memory)).toEqual(arrange(groundOf(shown), options))
        }
      }),
      { numRuns: 500 },
    )
  })

  it('keeps the rows of groups in which nothing has changed', () => {
    const todos = [aTodo({ id: 1 }), aTodo({ id: 2, page: aPage(2) })]
    const memory = new ArrangeMemory<Todo>()
    const options = { ...by('page'), matches: new Set([1, 2]), now: NOW, timeZone: 'Europe/Berlin' }
    const before = groundOf(todos)
    const rowOf = (rows: Row<Todo>[], id: number) => rows.find((row) => isItem(row) && row.todo.id === id)
    const first = arrange(before, options, memory)
    const ticked = todos.map((todo) => (todo.id === 1 ? { ...todo, checked: true } : todo))
    const second = arrange(groundOf(ticked, undefined, before), options, memory)
    expect(rowOf(second, 2)).toBe(rowOf(first, 2))
    expect(rowOf(second, 1)).toMatchObject({ todo: { checked: true } })
  })

  it('lists a match in several groups only by people or tags', () => {
    fc.assert(
      fc.property(richTodos, anyView, ({ todos, matches }, view) => {
        fc.pre(view.group !== 'person' && view.group !== 'tag')
        const rows = arranged(todos, { view, matches })
        const ids = rows.filter((row) => isItem(row) && !row.context).map(({ key }) => key.split('#')[1])
        expect(ids.length).toBe(matches.size)
      }),
    )
  })

  it('indents every to-do one step below its parent, which stands above it in the same group', () => {
    fc.assert(
      fc.property(richTodos, anyView, ({ todos, matches }, view) => {
        const parents = parentsOf(todos, new Map(todos.map((todo) => [todo.id, todo])))
        for (const items of byGroup(arranged(todos, { view, matches })).values()) {
          const path: number[] = []
          for (const { todo, depth } of items) {
            path.length = depth
            expect(path.at(-1)).toBe(parents.get(todo.id))
            path.push(todo.id)
          }
        }
      }),
    )
  })

  it('counts open matches, and numbers siblings from 1', () => {
    fc.assert(
      fc.property(richTodos, anyView, ({ todos, matches }, view) => {
        const rows = arranged(todos, { view, matches })
        const items = byGroup(rows)
        for (const row of rows) {
          if (row.kind === 'group' && row.group.by !== 'database')
            expect(row.open).toBe(
              items.get(row.key)?.filter(({ todo, context }) => !context && !todo.checked).length,
            )
          if (isItem(row)) {
            expect(row.place).toBeGreaterThan(0)
            expect(row.place).toBeLessThanOrEqual(row.siblings)
          }
        }
      }),
    )
  })

  it('folds a group without touching any other', () => {
    fc.assert(
      fc.property(richTodos, anyView, fc.nat(), ({ todos, matches }, view, pick) => {
        const rows = arranged(todos, { view, matches })
        const leaves = rows.filter(
          (row) => row.kind === 'group' && (row.level === 2 || view.group !== 'page'),
        )
        const leaf = leaves[pick % Math.max(leaves.length, 1)]
        fc.pre(leaf !== undefined)
        const folded = arranged(todos, { view, matches, folded: new Set([leaf?.key ?? '']) })
        const belongs = (row: Row<Todo>) =>
          row.kind === 'group'
            ? false
            : row.key.startsWith(`${leaf?.key}#`) || row.key.startsWith(`${leaf?.key}~`)
        expect(folded.map(({ key }) => key)).toEqual(
          rows.filter((row) => !belongs(row)).map(({ key }) => key),
        )
      }),
    )
  })

  /**
   * Circles are opened wherever they are met first; apart from them nothing may depend on arrival. So a parent is an
   * earlier one, a page is one row at most, and what a row stands below is a row: all else may lead back to its own page.
   */
  function withoutCircles(todos: readonly Todo[]): Todo[] {
    const sound = new Map<number, Todo>()
    const rowPages = new Set<number>()
    for (const todo of todos) {
      const isRow = todo.kind === 'row' && !rowPages.has(todo.page.id)
      if (isRow) rowPages.add(todo.page.id)
      const parent = todo.parentId === null ? undefined : sound.get(todo.parentId)
      const parentId = parent && (!isRow || parent.kind === 'row') ? parent.id : null
      sound.set(todo.id, { ...todo, kind: isRow ? 'row' : 'block', parentId })
    }
    return [...sound.values()]
  }

  it('does not depend on the order in which to-dos arrived', () => {
    fc.assert(
      fc.property(richTodos, anyView, ({ todos, matches }, view) => {
        const sound = withoutCircles(todos)
        const keys = (arrived: readonly Todo[]) => arranged(arrived, { view, matches }).map(({ key }) => key)
        expect(keys(sound.toReversed())).toEqual(keys(sound))
      }),
    )
  })
})
