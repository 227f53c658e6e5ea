import type { DisconnectReply } from '#shared/schemas/connection'
import { DisconnectBodySchema } from '#shared/schemas/connection'
import { disconnect } from '#server/connections/disconnect'

/** End the use of a workspace. Answers the same when it has ended already. */
export default defineApiHandler<DisconnectReply>(async (event, { user, context }) => {
  const { connectionId, lists } = await readBodyAs(event, DisconnectBodySchema)
  await disconnect(context, { userId: user.id, connectionId, lists })
  return { connectionId, status: 'disconnected' }
})
