import type { ConnectionStatus, Workspace } from '#shared/schemas/connection'
import { useTodosStore } from '~/stores/todos'

export type WorkspaceHealth = ConnectionStatus | 'syncing'

/** How a workspace is just now. What needs the person is said also while somebody tries to read it. */
export function useWorkspaceHealth(workspace: () => Workspace) {
  const todos = useTodosStore()
  return computed<WorkspaceHealth>(() => {
    const { connectionId, status } = workspace()
    const isRead = todos.sync?.reading.includes(connectionId) === true
    return isRead && status === 'connected' ? 'syncing' : status
  })
}
