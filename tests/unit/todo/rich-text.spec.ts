import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RichTextSpanSchema, safeHref, toPlainText } from '#shared/todo/rich-text'

describe('toPlainText', () => {
  it('joins every segment', () => {
    expect(toPlainText([{ text: 'Ask ' }, { text: 'Ada', bold: true }, { text: ' 🦊' }])).toBe('Ask Ada 🦊')
  })
})

describe('safeHref', () => {
  it.each([
    ['https://example.org/a?b#c', 'https://example.org/a?b#c'],
    ['http://example.org', 'http://example.org/'],
    ['mailto:ada@example.org', 'mailto:ada@example.org'],
    ['/0123456789abcdef#block', 'https://www.notion.so/0123456789abcdef#block'],
  ])('keeps %s', (url, href) => {
    expect(safeHref(url)).toBe(href)
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\nscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'example.org',
    'http://',
    '',
  ])('refuses %j', (url) => {
    expect(safeHref(url)).toBeUndefined()
  })

  it('answers only http, https and mailto, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((rest) => `/${rest}`),
        ),
        (url) => {
          const href = safeHref(url)
          if (href === undefined) return
          expect(href).toMatch(/^(https?|mailto):/)
          if (url.startsWith('/')) expect(new URL(href).origin).toBe('https://www.notion.so')
        },
      ),
    )
  })
})

describe('RichTextSpanSchema', () => {
  it('refuses what it does not know', () => {
    expect(RichTextSpanSchema.safeParse({ text: 'x', html: '<b>' }).success).toBe(false)
    expect(RichTextSpanSchema.safeParse({ text: 'x', mention: { type: 'other' } }).success).toBe(true)
  })
})
