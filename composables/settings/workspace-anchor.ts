/** The id of a workspace on the settings page, for links that lead to it. */
export function workspaceAnchor(connectionId: number): string {
  return `workspace-${connectionId}`
}
