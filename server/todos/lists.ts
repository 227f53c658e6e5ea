import type { TodoList } from '#shared/schemas/todo-list'
import type { AppContext } from '#server/context'
import { createTodoList, listTodoLists } from '#server/db/todo-lists'
import { AppError } from '#server/errors/app-error'
import { requestSync } from '#server/sync/request'

/**
 * Makes a list and starts reading it.
 *
 * @param request.databaseIds data source ids as search-notion answers them
 * @throws {AppError} NOTION_DATABASE_NOT_FOUND when one of them is not the user's
 * @throws {DatabaseError}
 */
export async function createList(
  context: AppContext,
  request: { userId: string; name: string; databaseIds: string[] },
): Promise<TodoList> {
  const id = await createTodoList(context.db, request.userId, request.name, request.databaseIds)
  if (id === null) throw new AppError('NOTION_DATABASE_NOT_FOUND')
  await requestSync(context, { userId: request.userId, listId: id, full: false })
  const list = (await listTodoLists(context.db, request.userId, id))[0]
  if (!list) throw new AppError('CONFLICT')
  return list
}
