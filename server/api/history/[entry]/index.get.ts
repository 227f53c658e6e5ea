import type { HistoryEntryReply } from '#shared/schemas/history'
import { EntryParamsSchema } from '#shared/schemas/history'
import { readHistoryEntry } from '#server/history/read'

/** One entry of the history with all its changes. */
export default defineApiHandler<HistoryEntryReply>(async (event, { user, context }) => {
  const { entry } = paramsAs(event, EntryParamsSchema)
  return readHistoryEntry(context.db, user.id, entry)
})
