import type { TodoView } from '../../schemas/view'
import type { PlacedTodo } from '../parents'
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
  /** It is in none of the databases of this list. */
  | { kind: 'elsewhere' }

export interface Explanation {
  shown: boolean
  /** Why not: everything that would have to be otherwise. Why: every criterion that it answers to. */
  reasons: readonly Reason[]
}

/**
 * Why a to-do is in a view, or why not.
 *
 * @param databaseIds of the list that is looked at; all of them without it
 */
export function explain(
  todo: PlacedTodo,
  { query, show }: { query: Query; show: TodoView['show'] },
  context: ViewContext,
  databaseIds?: readonly string[],
): Explanation {
  const against: Reason[] = []
  if (databaseIds && !databaseIds.includes(todo.databaseId)) against.push({ kind: 'elsewhere' })
  if (compileRules(context.rules)(todo)) {
    against.push({ kind: 'hidden', by: hasRuleOfPage(todo, context.rules) ? 'page' : 'database' })
  }
  if (hidesDone(query, show) && todo.checked && !isKeptThoughDone(todo, context)) {
    against.push({ kind: 'done' })
  }
  const clauses: Reason[] = []
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
