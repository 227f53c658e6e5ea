import { z } from '../zod'

/** So much of a to-do's text tells it from another. */
export const SEEN_TEXT_MAX_LENGTH = 200

/**
 * What a person saw of a to-do when they decided about it. Counted in characters as PostgreSQL counts them, and
 * without what it cannot keep: NUL, and halves of a character.
 */
export const SeenTextSchema = z.string().regex(new RegExp(`^[^\\0\\p{Cs}]{0,${SEEN_TEXT_MAX_LENGTH}}$`, 'u'))

/** Halves of a character; and what JSON spells with six bytes and nobody sees: controls but tab and line breaks. */
// eslint-disable-next-line no-control-regex
const UNSEEN = /[\0-\x08\x0b\x0c\x0e-\x1f\p{Cs}]/gu

/**
 * The beginning of a text, no character cut in half. A last word may be. Whatever the text is, the schema takes what
 * comes out, and in a request it is at most four bytes a character.
 */
export function clipSeenText(text: string): string {
  const seen = text.replace(UNSEEN, ' ')
  return seen.length <= SEEN_TEXT_MAX_LENGTH ? seen : [...seen].slice(0, SEEN_TEXT_MAX_LENGTH).join('')
}
