import type { PlacedTodo } from '../parents'
import { priorityOf } from '../priority'
import type { Clause, DueCriterion, Expression, PersonReference, Query, Reference, TodoState } from './ast'
import type { Directory, Named } from './directory'
import { idsNamed } from './directory'
import type { Reader } from './due-days'
import { daysOf, overdueAt, stretchOf, touches } from './due-days'
import { foldedHeadingsOf, foldedTitleOf, foldLine, searchTextOf } from './search-text'

export interface MatchContext extends Reader {
  directory: Directory
}

export type Predicate = (todo: PlacedTodo) => boolean

/** A query as a function, made once and asked for every to-do: names are looked up and texts folded here. */
export function compileQuery(query: Query, context: MatchContext): Predicate {
  return query === null ? () => true : compile(query, context)
}

/** One criterion as a function. It reads of the context only what the criterion is about. */
export function compileClause(clause: Clause, context: MatchContext): Predicate {
  switch (clause.type) {
    case 'text': {
      const text = foldLine(clause.text)
      return (todo) => searchTextOf(todo).includes(text)
    }
    case 'is':
      return compileState(clause.state)
    case 'in': {
      const ids = idsOf(clause.database, context.directory.databases)
      return (todo) => ids.has(todo.databaseId)
    }
    case 'workspace': {
      const { directory } = context
      const workspaces = idsOf(clause.workspace, directory.workspaces)
      const databases = directory.databases.filter(({ workspaceId }) => workspaces.has(workspaceId))
      const ids = new Set(databases.map(({ id }) => id))
      return (todo) => ids.has(todo.databaseId)
    }
    case 'page': {
      const text = foldLine(clause.text)
      return (todo) => foldedTitleOf(todo.page).includes(text)
    }
    case 'heading': {
      const text = foldLine(clause.text)
      return (todo) => foldedHeadingsOf(todo).some((heading) => heading.includes(text))
    }
    case 'due':
      return compileDue(clause.due, context)
    case 'priority':
      return (todo) => priorityOf(todo) === clause.priority
    case 'person': {
      const ids = personIds(clause.person, context.directory)
      return (todo) => todo.people.some(({ id }) => ids.has(id))
    }
    case 'tag': {
      const tags = idsNamed(context.directory.tags, clause.tag)
      return (todo) => todo.tags.some((tag) => tags.has(tag))
    }
  }
}

function compile(expression: Expression, context: MatchContext): Predicate {
  switch (expression.type) {
    case 'and': {
      const parts = expression.of.map((part) => compile(part, context))
      return (todo) => parts.every((part) => part(todo))
    }
    case 'or': {
      const parts = expression.of.map((part) => compile(part, context))
      return (todo) => parts.some((part) => part(todo))
    }
    case 'not': {
      const part = compile(expression.of, context)
      return (todo) => !part(todo)
    }
    default:
      return compileClause(expression, context)
  }
}

function compileState(state: TodoState): Predicate {
  switch (state) {
    case 'open':
      return (todo) => !todo.checked
    case 'done':
      return (todo) => todo.checked
    case 'waiting':
      return (todo) => todo.write.state === 'waiting'
    case 'failed':
      // Whatever else can stand between a tick and Notion needs the person just as much.
      return ({ write }) => write.state !== 'saved' && write.state !== 'waiting'
    case 'row':
    case 'block':
      return (todo) => todo.kind === state
    case 'subtask':
      return (todo) => todo.parentId !== null
  }
}

function compileDue(due: DueCriterion, { now, timeZone }: MatchContext): Predicate {
  const stretch = stretchOf(due, { now, timeZone })
  if (stretch) return (todo) => todo.due !== null && touches(daysOf(todo.due, timeZone), stretch)
  if (due.when === 'overdue') {
    const isOver = overdueAt({ now, timeZone })
    return (todo) => todo.due !== null && isOver(todo.due)
  }
  return due.when === 'none' ? (todo) => todo.due === null : (todo) => todo.due !== null
}

function personIds(person: PersonReference, { people, me }: Directory): ReadonlySet<string> {
  return person.by === 'me' ? new Set(me) : idsOf(person, people)
}

function idsOf(reference: Reference, entries: readonly Named[]): ReadonlySet<string> {
  return reference.by === 'id' ? new Set([reference.id]) : idsNamed(entries, reference.name)
}
