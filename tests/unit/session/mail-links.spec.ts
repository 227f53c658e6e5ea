import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { confirmUrl, recoveryUrl } from '#server/session/mail-links'

const BASE_URL = 'https://roundup.test'

describe("a mail's link", () => {
  it('leads to our confirm page, and on to where the person was going', () => {
    expect(confirmUrl(BASE_URL, undefined)).toBe('https://roundup.test/confirm')
    expect(confirmUrl(BASE_URL, '/')).toBe('https://roundup.test/confirm')
    expect(confirmUrl(BASE_URL, '/lists/7?open=1#a')).toBe(
      'https://roundup.test/confirm?next=%2Flists%2F7%3Fopen%3D1%23a',
    )
  })

  it('leads to a new password after a recovery', () => {
    expect(recoveryUrl(BASE_URL)).toBe('https://roundup.test/confirm?next=%2Freset-password')
  })

  it.each([
    'https://evil.test',
    '//evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/.//evil.test',
    '/x/..//evil.test',
    'javascript:alert(1)',
    '/\t/evil.test',
    '/\n/evil.test',
    ' //evil.test',
    'lists/7',
    '',
  ])('never leads a person elsewhere: %j', (next) => {
    expect(confirmUrl(BASE_URL, next)).toBe('https://roundup.test/confirm')
  })

  it('never leads elsewhere, whatever the link carried', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.webUrl(),
      fc
        .array(fc.constantFrom('/', '\\', '.', '..', '%2f', '%5c', '@', ':', '?', '#', '\t', 'evil.test'))
        .map((a) => a.join('')),
    )
    fc.assert(
      fc.property(hostile, (next) => {
        const link = new URL(confirmUrl(BASE_URL, next))
        expect(link.origin).toBe(BASE_URL)
        expect(new URL(link.searchParams.get('next') ?? '/', BASE_URL).origin).toBe(BASE_URL)
      }),
      { numRuns: 2_000 },
    )
  })
})
