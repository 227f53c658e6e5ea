import type { TodoScope } from '#shared/todo/scope'
import { useViewStore } from '~/stores/view'

/** Tells everybody what the list on the screen is about, for as long as the calling component is there. */
export function useShownScope(scope: () => TodoScope): void {
  const store = useViewStore()
  let told: TodoScope | null = null

  function tell(): void {
    told = scope()
    store.scope = told
  }

  onMounted(tell)
  watch(scope, tell)
  onBeforeUnmount(() => {
    // The next screen may be there already.
    if (store.scope !== told) return
    store.scope = null
    store.panel = null
  })
}
