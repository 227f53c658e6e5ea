import type { AppContext } from '#server/context'
import { listRefusedTodos, resolveWrite } from '#server/db/todo-changes'
import { describeError } from '#server/logging/logger'

/**
 * After its workspace was connected again: what only the old token kept from Notion is tried again, as if the person had
 * asked for each. Notion is looked at before anything is written, so what was changed there meanwhile is not lost.
 * Never throws: what stays refused still offers to be tried again.
 */
export async function retryRefused(context: AppContext, userId: string, connectionId: number): Promise<void> {
  try {
    const refused = await listRefusedTodos(context.db, connectionId, 'NOTION_TOKEN_INVALID')
    for (const notionId of refused) await resolveWrite(context.db, { userId, notionId, action: 'retry' })
  } catch (error) {
    context.log.warn({ event: 'ticks.not_retried', connectionId, ...describeError(error) })
  }
}
