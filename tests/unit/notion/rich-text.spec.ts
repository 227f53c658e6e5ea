import { describe, expect, it } from 'vitest'
import { RichTextSpanSchema } from '#shared/todo/rich-text'
import { RichTextSchema, tagsInRichText } from '#server/notion/rich-text'
import { id, text } from './fake-api'

const mention = (value: object, plain = '@x') => ({ ...text(plain), type: 'mention', mention: value })

describe('spans', () => {
  it.each([
    [text('a'), { text: 'a' }],
    [
      text('a', { annotations: { bold: true, italic: true, code: false, color: 'red' } }),
      { text: 'a', bold: true, italic: true },
    ],
    [text('a', { href: 'https://x.test/' }), { text: 'a', href: 'https://x.test/' }],
    [text('a', { href: 'javascript:alert(1)' }), { text: 'a' }],
    [
      { type: 'equation', equation: { expression: 'e=mc^2' }, plain_text: 'e=mc^2' },
      { text: 'e=mc^2', equation: true },
    ],
    [{ text: { content: 'bare' } }, { text: 'bare' }],
    [
      mention({ type: 'user', user: { object: 'user', id: id(1) } }, '@Ada'),
      { text: '@Ada', mention: { type: 'user', id: id(1), name: 'Ada' } },
    ],
    [
      mention({ type: 'date', date: { start: '2026-01-01', end: null, time_zone: 'Europe/Berlin' } }),
      { text: '@x', mention: { type: 'date', start: '2026-01-01', timeZone: 'Europe/Berlin' } },
    ],
    [mention({ type: 'page', page: { id: id(2) } }), { text: '@x', mention: { type: 'page', id: id(2) } }],
    [
      mention({ type: 'database', database: { id: id(2) } }),
      { text: '@x', mention: { type: 'database', id: id(2) } },
    ],
    [mention({ type: 'custom_emoji', custom_emoji: {} }), { text: '@x', mention: { type: 'other' } }],
    [mention({ type: 'hologram' }), { text: '@x', mention: { type: 'other' } }],
    [mention({ type: 'user' }), { text: '@x', mention: { type: 'other' } }],
  ])('%j', (item, span) => {
    const [parsed] = RichTextSchema.parse([item])
    expect(parsed).toEqual(span)
    expect(RichTextSpanSchema.parse(parsed)).toEqual(span)
  })
})

describe('tags', () => {
  it.each([
    ['#home call', ['home']],
    ['call (#Büro, #home/garden)', ['Büro', 'home/garden']],
    ['#Home #home', ['Home']],
    ['issue #12 and C# and a#b', []],
    ['#2026-plan', ['2026-plan']],
    ['https://x.test/#anchor', []],
  ])('%j', (content, tags) => {
    expect(tagsInRichText([{ text: content }])).toEqual(tags)
  })

  it('are not looked for in code and links', () => {
    expect(
      tagsInRichText([
        { text: '#define', code: true },
        { text: ' #frag', href: 'https://x.test/' },
      ]),
    ).toEqual([])
  })
})
