import type { ConnectCancelReply } from '#shared/schemas/connection'
import { ConnectCancelBodySchema } from '#shared/schemas/connection'
import { cancelConnecting } from '#server/connections/connect'

/** The person, or Notion, said no: the state is used up, nothing is stored (RFC 6749 §4.1.2.1). */
export default defineApiHandler<ConnectCancelReply>(
  async (event, { user, context }) => {
    const { error, state } = await readBodyAs(event, ConnectCancelBodySchema)
    await cancelConnecting(context, {
      provider: 'notion',
      userId: user.id,
      browserSecret: browserSecret(event),
      state,
    })
    return { outcome: error === 'access_denied' ? 'cancelled' : 'refused' }
  },
  { limit: 'connect' },
)
