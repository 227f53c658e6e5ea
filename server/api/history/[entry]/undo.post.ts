import { EntryParamsSchema, UndoBodySchema } from '#shared/schemas/history'
import type { ChangesReply } from '#shared/schemas/todo'
import { undoEntry } from '#server/history/undo'

/** Take an entry of the history back, or some of it. */
export default defineApiHandler<ChangesReply>(
  async (event, { user, context }) => {
    const { entry } = paramsAs(event, EntryParamsSchema)
    return undoEntry(context, { userId: user.id, entry, ...(await readBodyAs(event, UndoBodySchema)) })
  },
  { limit: 'bulk' },
)
