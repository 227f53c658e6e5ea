import { describe, expect, it } from 'vitest'
import { getIcon, getProperties, getTitle } from '#server/notion/data-source'
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
