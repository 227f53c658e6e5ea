import { normaliseNotionId } from '../notion-id'
import { PRIORITIES } from '../priority'
import type { Clause, PersonReference, Reference } from './ast'
import { tidy, TODO_STATES } from './ast'
import { DUE_WORDS, readDue } from './due-words'
import type { Problem } from './problem'
import type { Field, Operator } from './words'
import { asOperator, fieldOf, misspeltField, WORD_END } from './words'

/** A piece of the line. A clause of which nothing sensible can be made is `null`: it asks for nothing. */
export type Token = { start: number; end: number } & (
  | { kind: 'open' | 'close' }
  | { kind: 'operator'; operator: Operator }
  | { kind: 'clause'; clause: Clause | null }
)

interface Value {
  text: string
  quoted: boolean
  end: number
}

/** Cuts a line into its pieces. Never fails: what is wrong is noted in `problems`, and the rest goes on. */
export function lex(line: string, problems: Problem[]): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < line.length;) {
    const token = nextToken(line, at, problems)
    if (token) tokens.push(token)
    at = token ? token.end : at + 1
  }
  return tokens
}

function nextToken(line: string, start: number, problems: Problem[]): Token | null {
  const char = line[start] ?? ''
  if (/\s/u.test(char)) return null
  if (char === '(') return { kind: 'open', start, end: start + 1 }
  if (char === ')') return { kind: 'close', start, end: start + 1 }
  if (char === '-') {
    // Between words it is a dash; only what it touches is excluded.
    if (/\s/u.test(line[start + 1] ?? 'x')) return null
    return { kind: 'operator', operator: 'not', start, end: start + 1 }
  }

  const read = (from: number): Value => readValue(line, from, problems)
  const clause = (value: Value, toClause: (value: Value) => Clause | null): Token => ({
    kind: 'clause',
    start,
    end: value.end,
    clause: value.text === '' ? missing(problems, start, value.end, line) : toClause(value),
  })

  if (char === '"') return clause(read(start), ({ text }) => ({ type: 'text', text }))
  if (char === '@') {
    return clause(read(start + 1), (value) => ({ type: 'person', person: personOf(value) }))
  }
  if (char === '#') return clause(read(start + 1), ({ text }) => ({ type: 'tag', tag: text }))

  const word = read(start)
  const field = fieldOf(word.text)
  if (field) {
    const value = read(start + field.length)
    return clause(value, () => fieldClause(field.field, value, { start, line, problems }))
  }
  const operator = asOperator(word.text)
  if (operator) return { kind: 'operator', operator, start, end: word.end }
  const meant = misspeltField(word.text)
  if (meant) {
    problems.push(problem('unknown_field', start, word.end, line, { expected: [`${meant}:`] }))
  }
  return { kind: 'clause', start, end: word.end, clause: { type: 'text', text: word.text } }
}

function fieldClause(
  field: Field,
  value: Value,
  { start, line, problems }: { start: number; line: string; problems: Problem[] },
): Clause | null {
  switch (field) {
    case 'in':
      return { type: 'in', database: referenceOf(value, normaliseNotionId) }
    case 'workspace':
      return { type: 'workspace', workspace: referenceOf(value, readWorkspaceId) }
    case 'page':
    case 'heading':
      return { type: field, text: value.text }
    case 'is': {
      const state = TODO_STATES.find((known) => known === value.text.toLowerCase())
      if (state) return { type: 'is', state }
      problems.push(wrongValue(value, start, line, TODO_STATES))
      return null
    }
    case 'due': {
      const due = readDue(value.text)
      if (due) return { type: 'due', due }
      problems.push(wrongValue(value, start, line, DUE_WORDS))
      return null
    }
    case 'priority': {
      const priority = PRIORITIES.find((known) => known === value.text.toLowerCase())
      if (priority) return { type: 'priority', priority }
      problems.push(wrongValue(value, start, line, PRIORITIES))
      return null
    }
  }
}

/** A bare word or a quoted text. The end of the line closes a quote that is still open. */
function readValue(line: string, start: number, problems: Problem[]): Value {
  if (line[start] !== '"') {
    let end = start
    while (end < line.length && !WORD_END.test(line[end] ?? '')) end += 1
    return { text: line.slice(start, end), quoted: false, end }
  }
  let text = ''
  for (let at = start + 1; at < line.length; at += 1) {
    const char = line[at]
    if (char === '"') return { text: tidy(text), quoted: true, end: at + 1 }
    const next = line[at + 1]
    if (char === '\\' && (next === '"' || next === '\\')) at += 1
    text += line[at]
  }
  problems.push({ code: 'unclosed_quote', start, end: line.length, unfinished: true, expected: ['"'] })
  return { text: tidy(text), quoted: true, end: line.length }
}

/** What is in quotes is a name, even when it looks like an id. */
function referenceOf({ text, quoted }: Value, readId: (text: string) => string | null): Reference {
  const id = quoted ? null : readId(text)
  return id === null ? { by: 'name', name: text } : { by: 'id', id }
}

function personOf(value: Value): PersonReference {
  if (!value.quoted && value.text.toLowerCase() === 'me') return { by: 'me' }
  return referenceOf(value, normaliseNotionId)
}

/** A workspace is named by the number of its connection: `workspace:#12`. */
function readWorkspaceId(text: string): string | null {
  return /^#([1-9]\d{0,14})$/u.exec(text)?.[1] ?? null
}

function missing(problems: Problem[], start: number, end: number, line: string): null {
  problems.push(problem('missing_value', start, end, line))
  return null
}

function wrongValue(value: Value, start: number, line: string, expected: readonly string[]): Problem {
  const typed = value.text.toLowerCase()
  const begun = expected.filter((word) => word.startsWith(typed))
  return problem('bad_value', start, value.end, line, { expected: begun.length > 0 ? begun : expected })
}

function problem(
  code: Problem['code'],
  start: number,
  end: number,
  line: string,
  { expected = [] }: { expected?: readonly string[] } = {},
): Problem {
  return { code, start, end, unfinished: end === line.length, expected }
}
