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

/** Every message that says something else for what the product calls a to-do, or a tag. */
function strayWords(messages: object, stray: RegExp): string[] {
  return Object.values(messages).flatMap((value) => {
    if (typeof value === 'object') return strayWords(value, stray)
    return stray.test(String(value)) ? [String(value)] : []
  })
}

describe('locales', () => {
  it('have the same messages, interpolating the same things, in the same plural forms', () => {
    expect(Object.fromEntries(shapes(de))).toEqual(Object.fromEntries(shapes(en)))
  })

  it('use one word for each thing', () => {
    // Databases of tasks are Notion's, and Obsidian Tasks is a name.
    expect(strayWords(de, /Aufgabe(?!n-Datenbank)|Schlagw/u)).toEqual([])
    expect(strayWords(en, /(?<!Obsidian )\btasks?\b(?! (?:database|row))/iu)).toEqual([])
  })

  it('quote the switch that keeps to-dos on the device as it is written there', () => {
    for (const { device, privacy } of [en, de]) expect(privacy.browserText).toContain(device.keep)
  })

  it.each([...ERROR_CODES, 'OFFLINE'])('have a sentence and an advice for %s', (code) => {
    for (const messages of [en, de]) {
      expect(messages.errors).toHaveProperty(`${code}.sentence`, expect.stringMatching(/^\p{Lu}.*\.$/u))
      expect(messages.errors).toHaveProperty(`${code}.advice`, expect.stringMatching(/^\p{Lu}.*\.$/u))
    }
  })
})
