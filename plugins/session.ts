import { useSession } from '~/composables/session/useSession'

/**
 * Asks once, while the page is rendered on the server, who is signed in. The browser gets the answer with the
 * page. A server that cannot tell must not look like "signed out", so a failure becomes the error page.
 */
export default defineNuxtPlugin({
  name: 'session',
  async setup() {
    const session = useSession()
    if (import.meta.client && useNuxtApp().payload.serverRendered) return
    const { user } = await useRequestFetch()<{ user: typeof session.value }>('/api/session', { retry: 0 })
    session.value = user
  },
})
