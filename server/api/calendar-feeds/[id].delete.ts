import { FeedParamsSchema } from '#shared/schemas/feed'
import { revokeFeed } from '#server/feeds/feeds'

/** Revoke a calendar feed: its address stops working at once. */
export default defineApiHandler(async (event, { user, context }) => {
  const { id } = paramsAs(event, FeedParamsSchema)
  await revokeFeed(context, user.id, id)
  setResponseStatus(event, 204)
  return null
})
