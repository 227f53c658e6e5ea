import { SyncBodySchema } from '#shared/schemas/todo'
import { requestSync } from '#server/sync/request'

/** Bring this person's lists up to date now. */
export default defineApiHandler(
  async (event, { user, context }) => {
    const { full = false } = await readBodyAs(event, SyncBodySchema)
    await requestSync(context, { userId: user.id, full })
    setResponseStatus(event, 202)
    return { accepted: true }
  },
  { limit: 'sync' },
)
