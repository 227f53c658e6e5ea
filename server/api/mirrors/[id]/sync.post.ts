import type { MirrorReply } from '#shared/schemas/mirror'
import { MirrorParamsSchema } from '#shared/schemas/mirror'
import { syncMirror } from '#server/mirror/manage'

/** Bring a mirror in step with its list now. */
export default defineApiHandler<MirrorReply>(
  async (event, { user, context }) => {
    const { id } = paramsAs(event, MirrorParamsSchema)
    const mirror = await syncMirror(context, user.id, id)
    setResponseStatus(event, 202)
    return { mirror }
  },
  { limit: 'sync' },
)
