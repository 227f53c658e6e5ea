import type { TodoView } from '../../schemas/view'
import type { PlacedTodo } from '../parents'
import type { Query } from './ast'
import { clausesOf } from './ast'
import type { MatchContext, Predicate } from './match'
import { compileQuery } from './match'

/** A place that a person keeps out of their lists, or an exception to that. */
export interface ListRule {
  effect: 'hide' | 'show'
  target: { database: string } | { page: number }
}

export interface ViewContext extends MatchContext {
  rules: readonly ListRule[]
  /** Just ticked here: they stay a moment, so that one can change one's mind. */
  lingering?: ReadonlySet<number>
}

/**
 * What a view shows: its query, its switch for done ones, and the places kept out of the lists. The same on the
 * screen, in exports and in feeds.
 */
export function compileView(query: Query, show: TodoView['show'], context: ViewContext): Predicate {
  const matches = compileQuery(query, context)
  const isHidden = compileRules(context.rules)
  const isShown = hidesDone(query, show) ? openOnly(context.lingering) : () => true
  return (todo) => isShown(todo) && matches(todo) && !isHidden(todo)
}

/** Does the view leave out what is done? A query that names `is:open` or `is:done` decides that by itself. */
export function hidesDone(query: Query, show: TodoView['show']): boolean {
  if (show === 'all') return false
  return !clausesOf(query).some((clause) => clause.type === 'is' && isAboutDone(clause.state))
}

/** The rule of a page goes before that of its database; without any, everything is in the lists. */
export function compileRules(rules: readonly ListRule[]): Predicate {
  if (rules.length === 0) return () => false
  const pages = new Map<number, boolean>()
  const databases = new Map<string, boolean>()
  for (const { effect, target } of rules) {
    if ('page' in target) pages.set(target.page, effect === 'hide')
    else databases.set(target.database, effect === 'hide')
  }
  return (todo) => pages.get(todo.page.id) ?? databases.get(todo.databaseId) ?? false
}

/** Open ones; and those a tick of which Notion refused, since they need the person. */
function openOnly(lingering: ReadonlySet<number> = new Set()): (todo: PlacedTodo) => boolean {
  return ({ id, checked, write }) =>
    !checked || lingering.has(id) || (write.state !== 'saved' && write.state !== 'waiting')
}

function isAboutDone(state: string): boolean {
  return state === 'open' || state === 'done'
}
