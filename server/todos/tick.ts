import type { ChangeSource } from '#shared/schemas/history'
import type { ChangesReply, ToggleCheckboxReply } from '#shared/schemas/todo'
import type { AppContext } from '#server/context'
import type { Wish } from '#server/db/todo-changes'
import { recordChanges } from '#server/db/todo-changes'
import { AppError } from '#server/errors/app-error'

/**
 * Ticks or unticks a to-do. It is durable, together with the cached state, before it is acknowledged; Notion
 * is written in the background.
 *
 * @param request.clientId the browser's own name for the click: sent twice, it is one change
 * @throws {AppError} NOT_FOUND unless the to-do is in a list of this user: then Notion is not asked;
 * NOTION_NOT_CONNECTED when its workspace was disconnected and the list frozen
 * @throws {DatabaseError}
 */
export async function tickTodo(
  context: AppContext,
  request: { userId: string; notionId: string; checked: boolean; clientId?: string | undefined },
): Promise<ToggleCheckboxReply> {
  const { userId, notionId, checked, clientId } = request
  const { refused } = await recordChanges(context.sql, {
    userId,
    changes: [{ id: notionId, checked }],
    source: 'list',
    clientId,
  })
  if (refused[0]) throw new AppError(refused[0].code)
  return { id: notionId, to_do: { checked }, write: { state: 'waiting' } }
}

/**
 * The same for many to-dos as one entry of the history. What cannot be taken is refused by itself; the rest is
 * taken all the same.
 *
 * @throws {DatabaseError}
 */
export function changeTodos(
  context: AppContext,
  request: { userId: string; changes: Wish[]; source: ChangeSource; clientId: string },
): Promise<ChangesReply> {
  return recordChanges(context.sql, request)
}
