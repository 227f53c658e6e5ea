import { describe, expect, it } from 'vitest'
import { choiceOf, chosenCounting, doneCandidates, suggestCounting } from '#server/notion/counting'
import type { DataSourceProperty } from '#server/notion/reading'

const checkbox = (name: string): DataSourceProperty => ({ id: `id-${name}`, name, type: 'checkbox' })
const status = (groups: [string, string[]][]): DataSourceProperty => ({
  id: 'st',
  name: 'Status',
  type: 'status',
  options: groups.flatMap(([, ids]) => ids).map((id) => ({ id, name: `Option ${id}`, color: 'gray' })),
  groups: groups.map(([name, optionIds]) => ({ id: name, name, optionIds })),
})

describe('suggestCounting', () => {
  it('prefers the status, whose groups say what is done', () => {
    const groups: [string, string[]][] = [
      ['To-do', ['open']],
      ['In progress', ['doing']],
      ['Complete', ['done', 'dropped']],
    ]
    expect(suggestCounting([checkbox('Done'), status(groups)])).toEqual({
      boxes: true,
      rows: true,
      doneProperty: {
        id: 'st',
        type: 'status',
        done: 'done',
        notDone: 'open',
        completeOptionIds: ['done', 'dropped'],
      },
    })
    // Named groups decide over their place.
    expect(suggestCounting([status([...groups].reverse())]).doneProperty).toMatchObject({ done: 'done' })
  })

  it('takes groups in a language it does not know by their place', () => {
    const groups: [string, string[]][] = [
      ['Untuk dilakukan', ['a']],
      ['Sedang', ['b']],
      ['Selesai', ['c']],
    ]
    expect(suggestCounting([status(groups)]).doneProperty).toMatchObject({ done: 'c', notDone: 'a' })
  })

  it('does without a status that cannot say done, or not done', () => {
    expect(
      suggestCounting([
        status([
          ['To-do', ['a']],
          ['Complete', []],
        ]),
      ]).rows,
    ).toBe(false)
    expect(
      suggestCounting([
        status([
          ['To-do', []],
          ['Complete', ['c']],
        ]),
      ]).rows,
    ).toBe(false)
    expect(suggestCounting([{ id: 'st', name: 'Status', type: 'status' }]).rows).toBe(false)
    const empty = status([
      ['To-do', []],
      ['In progress', ['b']],
      ['Complete', ['c']],
    ])
    expect(suggestCounting([empty]).doneProperty).toMatchObject({ notDone: 'b' })
  })

  it.each([
    'Done',
    'done?',
    'Complete',
    'Completed',
    'Erledigt',
    'fertig',
    'Checked',
    '✓',
    '✅ ok',
    'Is done',
  ])('finds the box %j among others', (name) => {
    expect(suggestCounting([checkbox('Urgent'), checkbox(name), checkbox('Billable')]).doneProperty).toEqual({
      id: `id-${name}`,
      type: 'checkbox',
      done: true,
      notDone: false,
    })
  })

  it('takes the only box, and none of several it cannot tell apart', () => {
    expect(suggestCounting([checkbox('Paid')]).rows).toBe(true)
    expect(suggestCounting([checkbox('Paid'), checkbox('Abandoned')])).toEqual({
      boxes: true,
      rows: false,
      doneProperty: null,
    })
  })
})

describe('chosenCounting', () => {
  const STATUS = status([
    ['To-do', ['open', 'waiting']],
    ['In progress', ['doing']],
    ['Complete', ['done', 'dropped']],
  ])
  const properties = [checkbox('Paid'), STATUS, { id: 'title', name: 'Name', type: 'title' }]
  const byStatus = (done: string, notDone: string) =>
    ({ boxes: false, rows: true, done: { type: 'status', id: 'st', done, notDone } }) as const

  it('takes the box or the values that were chosen', () => {
    expect(
      chosenCounting(properties, { boxes: true, rows: true, done: { type: 'checkbox', id: 'id-Paid' } }),
    ).toEqual({
      boxes: true,
      rows: true,
      doneProperty: { id: 'id-Paid', type: 'checkbox', done: true, notDone: false },
    })
    expect(chosenCounting(properties, byStatus('dropped', 'waiting'))).toEqual({
      boxes: false,
      rows: true,
      doneProperty: {
        id: 'st',
        type: 'status',
        done: 'dropped',
        notDone: 'waiting',
        completeOptionIds: ['done', 'dropped'],
      },
    })
  })

  it('counts a chosen value as done wherever Notion files it, and the other one as not done', () => {
    const counting = chosenCounting(properties, byStatus('waiting', 'dropped'))
    expect(counting?.doneProperty).toMatchObject({ completeOptionIds: ['done', 'waiting'] })
  })

  it.each([
    ['no property', { boxes: true, rows: true, done: null }],
    ['a property that is gone', { boxes: true, rows: true, done: { type: 'checkbox', id: 'gone' } }],
    ['a property of another type', { boxes: true, rows: true, done: { type: 'checkbox', id: 'st' } }],
    ['the title', { boxes: true, rows: true, done: { type: 'checkbox', id: 'title' } }],
    ['a value that is gone', byStatus('gone', 'open')],
    ['another value that is gone', byStatus('done', 'gone')],
    ['one value for both', byStatus('done', 'done')],
  ] as const)('refuses rows by %s', (_, choice) => {
    expect(chosenCounting(properties, choice)).toBeNull()
  })

  it('needs no property where rows do not count', () => {
    expect(chosenCounting([], { boxes: true, rows: false, done: { type: 'checkbox', id: 'x' } })).toEqual({
      boxes: true,
      rows: false,
      doneProperty: null,
    })
  })

  it('is what it was when it is chosen again from what was stored', () => {
    const counting = chosenCounting(properties, byStatus('dropped', 'waiting'))
    expect(counting && chosenCounting(properties, choiceOf(counting))).toEqual(counting)
    const suggested = suggestCounting(properties)
    expect(chosenCounting(properties, choiceOf(suggested))).toEqual(suggested)
  })
})

describe('doneCandidates', () => {
  it('are statuses with at least two values, then boxes, each by name', () => {
    const poor = { ...status([['To-do', ['open']]]), id: 'poor' }
    const properties = [
      { id: 'title', name: 'Name', type: 'title' },
      checkbox('Paid'),
      checkbox('Checked'),
      poor,
      status([['All', ['a', 'b']]]),
    ]
    expect(doneCandidates(properties)).toEqual([
      {
        type: 'status',
        id: 'st',
        name: 'Status',
        options: [
          { id: 'a', name: 'Option a' },
          { id: 'b', name: 'Option b' },
        ],
      },
      { type: 'checkbox', id: 'id-Checked', name: 'Checked' },
      { type: 'checkbox', id: 'id-Paid', name: 'Paid' },
    ])
  })
})
