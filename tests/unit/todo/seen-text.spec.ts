import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHANGES_MAX, CHANGES_MAX_BYTES, ChangesBodySchema } from '#shared/schemas/todo'
import { clipSeenText, SEEN_TEXT_MAX_LENGTH, SeenTextSchema } from '#shared/todo/seen-text'

/** Any UTF-16 at all: controls, halves of characters, and what takes most bytes. */
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(0, 0x1f, 0x22, 0xd83c, 0xdf89)), {
    maxLength: 500,
  })
  .map((units) => String.fromCharCode(...units))

describe('what a person saw', () => {
  it('is taken by the server, whatever stands in Notion', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const seen = clipSeenText(text)
        expect(SeenTextSchema.safeParse(seen).success).toBe(true)
        const bytes = Buffer.byteLength(JSON.stringify(seen)) - 2
        expect(bytes).toBeLessThanOrEqual(SEEN_TEXT_MAX_LENGTH * 4)
      }),
    )
  })

  it('keeps lines and tabs as they are', () => {
    expect(clipSeenText('Buy\n\tmilk')).toBe('Buy\n\tmilk')
  })

  it.each(['🎉', '"', '\n', '\u0001', '語'])('fits into one request five hundred times: %j', (character) => {
    const text = clipSeenText(character.repeat(300))
    const changes = Array.from({ length: CHANGES_MAX }, () => ({ id: randomUUID(), checked: false, text }))
    const body = { clientId: randomUUID(), changes, source: 'offline' as const }
    expect(ChangesBodySchema.safeParse(body).success).toBe(true)
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThanOrEqual(CHANGES_MAX_BYTES)
  })
})
