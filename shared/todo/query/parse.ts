import type { Expression, Query } from './ast'
import { allOf, anyOf, not } from './ast'
import type { Token } from './lex'
import { lex } from './lex'
import type { Problem } from './problem'
import type { Operator } from './words'

/** Brackets and negations within each other; nobody who writes by hand gets near it. */
const MAX_DEPTH = 20
/** Criteria in one line: more than anybody writes, and each of them is asked of every to-do. */
const MAX_CLAUSES = 50

export interface ParsedQuery {
  /** What the line asks for, as far as it can be understood. */
  query: Query
  /** In the order of their places; empty when everything is understood. */
  problems: readonly Problem[]
}

/**
 * Reads a filter line (docs/query.md). It never fails: while somebody is typing, what cannot be understood yet
 * asks for nothing, and the rest filters. Whoever needs a line that is right looks at `problems`.
 *
 * @param maxLength what is beyond it is not read
 */
export function parseQuery(line: string, maxLength: number): ParsedQuery {
  const problems: Problem[] = []
  if (line.length > maxLength) {
    problems.push({ code: 'too_long', start: maxLength, end: line.length, unfinished: false, expected: [] })
  }
  const text = line.slice(0, maxLength)
  const parser = new Parser(text, lex(text, problems), problems)
  const query = parser.readLine()
  return { query, problems: problems.sort((a, b) => a.start - b.start || a.end - b.end) }
}

/** Recursive descent: `or` binds least, then `and` (written or not), then `not` and `-`. */
class Parser {
  readonly #line: string
  readonly #tokens: readonly Token[]
  readonly #problems: Problem[]
  #next = 0
  #depth = 0
  #clauses = 0

  constructor(line: string, tokens: readonly Token[], problems: Problem[]) {
    this.#line = line
    this.#tokens = tokens
    this.#problems = problems
  }

  readLine(): Query {
    const parts: Expression[] = []
    while (this.#next < this.#tokens.length) {
      const part = this.#readOr()
      if (part) parts.push(part)
      const stray = this.#tokens[this.#next]
      if (stray) {
        this.#report('stray_close', stray.start, stray.end)
        this.#next += 1
      }
    }
    return allOf(parts)
  }

  #readOr(): Query {
    const parts: Expression[] = []
    for (;;) {
      const part = this.#readAnd()
      if (part) parts.push(part)
      const operator = this.#tokens[this.#next]
      if (!operator || !isOperator(operator, 'or')) return anyOf(parts)
      this.#next += 1
      if (!part || !this.#hasOperand()) this.#report('missing_operand', operator.start, operator.end)
    }
  }

  #readAnd(): Query {
    const parts: Expression[] = []
    for (;;) {
      const token = this.#tokens[this.#next]
      if (!token || token.kind === 'close' || isOperator(token, 'or')) return allOf(parts)
      if (isOperator(token, 'and')) {
        this.#next += 1
        if (parts.length === 0 || !this.#hasOperand()) {
          this.#report('missing_operand', token.start, token.end)
        }
        continue
      }
      const part = this.#readNot(token)
      if (part) parts.push(part)
    }
  }

  #readNot(token: Token): Query {
    if (!isOperator(token, 'not')) return this.#readOne(token)
    this.#next += 1
    const operand = this.#tokens[this.#next]
    if (!operand || !this.#hasOperand()) {
      this.#report('missing_operand', token.start, token.end)
      return null
    }
    const inner = this.#deeper(token, () => this.#readNot(operand))
    return inner && not(inner)
  }

  #readOne(token: Token): Query {
    this.#next += 1
    switch (token.kind) {
      case 'clause':
        return this.#counted(token)
      case 'open':
        return this.#deeper(token, () => this.#readGroup(token))
      // Only asked where an operand can begin; an operator or a bracket that closes ends that part before.
      case 'operator':
      case 'close':
        return null
    }
  }

  #readGroup(open: Token): Query {
    const isEmpty = this.#tokens[this.#next]?.kind === 'close'
    const inner = this.#readOr()
    const close = this.#tokens[this.#next]
    if (close) this.#next += 1
    else this.#report('unclosed_group', open.start, this.#line.length, [')'])
    if (isEmpty && close) this.#report('empty_group', open.start, close.end)
    return inner
  }

  #counted(token: Extract<Token, { kind: 'clause' }>): Query {
    this.#clauses += 1
    if (this.#clauses <= MAX_CLAUSES) return token.clause
    if (this.#clauses === MAX_CLAUSES + 1) this.#report('too_many', token.start, this.#line.length)
    return null
  }

  #deeper(token: Token, read: () => Query): Query {
    if (this.#depth >= MAX_DEPTH) {
      this.#report('too_deep', token.start, this.#line.length)
      this.#next = this.#tokens.length
      return null
    }
    this.#depth += 1
    const inner = read()
    this.#depth -= 1
    return inner
  }

  /** Does an operand begin here? */
  #hasOperand(): boolean {
    const token = this.#tokens[this.#next]
    return (
      token !== undefined && (token.kind === 'clause' || token.kind === 'open' || isOperator(token, 'not'))
    )
  }

  #report(code: Problem['code'], start: number, end: number, expected: readonly string[] = []): void {
    this.#problems.push({ code, start, end, unfinished: end === this.#line.length, expected })
  }
}

function isOperator(token: Token, operator: Operator): boolean {
  return token.kind === 'operator' && token.operator === operator
}
