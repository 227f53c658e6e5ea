import type { AuthNotionReply } from '#shared/schemas/connection'
import { toWorkspace } from '#server/connections/workspaces'
import { listShownConnections } from '#server/db/connections'

/** Which workspaces this person has connected, and how they are. */
export default defineApiHandler<AuthNotionReply>(async (event, { user }) => {
  const workspaces = (await listShownConnections(sessionDb(event), user.id)).map(toWorkspace)
  return { connected: workspaces.some(({ status }) => status === 'connected'), workspaces }
})
