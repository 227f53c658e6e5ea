import type { SavedViewReply } from '#shared/schemas/view'
import { SavedViewBodySchema, ViewParamsSchema } from '#shared/schemas/view'
import { changeView } from '#server/views/saved'

/** Rename a view, or save another state of it. */
export default defineApiHandler<SavedViewReply>(async (event, { user, context }) => {
  const { id } = paramsAs(event, ViewParamsSchema)
  return { view: await changeView(context, user.id, id, await readBodyAs(event, SavedViewBodySchema)) }
})
