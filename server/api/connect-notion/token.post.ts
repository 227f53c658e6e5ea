import type { ConnectReply } from '#shared/schemas/connection'
import { ConnectTokenBodySchema } from '#shared/schemas/connection'
import { connectWithToken } from '#server/connections/paste'
import { toWorkspace } from '#server/connections/workspaces'

/** Connect with a token made in Notion's settings, without the consent page. */
export default defineApiHandler<ConnectReply>(
  async (event, { user, context }) => {
    const { token } = await readBodyAs(event, ConnectTokenBodySchema)
    const { connection, ...found } = await connectWithToken(context, { userId: user.id, token })
    return { workspace: toWorkspace(connection), ...found, returnTo: '/databases' }
  },
  { limit: 'connect' },
)
