import type { MirrorReply } from '#shared/schemas/mirror'
import { MirrorChangeBodySchema, MirrorParamsSchema } from '#shared/schemas/mirror'
import { changeTickBack } from '#server/mirror/manage'

/** Whether ticking in the mirror ticks the to-do. */
export default defineApiHandler<MirrorReply>(async (event, { user, context }) => {
  const { id } = paramsAs(event, MirrorParamsSchema)
  const { tickBack } = await readBodyAs(event, MirrorChangeBodySchema)
  return { mirror: await changeTickBack(context, user.id, id, tickBack) }
})
