import type { ChangesReply } from '#shared/schemas/todo'
import type { AppContext } from '#server/context'
import { undoChanges } from '#server/db/todo-changes'
import { AppError } from '#server/errors/app-error'

/**
 * Takes an entry of the history back, or some of its to-dos, also long after they reached Notion. What is not as
 * the entry left it, here or in Notion, is not overwritten: here it is refused, there it becomes a conflict.
 *
 * @throws {AppError} NOT_FOUND when it is not this user's
 * @throws {DatabaseError}
 */
export async function undoEntry(
  context: AppContext,
  request: { userId: string; entry: string; ids?: string[] | undefined; clientId?: string | undefined },
): Promise<ChangesReply> {
  const reply = await undoChanges(context.db, request)
  if (!reply) throw new AppError('NOT_FOUND')
  return reply
}
