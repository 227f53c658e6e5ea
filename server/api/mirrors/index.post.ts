import type { MirrorReply } from '#shared/schemas/mirror'
import { MirrorBodySchema } from '#shared/schemas/mirror'
import { startMirror } from '#server/mirror/manage'

/** Mirror a list into Notion, under a page. A list that is mirrored already is answered as it is. */
export default defineApiHandler<MirrorReply>(async (event, { user, context }) => {
  const { tickBack = false, ...body } = await readBodyAs(event, MirrorBodySchema)
  return { mirror: await startMirror(context, { userId: user.id, tickBack, ...body }) }
})
