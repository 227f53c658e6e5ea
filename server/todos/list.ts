import { INCOMPLETE_PAGES_SHOWN, type TodosReply } from '#shared/schemas/todo'
import type { Db } from '#server/db/client'
import { listRemovedTodos } from '#server/db/removed-todos'
import { listIncompletePages, listSourceIds, listTodos, readChangeSeq, readPrunedSeq } from '#server/db/todos'
import { listTodoLists } from '#server/db/todo-lists'
import { AppError } from '#server/errors/app-error'
import type { Meter } from '#server/gate/meter'
import { readSyncStatus } from '#server/sync/status'

/**
 * The to-dos of all lists or of one, whole or as a delta, and how far reading has come.
 *
 * @param userDb sees only the user's own rows
 * @param readMeters Notion's budgets, where they are known
 * @throws {AppError} NOT_FOUND when the list is not the user's
 * @throws {DatabaseError}
 */
export async function listTodosOf(
  userDb: Db,
  request: { userId: string; listId?: number; since?: number },
  readMeters?: (connectionIds: readonly number[]) => Promise<Meter[]>,
): Promise<TodosReply> {
  const { userId, listId } = request
  if (listId !== undefined && (await listTodoLists(userDb, userId, listId)).length === 0) {
    throw new AppError('NOT_FOUND')
  }
  // The counter is read first: a change that lands while we read comes again with the next delta.
  const seq = await readChangeSeq(userDb, userId)
  const isForgotten = request.since !== undefined && request.since < (await readPrunedSeq(userDb, userId))
  const since = isForgotten ? undefined : request.since
  // So is the state of the reading: one that has ended has stored all its pages, so they are all seen below.
  const [databaseIds, sync] = await Promise.all([
    listSourceIds(userDb, userId, listId),
    readSyncStatus(userDb, userId, listId, readMeters),
  ])
  const [found, gone, incompletePages] = await Promise.all([
    listTodos(userDb, userId, databaseIds, since),
    since === undefined ? [] : listRemovedTodos(userDb, userId, since),
    listIncompletePages(userDb, userId, databaseIds, INCOMPLETE_PAGES_SHOWN),
  ])
  return {
    todos: found.todos,
    removed: [...found.removed, ...gone],
    seq,
    ...(isForgotten && { whole: true as const }),
    sync: { ...sync, incompletePages },
  }
}
