import { z } from '../zod'

/** So much of a to-do's text tells it from another. */
export const SEEN_TEXT_MAX_LENGTH = 200

/**
 * What a person saw of a to-do when they decided about it. Counted in characters as PostgreSQL counts them, and
 * without what it cannot keep: NUL, and halves of a character.
 */
export const SeenTextSchema = z.string().regex(new RegExp(`^[^\\0\\p{Cs}]{0,${SEEN_TEXT_MAX_LENGTH}}$`, 'u'))

/** The beginning of a text, no character cut in half. A last word may be. */
export function clipSeenText(text: string): string {
  return text.length <= SEEN_TEXT_MAX_LENGTH ? text : [...text].slice(0, SEEN_TEXT_MAX_LENGTH).join('')
}
