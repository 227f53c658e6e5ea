import { useEventListener } from '@vueuse/core'
import { keptFor } from '~/composables/offline/kept-for'
import { useOutbox } from '~/composables/offline/useOutbox'
import { useSession } from '~/composables/session/useSession'
import { SIGNED_OUT } from '~/composables/session/useUnendedSession'
import { useLibraryStore } from '~/stores/library'
import { useTick } from '~/composables/todos/useTick'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'

/**
 * When a session ends, in this tab or because the server says so, nothing of that person stays in memory, and
 * a protected page leads to the sign-in page and back.
 */
export default defineNuxtPlugin({
  name: 'signed-out',
  dependsOn: ['session'],
  setup() {
    const session = useSession()
    const { lastEntry } = useTick()
    const route = useRoute()
    if (!session.value) {
      // The tab may remember what was folded in a session that ended while the page was not there.
      useListStore().clear()
      if (keptFor() !== null) void closeApp()
    }
    // Said by another tab: the server may not have been told, so it would not tell this one.
    useEventListener('storage', ({ key, newValue }: StorageEvent) => {
      if (key === SIGNED_OUT && newValue !== null) session.value = null
    })
    watch(session, async (user, before) => {
      if (before && before.id !== user?.id) {
        useOutbox().clear()
        lastEntry.value = null
        useTodosStore().clear()
        useLibraryStore().clear()
        useListStore().clear()
        useViewStore().clear()
        forgetPage()
        if (!user) void closeApp()
      }
      if (!user && !route.meta.public) await navigateTo({ path: '/login', query: { next: route.fullPath } })
    })
  },
})

/** What the page brought along from the server, and what was offered to be taken back. */
function forgetPage(): void {
  useState<unknown[]>('first-rows', () => []).value = []
  useState<unknown>('last-hiding', () => null).value = null
  document.getElementById('__NUXT_DATA__')?.remove()
}

/** Without a session nothing opens without a network either. What is kept waits, encrypted, for the same person. */
async function closeApp(): Promise<void> {
  const { dropApp } = await import('~/composables/offline/kept-app')
  await dropApp()
}
