import { useSession } from '~/composables/session/useSession'

declare module '#app' {
  interface PageMeta {
    /** Open to people who are not signed in. Pages are protected unless they say so. */
    public?: boolean
  }
}

/** For comfort only: the server checks the session of every request it answers. */
export default defineNuxtRouteMiddleware((to) => {
  if (to.meta.public || useSession().value) return
  return navigateTo({ path: '/login', query: to.fullPath === '/' ? {} : { next: to.fullPath } })
})
