import { useSession } from '~/composables/session/useSession'

declare module '#app' {
  interface PageMeta {
    /** Open to people who are not signed in. Pages are protected unless they say so. */
    public?: boolean
    /** Protected, but with something else to show a stranger, in this layout. */
    strangersLayout?: 'landing'
  }
}

/** For comfort only: the server checks the session of every request it answers. */
export default defineNuxtRouteMiddleware((to) => {
  // What does not exist is said to be missing, whoever asks.
  if (to.meta.public || to.matched.length === 0 || useSession().value) return
  if (to.meta.strangersLayout) return setPageLayout(to.meta.strangersLayout)
  return navigateTo({ path: '/login', query: to.fullPath === '/' ? {} : { next: to.fullPath } })
})
