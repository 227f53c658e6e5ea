import type { Priority } from '../priority'

/** A name that people typed, or the id that stands for it in what is stored (see `bind`). */
export type Reference = { by: 'id'; id: string } | { by: 'name'; name: string }
export type PersonReference = Reference | { by: 'me' }

export const TODO_STATES = ['open', 'done', 'waiting', 'failed', 'row', 'block', 'subtask'] as const
export type TodoState = (typeof TODO_STATES)[number]

/** A calendar day: a certain one (`YYYY-MM-DD`), or so many days from the reader's today. */
export type Day = { date: string } | { offset: number }

/**
 * When something is due. Everything but `any`, `none` and `overdue` asks whether some day of the to-do's date
 * lies in a stretch of days; `week` is today and the six days after it.
 */
export type DueCriterion =
  | { when: 'any' | 'none' | 'overdue' | 'week' }
  | { when: 'on' | 'before' | 'until' | 'from' | 'after'; day: Day }
  | { when: 'between'; first: Day; last: Day }

/** One thing that a to-do does or does not fulfil. Texts have no space around them, and single ones within. */
export type Clause =
  | { type: 'text'; text: string }
  | { type: 'is'; state: TodoState }
  | { type: 'in'; database: Reference }
  | { type: 'workspace'; workspace: Reference }
  | { type: 'page'; text: string }
  | { type: 'heading'; text: string }
  | { type: 'due'; due: DueCriterion }
  | { type: 'priority'; priority: Priority }
  | { type: 'person'; person: PersonReference }
  | { type: 'tag'; tag: string }

export type ClauseType = Clause['type']

export type Expression =
  Clause | { type: 'and' | 'or'; of: readonly Expression[] } | { type: 'not'; of: Expression }

/** `null` asks for everything. */
export type Query = Expression | null

/**
 * All of them. There is one way to write each meaning: no `and` directly within an `and`, and none of fewer than
 * two. The same holds for `anyOf`; `not` is never doubled. So a query that is printed reads back as it was.
 */
export function allOf(parts: readonly Expression[]): Query {
  return joined('and', parts)
}

/** At least one of them; see `allOf`. */
export function anyOf(parts: readonly Expression[]): Query {
  return joined('or', parts)
}

/** Everything but this; see `allOf`. */
export function not(expression: Expression): Expression {
  return expression.type === 'not' ? expression.of : { type: 'not', of: expression }
}

/** What has to hold all at once: what a person sees as separate criteria. */
export function conjunctsOf(query: Query): readonly Expression[] {
  if (query === null) return []
  return query.type === 'and' ? query.of : [query]
}

/** Replaces every clause. */
export function mapClauses(query: Query, change: (clause: Clause) => Clause): Query {
  return query === null ? null : mapExpression(query, change)
}

/** Every clause, from left to right. */
export function clausesOf(query: Query): Clause[] {
  if (query === null) return []
  switch (query.type) {
    case 'and':
    case 'or':
      return query.of.flatMap(clausesOf)
    case 'not':
      return clausesOf(query.of)
    default:
      return [query]
  }
}

/** A text as a clause holds it. */
export function tidy(text: string): string {
  return text.trim().replace(/\s+/gu, ' ')
}

function joined(type: 'and' | 'or', parts: readonly Expression[]): Query {
  const flat = parts.flatMap((part) => (part.type === type ? part.of : [part]))
  const [first] = flat
  if (flat.length > 1) return { type, of: flat }
  return first ?? null
}

function mapExpression(expression: Expression, change: (clause: Clause) => Clause): Expression {
  switch (expression.type) {
    case 'and':
    case 'or':
      return { type: expression.type, of: expression.of.map((part) => mapExpression(part, change)) }
    case 'not':
      return { type: 'not', of: mapExpression(expression.of, change) }
    default:
      return change(expression)
  }
}
