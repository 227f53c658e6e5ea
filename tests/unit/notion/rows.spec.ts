import { describe, expect, it } from 'vitest'
import type { DoneProperty } from '#server/notion/reading'
import { pageSummary, rowTitle, rowToTodo } from '#server/notion/rows'
import { priorityOf } from '#shared/todo/priority'
import { id, text } from './fake-api'

function row(properties: Record<string, unknown>, extra: Record<string, unknown> = {}) {
  return {
    object: 'page',
    id: id(1),
    url: 'https://www.notion.so/row',
    created_time: '2026-11-01T10:00:00.000Z',
    last_edited_time: '2026-11-02T10:00:00.000Z',
    in_trash: false,
    icon: null,
    parent: { type: 'data_source_id', data_source_id: id(2), database_id: id(3) },
    properties: {
      Aufgabe: { id: 'title', type: 'title', title: [text('Buy '), text('milk')] },
      ...properties,
    },
    ...extra,
  }
}
const box: DoneProperty = { id: 'a%3Ab', type: 'checkbox', done: true, notDone: false }
const status: DoneProperty = {
  id: 'st',
  type: 'status',
  done: 'done',
  notDone: 'open',
  completeOptionIds: ['done', 'dropped'],
}
const done = { id: 'a%3Ab', type: 'checkbox', checkbox: true }

describe('rowToTodo', () => {
  it('takes its text from the title, whatever that is called, and its state from the box', () => {
    expect(rowToTodo(row({ Done: done }), box)).toEqual({
      notionId: id(1),
      text: 'Buy milk',
      richText: [{ text: 'Buy ' }, { text: 'milk' }],
      checked: true,
      due: null,
      people: [],
      tags: [],
      lastEditedTime: '2026-11-02T10:00:00.000Z',
    })
  })

  it('knows the property however its id is encoded', () => {
    expect(rowToTodo(row({ Done: { ...done, id: 'a:b' } }), box)?.checked).toBe(true)
  })

  it.each([
    [{ id: 'done', name: 'Fertig' }, true],
    [{ id: 'dropped', name: 'Verworfen' }, true],
    [{ id: 'open', name: 'Done' }, false],
    [null, false],
  ])('a status %j is done: %s', (value, checked) => {
    expect(rowToTodo(row({ Status: { id: 'st', type: 'status', status: value } }), status)?.checked).toBe(
      checked,
    )
  })

  it('is no to-do any more without the property, or when its type changed', () => {
    expect(rowToTodo(row({}), box)).toBeNull()
    expect(rowToTodo(row({ Done: { id: 'a%3Ab', type: 'number', number: 1 } }), box)).toBeNull()
  })

  it('prefers a date named like a due date, then any date, then one in the title', () => {
    const date = (start: string | null) => ({
      id: 'd',
      type: 'date',
      date: start && { start, end: null, time_zone: null },
    })
    const due = (properties: Record<string, unknown>) =>
      rowToTodo(row({ Done: done, ...properties }), box)?.due
    const title = { id: 'title', type: 'title', title: [text('Pay 2026-03-03')] }
    expect(due({ Started: date('2026-01-01'), 'Fällig am': date('2026-02-02') })).toEqual({
      start: '2026-02-02',
      source: 'property',
    })
    expect(due({ Started: date('2026-01-01'), Deadline: date(null) })?.start).toBe('2026-01-01')
    expect(due({ Due: date(null), Aufgabe: title })).toEqual({ start: '2026-03-03', source: 'text' })
  })

  it('collects people and tags from columns and text, each once', () => {
    const ada = { object: 'user', id: id(8), name: 'Ada' }
    const mention = { ...text('@Ada'), type: 'mention', mention: { type: 'user', user: ada } }
    const todo = rowToTodo(
      row({
        Done: done,
        Aufgabe: { id: 'title', type: 'title', title: [text('#home '), mention] },
        Owner: { id: 'p', type: 'people', people: [ada, { object: 'user', id: id(9) }] },
        Tags: { id: 't', type: 'multi_select', multi_select: [{ id: '1', name: 'home', color: 'red' }] },
        Kategorie: { id: 'k', type: 'select', select: { id: '2', name: 'Haus', color: 'red' } },
        Priority: { id: 'x', type: 'select', select: { id: '3', name: 'High', color: 'red' } },
      }),
      box,
    )
    expect(todo?.people).toEqual([
      { id: id(8), name: 'Ada' },
      { id: id(9), name: '' },
    ])
    expect(todo?.tags).toEqual(['home', 'Haus', 'High'])
  })

  it.each([
    ['Priorität', 'select', 'Hoch', 'Hoch', 'high'],
    ['Prio', 'status', '🔼 Medium', '🔼 Medium', 'medium'],
    ['Priority', 'select', '1', 'P1', 'high'],
    ['優先度', 'select', '高', '高', 'none'],
    ['Size', 'select', 'High', undefined, 'none'],
  ] as const)('takes the priority of a row: %s (%s) %s', (name, type, value, tag, priority) => {
    const title = { id: 'title', type: 'title', title: [text('Call Bob')] }
    const chosen = { id: 'x', type, [type]: { id: '3', name: value, color: 'red' } }
    const todo = rowToTodo(row({ Done: done, Title: title, [name]: chosen }), box)
    expect(todo?.tags).toEqual(tag === undefined ? [] : [tag])
    expect(todo && priorityOf(todo)).toBe(priority)
  })

  it('takes none from a priority that is not filled in', () => {
    const empty = { id: 'x', type: 'select', select: null }
    expect(rowToTodo(row({ Done: done, Priority: empty }), box)?.tags).toEqual([])
  })

  it('refuses an object that is not a whole page', () => {
    expect(() => rowToTodo({ object: 'page', id: id(1) }, box)).toThrow(
      expect.objectContaining({ kind: 'invalid_reply' }),
    )
  })
})

describe('pageSummary', () => {
  it('says what the page is', () => {
    expect(pageSummary(row({}, { icon: { type: 'emoji', emoji: '🥛' } }))).toEqual({
      notionId: id(1),
      title: 'Buy milk',
      icon: { type: 'emoji', emoji: '🥛' },
      url: 'https://www.notion.so/row',
      lastEditedTime: '2026-11-02T10:00:00.000Z',
      createdTime: '2026-11-01T10:00:00.000Z',
      inTrash: false,
      parent: { type: 'data_source', id: id(2) },
    })
  })

  it.each([
    [{ type: 'workspace', workspace: true }, { type: 'workspace' }],
    [
      { type: 'page_id', page_id: id(5) },
      { type: 'page', id: id(5) },
    ],
    [
      { type: 'block_id', block_id: id(5) },
      { type: 'block', id: id(5) },
    ],
    [
      { type: 'agent_id', agent_id: id(5) },
      { type: 'other', id: id(5) },
    ],
    [undefined, { type: 'other', id: '' }],
  ])('parent %j', (parent, expected) => {
    expect(pageSummary(row({}, { parent })).parent).toEqual(expected)
  })

  it('an untitled page has an empty title', () => {
    expect(rowTitle(row({ Aufgabe: { id: 'title', type: 'title', title: [] } }))).toBe('')
    expect(rowTitle({ ...row({}), properties: {} })).toBe('')
  })
})
