import type { FeedsReply } from '#shared/schemas/feed'
import { listFeeds } from '#server/db/calendar-feeds'

/** This person's calendar feeds, without their addresses. */
export default defineApiHandler<FeedsReply>(async (event, { user }) => ({
  feeds: await listFeeds(sessionDb(event), user.id),
}))
