import type { ChangesReply } from '#shared/schemas/todo'
import { CHANGES_MAX_BYTES, ChangesBodySchema } from '#shared/schemas/todo'
import { changeTodos } from '#server/todos/tick'

/** Tick or untick up to 500 to-dos as one action, here at once and in Notion as fast as it allows. */
export default defineApiHandler<ChangesReply>(
  async (event, { user, context }) => {
    const { source = 'list', ...body } = await readBodyAs(event, ChangesBodySchema, CHANGES_MAX_BYTES)
    await context.takeFromBudget('changes', user.id, body.changes.length)
    return changeTodos(context, { userId: user.id, source, ...body })
  },
  { limit: 'bulk' },
)
