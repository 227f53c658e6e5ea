import { describe, expect, it } from 'vitest'
import de from '../../../i18n/locales/de.json' with { type: 'json' }
import en from '../../../i18n/locales/en.json' with { type: 'json' }
import { ERROR_CODES } from '#shared/schemas/error'

/** Every message by its path, with what it interpolates and how many plural forms it has. */
function shapes(messages: object, path = ''): Map<string, { placeholders: string[]; forms: number }> {
  return new Map(
    Object.entries(messages).flatMap(([key, value]) => {
      if (typeof value === 'object') return [...shapes(value, `${path}${key}.`)]
      const text = String(value)
      const placeholders = [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted()
      return [[`${path}${key}`, { placeholders, forms: text.split(' | ').length }] as const]
    }),
  )
}

describe('locales', () => {
  it('have the same messages, interpolating the same things, in the same plural forms', () => {
    expect(Object.fromEntries(shapes(de))).toEqual(Object.fromEntries(shapes(en)))
  })

  it.each([...ERROR_CODES, 'OFFLINE'])('have a sentence and an advice for %s', (code) => {
    for (const messages of [en, de]) {
      expect(messages.errors).toHaveProperty(`${code}.sentence`, expect.stringMatching(/^\p{Lu}.*\.$/u))
      expect(messages.errors).toHaveProperty(`${code}.advice`, expect.stringMatching(/^\p{Lu}.*\.$/u))
    }
  })
})
