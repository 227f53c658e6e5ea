import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeLocalPath } from '#shared/navigation/safe-local-path'

const ORIGIN = 'https://roundup.example'

describe('safeLocalPath', () => {
  it.each(['/', '/lists/7', '/lists/7?q=a%20b#c', '/a/../b', '/%2F%2Fevil.example'])(
    'lets %s through',
    (path) => {
      const safe = safeLocalPath(path, '/fallback')
      expect(safe).not.toBe('/fallback')
      expect(new URL(safe, ORIGIN).href).toBe(new URL(path, ORIGIN).href)
    },
  )

  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    ' //evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    'lists/7',
    '',
    '/\u0000',
    '/\u0085/evil.example',
    `/${'a'.repeat(2_000)}`,
    undefined,
    null,
    7,
    ['/lists/7'],
  ])('refuses %j', (value) => {
    expect(safeLocalPath(value, '/fallback')).toBe('/fallback')
  })

  it('never leads to another origin, whatever is written into the link', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '/',
        '\\',
        '.',
        '@',
        ':',
        '?',
        '#',
        '%',
        '2',
        'F',
        'a',
        '\t',
        '\n',
        ' ',
        '\u0000',
        'é',
      ),
      maxLength: 24,
    })
    fc.assert(
      fc.property(fc.oneof(nasty, fc.webUrl(), fc.string()), (value) => {
        const safe = safeLocalPath(value)
        expect(new URL(safe, ORIGIN).origin).toBe(ORIGIN)
        expect(safe.startsWith('/') && !safe.startsWith('//')).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is settled after one pass: a path that was made safe stays what it is', () => {
    fc.assert(
      fc.property(fc.webPath(), (path) => {
        const once = safeLocalPath(path)
        expect(safeLocalPath(once)).toBe(once)
      }),
    )
  })
})
