import type { ToggleCheckboxReply } from '#shared/schemas/todo'
import { ToggleCheckboxBodySchema } from '#shared/schemas/todo'
import { tickTodo } from '#server/todos/tick'

/** Tick or untick a to-do, here at once and in Notion soon after. */
export default defineApiHandler<ToggleCheckboxReply>(
  async (event, { user, context }) => {
    const { id, to_do, clientId } = await readBodyAs(event, ToggleCheckboxBodySchema)
    return tickTodo(context, { userId: user.id, notionId: id, checked: to_do.checked, clientId })
  },
  { limit: 'tick' },
)
