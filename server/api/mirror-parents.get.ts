import type { MirrorParentsReply } from '#shared/schemas/mirror'
import { MirrorParentsQuerySchema } from '#shared/schemas/mirror'
import { listMirrorParents } from '#server/mirror/parents'

/** Pages under which a mirror can be made. */
export default defineApiHandler<MirrorParentsReply>(
  async (event, { user, context }) => {
    const { query = '' } = queryAs(event, MirrorParentsQuerySchema)
    return listMirrorParents(context, user.id, query.trim())
  },
  { limit: 'search' },
)
