import type { ScreenName, TodoView } from '../schemas/view'
import { dueBuckets, type DueBucket } from './due-bucket'
import type { PlacedTodo } from './parents'
import { allOf, anyOf, type Expression, type Query } from './query/ast'

/** What a screen is about, whatever the person looks for in it. Everything that is absent leaves nothing out. */
export interface TodoScope {
  /** The screen that is so by itself, by the name that exports know it by. */
  screen?: ScreenName
  /** The list that these databases belong to. */
  listId?: number | undefined
  /** Only these databases. */
  databaseIds?: readonly string[] | undefined
  /** Only what is due in these stretches of time. */
  due?: typeof SOON | undefined
  /** Only what mentions the reader, or is assigned to them. */
  mine?: boolean
  /** What the screen decides instead of the view: an agenda is always by date. */
  view?: Partial<Pick<TodoView, 'group' | 'sort'>> | undefined
}

/** As the filter line has it: `due:overdue or due:week`. */
const SOON: readonly DueBucket[] = ['overdue', 'today', 'tomorrow', 'week']

/** The screens that everybody has, beside the list of everything. */
export const SCREENS: Readonly<Record<ScreenName, TodoScope>> = {
  /** An agenda: what is late, what is for today, and what comes within the week. */
  today: {
    screen: 'today',
    due: SOON,
    view: { group: 'due', sort: 'due' },
  },
  mine: { screen: 'mine', mine: true },
}

export interface ScopeContext {
  now: Date
  timeZone: string
  /** The reader's own ids in Notion. */
  directory: { me: readonly string[] }
}

/** Why a to-do is not on a screen, whatever is looked for there. */
export type OutOfScope = 'elsewhere' | 'not_due' | 'not_mine'

/**
 * Tells of every to-do what keeps it from a screen; `null` when nothing does. It reads of the context only what the
 * screen is about.
 */
export function compileScope(
  { databaseIds, due, mine }: TodoScope,
  context: ScopeContext,
): (todo: PlacedTodo) => OutOfScope | null {
  const databases = databaseIds && new Set(databaseIds)
  const stretches = due && new Set(due)
  const bucketOf = stretches && dueBuckets(context.now, context.timeZone)
  const me = mine === true ? new Set(context.directory.me) : null
  return (todo) => {
    if (databases && !databases.has(todo.databaseId)) return 'elsewhere'
    if (stretches && bucketOf && !stretches.has(bucketOf(todo.due))) return 'not_due'
    if (me && !todo.people.some(({ id }) => me.has(id))) return 'not_mine'
    return null
  }
}

/**
 * What a screen is about as part of a query, so that a view saved there shows the same wherever it is opened.
 *
 * @param query what is looked for on the screen
 */
export function scopedQuery({ databaseIds, due, mine }: TodoScope, query: Query): Query {
  const criteria: Query[] = [
    databaseIds
      ? anyOf(databaseIds.map((id): Expression => ({ type: 'in', database: { by: 'id', id } })))
      : null,
    due ? anyOf([isDue('overdue'), isDue('week')]) : null,
    mine ? { type: 'person', person: { by: 'me' } } : null,
    query,
  ]
  return allOf(criteria.filter((criterion) => criterion !== null))
}

function isDue(when: 'overdue' | 'week'): Expression {
  return { type: 'due', due: { when } }
}
