import type { SavedViewReply } from '#shared/schemas/view'
import { SavedViewBodySchema } from '#shared/schemas/view'
import { createView } from '#server/views/saved'

/** Save a view under a name. */
export default defineApiHandler<SavedViewReply>(async (event, { user, context }) => {
  const view = await createView(context, user.id, await readBodyAs(event, SavedViewBodySchema))
  setResponseStatus(event, 201)
  return { view }
})
