import type { TodoView } from '../../schemas/view'
import type { PlacedTodo } from '../parents'
import { compileScope, type OutOfScope, type TodoScope } from '../scope'
import type { Clause, Expression, Query } from './ast'
import { conjunctsOf } from './ast'
import { compileClause } from './match'
import { compileRules, hidesDone, type ListRule, type ViewContext } from './view-filter'

/** One thing that speaks for or against a to-do being in a view. */
export type Reason =
  /** A criterion, whether the to-do fulfils it, and whether the line asks for that or (`-`) for the opposite. */
  | { kind: 'clause'; clause: Clause; fulfilled: boolean }
  /** It is done, and the view leaves out what is done. */
  | { kind: 'done' }
  /** Somebody keeps its place out of their lists. */
  | { kind: 'hidden'; by: 'page' | 'database' }
  /** The screen is about something else: other databases, dates or people. */
  | { kind: OutOfScope }
  /** It is what the screen is about. */
  | { kind: 'in_scope'; by: (typeof SCOPES)[number] }

export interface Explanation {
  shown: boolean
  /** Why not: everything that would have to be otherwise. Why: every criterion that it answers to. */
  reasons: readonly Reason[]
}

const SCOPES = ['databaseIds', 'due', 'mine'] as const

/**
 * Why a to-do is in a view, or why not.
 *
 * @param scope of the screen that is looked at; everything without it
 */
export function explain(
  todo: PlacedTodo,
  { query, show }: { query: Query; show: TodoView['show'] },
  context: ViewContext,
  scope: TodoScope = {},
): Explanation {
  const against: Reason[] = []
  const outside = compileScope(scope, context)(todo)
  if (outside) against.push({ kind: outside })
  if (compileRules(context.rules)(todo)) {
    against.push({ kind: 'hidden', by: hasRuleOfPage(todo, context.rules) ? 'page' : 'database' })
  }
  if (hidesDone(query, show) && todo.checked && !isKeptThoughDone(todo, context)) {
    against.push({ kind: 'done' })
  }
  const speaking = SCOPES.filter((by) => scope[by])
  const clauses: Reason[] = speaking.map((by) => ({ kind: 'in_scope', by }))
  for (const part of conjunctsOf(query)) {
    const { holds, reasons } = judge(part, todo, context)
    if (holds) clauses.push(...reasons)
    else against.push(...reasons)
  }
  return against.length > 0 ? { shown: false, reasons: against } : { shown: true, reasons: clauses }
}

interface Verdict {
  holds: boolean
  /** The criteria that made it so. */
  reasons: Reason[]
}

function judge(expression: Expression, todo: PlacedTodo, context: ViewContext): Verdict {
  switch (expression.type) {
    case 'and':
    case 'or': {
      const verdicts = expression.of.map((part) => judge(part, todo, context))
      const isOr = expression.type === 'or'
      const holds = isOr ? verdicts.some((part) => part.holds) : verdicts.every((part) => part.holds)
      // What decided: of an `or` that holds, and of an `and` that does not, only some parts did.
      return {
        holds,
        reasons: verdicts.filter((part) => part.holds === holds).flatMap(({ reasons }) => reasons),
      }
    }
    case 'not': {
      const { holds, reasons } = judge(expression.of, todo, context)
      return { holds: !holds, reasons }
    }
    default: {
      const fulfilled = compileClause(expression, context)(todo)
      return { holds: fulfilled, reasons: [{ kind: 'clause', clause: expression, fulfilled }] }
    }
  }
}

function hasRuleOfPage(todo: PlacedTodo, rules: readonly ListRule[]): boolean {
  return rules.some(({ target }) => 'page' in target && target.page === todo.page.id)
}

function isKeptThoughDone({ id, write }: PlacedTodo, { lingering }: ViewContext): boolean {
  return lingering?.has(id) === true || (write.state !== 'saved' && write.state !== 'waiting')
}
