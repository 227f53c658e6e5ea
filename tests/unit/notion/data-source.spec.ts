import { describe, expect, it } from 'vitest'
import { getIcon, getProperties, getTitle, suggestCounting } from '#server/notion/data-source'
import type { DataSourceProperty } from '#server/notion/reading'
import { text } from './fake-api'

describe('getTitle', () => {
  it('joins all segments', () => {
    expect(getTitle({ title: [text('My '), text('Tasks', { href: 'https://x.test' })] })).toBe('My Tasks')
  })
  it('reads a title that has only its content', () => {
    expect(getTitle({ title: [{ text: { content: 'My Tasks' } }] })).toBe('My Tasks')
  })
  it.each([{}, { title: [] }, { title: null }, null, 'x', { title: [null] }])(
    'is empty for %j',
    (metadata) => {
      expect(getTitle(metadata)).toBe('')
    },
  )
})

describe('getIcon', () => {
  it.each([
    [
      { type: 'emoji', emoji: '📝' },
      { type: 'emoji', emoji: '📝' },
    ],
    [
      { type: 'external', external: { url: 'https://x.test/i.png' } },
      { type: 'image', url: 'https://x.test/i.png' },
    ],
    [
      { type: 'file', file: { url: 'https://s3.test/i', expiry_time: '' } },
      { type: 'image', url: 'https://s3.test/i' },
    ],
    [
      { type: 'custom_emoji', custom_emoji: { id: '1', name: 'bufo', url: 'https://x.test/b.png' } },
      { type: 'image', url: 'https://x.test/b.png' },
    ],
    [
      { type: 'icon', icon: { name: 'pizza', color: 'blue' } },
      { type: 'named', name: 'pizza', color: 'blue' },
    ],
    [{ type: 'external', external: { url: 'javascript:alert(1)' } }, null],
    [{ type: 'external', external: { url: 'mailto:a@b.test' } }, null],
    [{ type: 'hologram', hologram: {} }, null],
    [null, null],
    [undefined, null],
  ])('%j', (icon, expected) => {
    expect(getIcon({ icon })).toEqual(expected)
  })
})

describe('getProperties', () => {
  it('maps names to properties, with options and groups', () => {
    const properties = getProperties({
      properties: {
        Name: { id: 'title', type: 'title', title: {} },
        Status: {
          id: 'st',
          type: 'status',
          status: {
            options: [{ id: 'o1', name: 'Open', color: 'red', description: null }],
            groups: [{ id: 'g1', name: 'To-do', color: 'gray', option_ids: ['o1'] }],
          },
        },
        Broken: { type: 7 },
      },
    })
    expect([...properties.keys()]).toEqual(['Name', 'Status'])
    expect(properties.get('Name')).toEqual({ id: 'title', name: 'Name', type: 'title' })
    expect(properties.get('Status')).toEqual({
      id: 'st',
      name: 'Status',
      type: 'status',
      options: [{ id: 'o1', name: 'Open', color: 'red' }],
      groups: [{ id: 'g1', name: 'To-do', optionIds: ['o1'] }],
    })
  })
  it.each([null, {}, { properties: [] }])('is empty for %j', (metadata) => {
    expect(getProperties(metadata).size).toBe(0)
  })
})

describe('suggestCounting', () => {
  const checkbox = (name: string): DataSourceProperty => ({ id: `id-${name}`, name, type: 'checkbox' })
  const status = (groups: [string, string[]][]): DataSourceProperty => ({
    id: 'st',
    name: 'Status',
    type: 'status',
    options: groups.flatMap(([, ids]) => ids).map((id) => ({ id, name: `Option ${id}`, color: 'gray' })),
    groups: groups.map(([name, optionIds]) => ({ id: name, name, optionIds })),
  })

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
