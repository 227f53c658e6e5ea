import type { SearchNotionReply } from '#shared/schemas/database'
import { SearchNotionQuerySchema } from '#shared/schemas/database'
import { searchNotion } from '#server/connections/databases'

/** The databases to choose from, out of the cache or freshly read. */
export default defineApiHandler<SearchNotionReply>(
  async (event, { user, context }) => {
    const { query, refresh = false } = queryAs(event, SearchNotionQuerySchema)
    return searchNotion(context, sessionDb(event), { userId: user.id, query, refresh })
  },
  { limit: 'search' },
)
