import type { FeedReply } from '#shared/schemas/feed'
import { FeedBodySchema } from '#shared/schemas/feed'
import { createFeed } from '#server/feeds/feeds'

/** Make a calendar feed of a saved view. Its address is in this answer and nowhere else. */
export default defineApiHandler<FeedReply>(async (event, { user, context }) => {
  const made = await createFeed(context, user.id, await readBodyAs(event, FeedBodySchema))
  setResponseStatus(event, 201)
  return made
})
