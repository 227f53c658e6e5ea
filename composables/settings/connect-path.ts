import type { RouteLocationRaw } from 'vue-router'
import type { ConnectionStatus, Workspace } from '#shared/schemas/connection'

type Kind = Pick<Workspace, 'kind'>

/** Through Notion's consent page, and back to `returnTo`. A redirect by the server: not one of the app's routes. */
export function consentPath(returnTo: string): string {
  return `/api/auth/notion/start?${new URLSearchParams({ returnTo }).toString()}`
}

/** How a workspace is connected again: the way it was connected. What to bind to a button. */
export function reconnectLink({ kind }: Kind, returnTo: string): ReconnectLink {
  if (kind === 'oauth') return { href: consentPath(returnTo), external: true }
  return { to: { path: '/connect-notion', query: { with: 'token' } } }
}

export type ReconnectLink = { href: string; external: true } | { to: RouteLocationRaw }

/** Most urgent first: what waits for the person, then what may still mend itself. */
const URGENCY: readonly ConnectionStatus[] = ['needs_reauthorization', 'expired']

/** The one workspace that the person should hear about; undefined when none needs them. */
export function mostUrgent(workspaces: readonly Workspace[]): Workspace | undefined {
  return URGENCY.map((status) => workspaces.find((one) => one.status === status)).find(Boolean)
}
