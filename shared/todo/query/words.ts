import type { ClauseType } from './ast'

/** The criteria that begin with a word and a colon. */
export const FIELDS = [
  'is',
  'in',
  'workspace',
  'page',
  'heading',
  'due',
  'priority',
] as const satisfies ClauseType[]
export type Field = (typeof FIELDS)[number]

const OPERATORS = ['and', 'or', 'not'] as const
export type Operator = (typeof OPERATORS)[number]

/** What ends a word that is not in quotes. */
export const WORD_END = /[\s()"]/u

export function asOperator(word: string): Operator | undefined {
  const lower = word.toLowerCase()
  return OPERATORS.find((operator) => operator === lower)
}

/** The field a word begins with, and where its value begins. */
export function fieldOf(word: string): { field: Field; length: number } | undefined {
  const colon = word.indexOf(':')
  const name = word.slice(0, colon).toLowerCase()
  const field = colon > 0 ? FIELDS.find((known) => known === name) : undefined
  return field && { field, length: colon + 1 }
}

/**
 * The field somebody probably meant: one letter wrong, missing or too many. Anything else before a colon is
 * ordinary text, such as an address or a time.
 */
export function misspeltField(word: string): Field | undefined {
  const [, name] = /^(\p{L}{2,}):/u.exec(word) ?? []
  if (name === undefined || fieldOf(word)) return undefined
  return FIELDS.find((field) => field.length > 2 && isOneLetterOff(name.toLowerCase(), field))
}

function isOneLetterOff(typed: string, word: string): boolean {
  const [short, long] = typed.length < word.length ? [typed, word] : [word, typed]
  if (long.length - short.length > 1) return false
  let start = 0
  while (start < short.length && short[start] === long[start]) start += 1
  const rest = long.slice(start + 1)
  return rest === short.slice(long.length === short.length ? start + 1 : start)
}
