import type { TodoList } from '#shared/schemas/todo-list'
import type { AppContext } from '#server/context'
import { changeTodoList, createTodoList, listTodoLists } from '#server/db/todo-lists'
import { AppError } from '#server/errors/app-error'
import { requestSync } from '#server/sync/request'

/**
 * Makes a list and starts reading it.
 *
 * @param request.databaseIds data source ids as search-notion answers them
 * @throws {AppError} NOTION_DATABASE_NOT_FOUND when one of them is not the user's
 * @throws {DatabaseError} also for one list too many
 */
export async function createList(
  context: AppContext,
  request: { userId: string; name: string; databaseIds: string[] },
): Promise<TodoList> {
  const id = await createTodoList(context.db, request.userId, request.name, request.databaseIds)
  if (id === null) throw new AppError('NOTION_DATABASE_NOT_FOUND')
  await requestSync(context, { userId: request.userId, listId: id, full: false })
  return listOf(context, request.userId, id)
}

/**
 * Gives a list another name or other databases. What it did not read before is read now.
 *
 * @param request.databaseIds data source ids as search-notion answers them
 * @throws {AppError} NOT_FOUND when the list is not the user's, NOTION_DATABASE_NOT_FOUND when a database is not
 * @throws {DatabaseError}
 */
export async function changeList(
  context: AppContext,
  request: { userId: string; id: number; name: string; databaseIds: string[] },
): Promise<TodoList> {
  const { userId, id } = request
  const before = (await listTodoLists(context.db, userId, id))[0]
  const outcome = await changeTodoList(context.db, userId, id, request)
  if (outcome === 'no_list') throw new AppError('NOT_FOUND')
  if (outcome === 'no_database') throw new AppError('NOTION_DATABASE_NOT_FOUND')
  const list = await listOf(context, userId, id)
  const isNews = list.databaseIds.some((database) => !before?.databaseIds.includes(database))
  if (isNews) await requestSync(context, { userId, listId: id, full: false })
  return list
}

/** @throws {AppError} CONFLICT when it was deleted this very moment */
async function listOf(context: AppContext, userId: string, id: number): Promise<TodoList> {
  const list = (await listTodoLists(context.db, userId, id))[0]
  if (!list) throw new AppError('CONFLICT')
  return list
}
