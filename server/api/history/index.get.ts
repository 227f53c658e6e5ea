import type { HistoryReply } from '#shared/schemas/history'
import { HistoryQuerySchema } from '#shared/schemas/history'
import { readHistory } from '#server/history/read'

/** Everything this person has changed, newest first, a page at a time. */
export default defineApiHandler<HistoryReply>(async (event, { user, context }) =>
  readHistory(context.db, user.id, queryAs(event, HistoryQuerySchema)),
)
