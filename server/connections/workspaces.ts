import type { Workspace } from '#shared/schemas/connection'
import type { Connection } from '#server/db/connections'

/** A connection as its owner sees it. Lists its fields, so that nothing secret can slip through. */
export function toWorkspace(connection: Connection): Workspace {
  return {
    connectionId: connection.id,
    workspaceId: connection.workspaceId,
    name: connection.workspaceName,
    icon: connection.workspaceIcon,
    kind: connection.kind,
    status: connection.status,
    reason: connection.reason,
    connectedAt: connection.connectedAt,
    checkedAt: connection.probedAt,
  }
}
