import type { WriteReply } from '#shared/schemas/todo'
import { WriteBodySchema } from '#shared/schemas/todo'
import { resolveTodo } from '#server/todos/resolve'

/** Decide about a change that did not get through: retry, give up, keep mine, keep theirs, remove. */
export default defineApiHandler<WriteReply>(
  async (event, { user, context }) => {
    const { id, action } = await readBodyAs(event, WriteBodySchema)
    return resolveTodo(context, { userId: user.id, notionId: id, action })
  },
  { limit: 'tick' },
)
