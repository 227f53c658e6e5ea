import type { SessionUser } from '#shared/schemas/session'

/**
 * Who is signed in; `null` when nobody is. Filled once by `plugins/session.ts` while the page is rendered on
 * the server. The session itself lives in cookies that scripts cannot read: this only mirrors it.
 */
export function useSession() {
  return useState<SessionUser | null>('session', () => null)
}
