import { setImmediate } from 'node:timers/promises'
import type { Todo } from '#shared/schemas/todo'
import { FEEDS_MAX } from '#shared/schemas/feed'
import type { ScreenName, TodoView } from '#shared/schemas/view'
import type { DatabaseName } from '#shared/todo/arrange-groups'
import type { Row } from '#shared/todo/arrange'
import { arrange } from '#shared/todo/arrange'
import { groundOf } from '#shared/todo/arrange-ground'
import type { Parents } from '#shared/todo/parents'
import { compileScope, SCREENS } from '#shared/todo/scope'
import type { Sources } from '#shared/todo/query/directory'
import { directoryOf } from '#shared/todo/query/directory'
import { compileView } from '#shared/todo/query/view-filter'
import type { Db } from '#server/db/client'
import { listRules } from '#server/db/list-rules'
import { listSources } from '#server/db/sources'
import { listTodoLists } from '#server/db/todo-lists'
import { listSourceIds, listTodos } from '#server/db/todos'
import { AppError } from '#server/errors/app-error'
import { readLine } from './saved'
import { createTurns } from './turns'

export interface SelectRequest {
  userId: string
  /** The line may name things or hold their ids. */
  view: TodoView
  /** Of one list; of all of them without it. */
  listId?: number | undefined
  /** Only what this screen is about. */
  screen?: ScreenName | undefined
  now: Date
  /** Whose today counts. */
  timeZone: string
}

export interface Selection {
  /** The view as the interface arranges it: groups, and to-dos below their parents. */
  rows: Row<Todo>[]
  /** The to-dos that the view shows, each once, in that order. */
  todos: Todo[]
  parents: Parents
  byId: ReadonlyMap<number, Todo>
  databases: ReadonlyMap<string, DatabaseName>
}

/** As many as somebody has feeds: a calendar asks for all of them at once. */
const takeTurn = createTurns(FEEDS_MAX, 10_000)
/** To-dos that are looked at before everybody else gets the processor: milliseconds, with the longest line. */
const AT_A_TIME = 250

/**
 * The to-dos of a view, found and arranged by the very code that the interface runs (R123).
 * One selection of a person runs at a time, and none keeps the process from others for long.
 *
 * @param userDb may see the user's rows; every query names the user too
 * @param db the service's, for the names that queries use
 * @throws {AppError} NOT_FOUND when the list is not the user's; INVALID_REQUEST for a line with a mistake;
 *   TOO_MANY_REQUESTS when too many of them wait already
 * @throws {DatabaseError}
 */
export function selectTodos(userDb: Db, db: Db, request: SelectRequest): Promise<Selection> {
  return takeTurn(request.userId, () => select(userDb, db, request))
}

async function select(userDb: Db, db: Db, request: SelectRequest): Promise<Selection> {
  const { userId, view, listId, screen, now, timeZone } = request
  const query = readLine(view.query, 'q')
  const [list] = listId === undefined ? [] : await listTodoLists(userDb, userId, listId)
  if (listId !== undefined && !list) throw new AppError('NOT_FOUND')
  const [sourceIds, sources, rules] = await Promise.all([
    listSourceIds(userDb, userId),
    listSources(db, userId),
    listRules(userDb, userId),
  ])
  const { todos: all } = await listTodos(userDb, userId, sourceIds)
  const context = { now, timeZone, rules, directory: directoryOf(all, sources) }
  const isShown = compileView(query, view.show, context)
  const scope = { ...(screen && SCREENS[screen]), databaseIds: list?.databaseIds }
  const outside = compileScope(scope, context)
  const matches = await idsOf(all, (todo) => outside(todo) === null && isShown(todo))
  const ground = groundOf(all)
  const databases = namesOf(sources)
  const rows = arrange(ground, { view, matches, now, timeZone, databases })
  return {
    rows,
    todos: inOrderOfRows(rows),
    parents: ground.parents,
    byId: ground.byId,
    databases,
  }
}

/** The ids of those that are asked for; in between, other requests are served. */
export async function idsOf(
  todos: readonly Todo[],
  isAskedFor: (todo: Todo) => boolean,
): Promise<ReadonlySet<number>> {
  const ids = new Set<number>()
  for (const [index, todo] of todos.entries()) {
    if (index % AT_A_TIME === 0) await setImmediate()
    if (isAskedFor(todo)) ids.add(todo.id)
  }
  return ids
}

/** A to-do of two people stands in both their groups; here it stands where it is met first. */
function inOrderOfRows(rows: readonly Row<Todo>[]): Todo[] {
  const found = new Map<number, Todo>()
  for (const row of rows) if (row.kind === 'item' && !row.context) found.set(row.todo.id, row.todo)
  return [...found.values()]
}

function namesOf({ databases, workspaces }: Sources): Map<string, DatabaseName> {
  const workspaceNames = new Map(workspaces.map(({ id, name }) => [id, name]))
  return new Map(
    databases.map(({ id, name, workspaceId }) => [
      id,
      { name, workspace: { connectionId: Number(workspaceId), name: workspaceNames.get(workspaceId) ?? '' } },
    ]),
  )
}
