import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockUrl, NotionIdSchema, normaliseNotionId } from '#shared/todo/notion-id'

const uuid = fc.uuid()

describe('normaliseNotionId', () => {
  it('gives every spelling of an id the same form', () => {
    fc.assert(
      fc.property(uuid, (id) => {
        const bare = id.replaceAll('-', '')
        for (const spelling of [id, bare, id.toUpperCase(), bare.toUpperCase()]) {
          expect(normaliseNotionId(spelling)).toBe(id)
        }
      }),
    )
  })

  it.each([
    '',
    'x',
    '0123456789abcdef0123456789abcde',
    '0123456789abcdef0123456789abcdef0',
    '0123456789abcdef0123456789abcdeg',
    '0123456789abcdef-0123456789abcdef',
    ' 0123456789abcdef0123456789abcdef',
    '0123456789abcdef0123456789abcdef\n',
    "0123456789abcdef0123456789abcde'",
  ])('refuses %j', (value) => {
    expect(normaliseNotionId(value)).toBeNull()
  })
})

describe('NotionIdSchema', () => {
  it('parses to the one spelling or fails', () => {
    expect(NotionIdSchema.parse('0123456789ABCDEF0123456789ABCDEF')).toBe(
      '01234567-89ab-cdef-0123-456789abcdef',
    )
    expect(NotionIdSchema.safeParse('nonsense').success).toBe(false)
    expect(NotionIdSchema.safeParse(7).success).toBe(false)
  })
})

describe('blockUrl', () => {
  it('points at the block on its page, whatever the page URL carried', () => {
    const block = '01234567-89ab-cdef-0123-456789abcdef'
    const expected = 'https://www.notion.so/Page-1#0123456789abcdef0123456789abcdef'
    expect(blockUrl('https://www.notion.so/Page-1', block)).toBe(expected)
    expect(blockUrl('https://www.notion.so/Page-1#elsewhere', block)).toBe(expected)
  })
})
