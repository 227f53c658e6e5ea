import { clipSeenText, SEEN_TEXT_MAX_LENGTH } from '#shared/todo/seen-text'
import type { ClaimedTick } from '#server/db/todo-changes'

/** What to do about a change, now that it is known what Notion has. */
export type Verdict =
  | 'write'
  /** It is as the person wants it already. */
  | 'done'
  /** The person decided about something else than what is there: they see both and choose. */
  | 'conflict'

type Wish = Pick<ClaimedTick, 'checked' | 'text' | 'baseChecked' | 'careful' | 'insists'>

/** Two texts that share this much of their words are one to-do, reworded. */
const SHARED_WORDS = 0.5

/**
 * Compares what the person decided about with what is there (ADR 0010). Values are compared, never clocks:
 * Notion's edit times move without a change and are rounded to the minute.
 */
export function judge(wish: Wish, seen: { checked: boolean; text: string }): Verdict {
  if (seen.checked === wish.checked) return 'done'
  if (wish.insists) return 'write'
  if (!isSameTodo(wish.text, seen.text)) return 'conflict'
  // Somebody has ticked or unticked it since the person last looked, and not as the person wants it.
  const contradicts = wish.baseChecked !== null && wish.baseChecked !== seen.checked
  return wish.careful && contradicts ? 'conflict' : 'write'
}

/**
 * Is this still the to-do the person saw? A corrected spelling or a few words more do not make another of it;
 * a text that has half of its words or less in common does. Of a long text the person's side may be the beginning:
 * then the other is cut at the same place, so that a word cut in half meets the same half.
 */
export function isSameTodo(seenByPerson: string, now: string): boolean {
  const isClipped = [...seenByPerson].length === SEEN_TEXT_MAX_LENGTH
  const [before, after] = [wordsOf(seenByPerson), wordsOf(isClipped ? clipSeenText(now) : now)]
  if (before.length === 0 || after.length === 0) return before.length === after.length
  if (before.join(' ') === after.join(' ')) return true
  const left = [...after]
  let shared = 0
  for (const word of before) {
    const at = left.findIndex((other) => isSameWord(word, other))
    if (at === -1) continue
    left.splice(at, 1)
    shared += 1
  }
  return shared / Math.min(before.length, after.length) > SHARED_WORDS
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

/** The same but for a slip of the pen: one letter in five at most. Short words and numbers have to be the same. */
function isSameWord(one: string, other: string): boolean {
  if (one === other) return true
  const [shortest, longest] = [Math.min(one.length, other.length), Math.max(one.length, other.length)]
  if (shortest < 4 || /\p{N}/u.test(one + other)) return false
  let start = 0
  while (start < shortest && one[start] === other[start]) start += 1
  let end = 0
  while (end < shortest - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1
  return longest - start - end <= Math.max(1, Math.floor(longest / 5))
}
