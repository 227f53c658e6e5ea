import type { ConnectReply } from '#shared/schemas/connection'
import { ConnectBodySchema } from '#shared/schemas/connection'
import { finishConnecting } from '#server/connections/connect'
import { toWorkspace } from '#server/connections/workspaces'

/** Finish connecting with what Notion put into our URL. */
export default defineApiHandler<ConnectReply>(
  async (event, { user, context }) => {
    const { code, state } = await readBodyAs(event, ConnectBodySchema)
    const { connection, ...found } = await finishConnecting(context, {
      provider: 'notion',
      userId: user.id,
      browserSecret: browserSecret(event),
      code,
      state,
    })
    return { workspace: toWorkspace(connection), ...found }
  },
  { limit: 'connect' },
)
