import type { ToggleCheckboxReply } from '#shared/schemas/todo'
import type { AppContext } from '#server/context'
import { isFrozenTodo } from '#server/db/disconnect'
import { recordTick } from '#server/db/todo-changes'
import { AppError } from '#server/errors/app-error'
import { describeError } from '#server/logging/logger'

/**
 * Ticks or unticks a to-do. It is durable, together with the cached state, before it is acknowledged; Notion
 * is written in the background.
 *
 * @throws {AppError} NOT_FOUND unless the to-do is in a list of this user: then Notion is not asked;
 * NOTION_NOT_CONNECTED when its workspace was disconnected and the list frozen
 * @throws {DatabaseError}
 */
export async function tickTodo(
  context: AppContext,
  request: { userId: string; notionId: string; checked: boolean },
): Promise<ToggleCheckboxReply> {
  const recorded = await recordTick(context.db, request.userId, request.notionId, request.checked)
  if (!recorded) {
    const isFrozen = await isFrozenTodo(context.db, request.userId, request.notionId)
    throw new AppError(isFrozen ? 'NOTION_NOT_CONNECTED' : 'NOT_FOUND')
  }
  const { connectionId } = recorded
  await context
    .sendJob('write-ticks', { connectionId }, { key: String(connectionId) })
    .catch((error: unknown) => {
      // The tick is safe: unsent ones are looked for at every start and every minute.
      context.log.error({ event: 'ticks.not_queued', connectionId, ...describeError(error) })
    })
  return {
    id: request.notionId,
    to_do: { checked: request.checked },
    write: { state: 'waiting' },
  }
}
