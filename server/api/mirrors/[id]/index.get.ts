import type { MirrorReply } from '#shared/schemas/mirror'
import { MirrorParamsSchema } from '#shared/schemas/mirror'
import { readMirror } from '#server/mirror/manage'

/** One mirror: how it is, and how far its run has come. */
export default defineApiHandler<MirrorReply>(async (event, { user, context }) => {
  const { id } = paramsAs(event, MirrorParamsSchema)
  return { mirror: await readMirror(context, user.id, id) }
})
