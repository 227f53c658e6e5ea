import { ViewOrderBodySchema } from '#shared/schemas/view'
import { orderSavedViews } from '#server/db/saved-views'

/** Put the saved views into another order. */
export default defineApiHandler(async (event, { user, context }) => {
  const { ids } = await readBodyAs(event, ViewOrderBodySchema)
  await orderSavedViews(context.db, user.id, ids)
  setResponseStatus(event, 204)
  return null
})
