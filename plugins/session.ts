import type { SessionUser } from '#shared/schemas/session'
import { toApiError } from '~/composables/api/api-error'
import { keptFor } from '~/composables/offline/kept-for'
import { useReachability } from '~/composables/offline/useReachability'
import { useSession } from '~/composables/session/useSession'

/** Whoever keeps their to-dos here waits no longer than this for a network that hangs, as in service-worker/sw.ts. */
const ANSWER_WITHIN_MS = 4_000

/**
 * Asks once, while the page is rendered on the server, who is signed in. The browser gets the answer with the
 * page. A server that cannot tell must not look like "signed out", so a failure becomes the error page.
 *
 * A page that was opened without a network (docs/offline.md) belongs to whoever keeps their to-dos on this device:
 * signing out ends that. As soon as the server can be reached it is asked after all.
 */
export default defineNuxtPlugin({
  name: 'session',
  async setup() {
    const session = useSession()
    if (import.meta.client && useNuxtApp().payload.serverRendered) return
    const reachability = useReachability()
    const fetcher = useRequestFetch()
    const ask = async (patience: { timeout?: number } = {}) => {
      const { user } = await fetcher<{ user: SessionUser | null }>('/api/session', { retry: 0, ...patience })
      session.value = user
    }
    const isKept = import.meta.client && keptFor() !== null
    try {
      await ask(isKept ? { timeout: ANSWER_WITHIN_MS } : {})
    } catch (thrown) {
      if (import.meta.server || toApiError(thrown).code !== 'OFFLINE') throw thrown
      const owner = keptFor()
      // The address is not kept.
      session.value = owner === null ? null : { id: owner, email: '' }
      askOnceReachable(reachability, ask)
    }
  },
})

function askOnceReachable(
  { isOffline, unanswered }: ReturnType<typeof useReachability>,
  ask: () => Promise<void>,
): void {
  unanswered()
  const stop = watch(isOffline, (offline) => {
    if (!offline) void ask().then(stop, () => undefined)
  })
}
