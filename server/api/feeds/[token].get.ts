import { FeedTokenParamsSchema } from '#shared/schemas/feed'
import { readFeed } from '#server/feeds/feeds'

/** A view as a calendar, for whoever has its secret address. */
export default definePublicApiHandler(
  async (event, { context }) => {
    const { token } = paramsAs(event, FeedTokenParamsSchema)
    const calendar = await readFeed(context, token)
    setResponseHeaders(event, {
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'attachment; filename="roundup.ics"',
      'referrer-policy': 'no-referrer',
    })
    return calendar
  },
  { limit: 'feed-address', loggedPath: '/api/feeds/[token]' },
)
