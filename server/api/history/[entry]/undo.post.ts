import { EntryParamsSchema, UndoBodySchema } from '#shared/schemas/history'
import type { ChangesReply } from '#shared/schemas/todo'
import { CHANGES_MAX } from '#shared/schemas/todo'
import { undoEntry } from '#server/history/undo'

/** Take an entry of the history back, or some of it. */
export default defineApiHandler<ChangesReply>(
  async (event, { user, context }) => {
    const { entry } = paramsAs(event, EntryParamsSchema)
    const body = await readBodyAs(event, UndoBodySchema)
    // How many it was is known only afterwards.
    await context.takeFromBudget('changes', user.id, body.ids?.length ?? CHANGES_MAX)
    return undoEntry(context, { userId: user.id, entry, ...body })
  },
  { limit: 'bulk' },
)
