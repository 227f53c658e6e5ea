import { normaliseNotionId } from '../notion-id'
import type { Clause, Expression, PersonReference, Query, Reference } from './ast'
import { writeDue } from './due-words'
import { asOperator, fieldOf, misspeltField, WORD_END } from './words'

/** The filter line of a query: `parseQuery(printQuery(query))` is the query again. */
export function printQuery(query: Query): string {
  if (query === null) return ''
  return query.type === 'or' ? printOr(query.of) : printExpression(query)
}

function printExpression(expression: Expression): string {
  switch (expression.type) {
    case 'and':
      return expression.of.map(printPart).join(' ')
    case 'or':
      return `(${printOr(expression.of)})`
    case 'not':
      return `-${printPart(expression.of)}`
    default:
      return printClause(expression)
  }
}

/** `and` binds closer than `or`, so it needs no brackets within one. */
function printOr(parts: readonly Expression[]): string {
  return parts.map(printExpression).join(' or ')
}

function printPart(expression: Expression): string {
  return expression.type === 'and' ? `(${printExpression(expression)})` : printExpression(expression)
}

/** One criterion as it is typed. */
export function printClause(clause: Clause): string {
  switch (clause.type) {
    case 'text':
      return isPlainWord(clause.text) ? clause.text : quoted(clause.text)
    case 'is':
      return `is:${clause.state}`
    case 'in':
      return `in:${printReference(clause.database, (id) => id)}`
    case 'workspace':
      return `workspace:${printReference(clause.workspace, (id) => `#${id}`)}`
    case 'page':
    case 'heading':
      return `${clause.type}:${value(clause.text)}`
    case 'due':
      return `due:${writeDue(clause.due)}`
    case 'priority':
      return `priority:${clause.priority}`
    case 'person':
      return `@${printPerson(clause.person)}`
    case 'tag':
      return `#${value(clause.tag)}`
  }
}

function printPerson(person: PersonReference): string {
  if (person.by === 'me') return 'me'
  if (person.by === 'name' && person.name.toLowerCase() === 'me') return quoted(person.name)
  return printReference(person, (id) => id)
}

function printReference(reference: Reference, printId: (id: string) => string): string {
  if (reference.by === 'id') return printId(reference.id)
  const looksLikeId = normaliseNotionId(reference.name) !== null || reference.name.startsWith('#')
  return looksLikeId ? quoted(reference.name) : value(reference.name)
}

function value(text: string): string {
  return text === '' || WORD_END.test(text) ? quoted(text) : text
}

/** Would it be read as nothing but itself? */
function isPlainWord(text: string): boolean {
  if (text === '' || WORD_END.test(text) || /^[-@#]/u.test(text)) return false
  return !asOperator(text) && !fieldOf(text) && !misspeltField(text)
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/gu, '\\$&')}"`
}
