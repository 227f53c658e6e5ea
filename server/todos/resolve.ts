import type { WriteAction, WriteReply } from '#shared/schemas/todo'
import type { AppContext } from '#server/context'
import { resolveWrite } from '#server/db/todo-changes'
import { AppError } from '#server/errors/app-error'

/**
 * Carries out what the person decided about a change that did not get through: try again, give up, keep their
 * own or Notion's state, or let go of a to-do that is gone.
 *
 * @throws {AppError} NOT_FOUND unless the to-do is in a list of this user; NOTION_NOT_CONNECTED when its
 * workspace is disconnected; CONFLICT when there is nothing (any more) to be decided that way
 * @throws {DatabaseError}
 */
export async function resolveTodo(
  context: AppContext,
  request: { userId: string; notionId: string; action: WriteAction },
): Promise<WriteReply> {
  const resolution = await resolveWrite(context.db, request)
  switch (resolution) {
    case 'done':
      return { id: request.notionId, action: request.action }
    case 'unknown':
      throw new AppError('NOT_FOUND')
    case 'disconnected':
      throw new AppError('NOTION_NOT_CONNECTED')
    case 'changed':
      throw new AppError('CONFLICT')
  }
}
