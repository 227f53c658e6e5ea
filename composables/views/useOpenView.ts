import { sameView } from '~/composables/views/view-url'
import { useViewStore } from '~/stores/view'

/** The saved view that is on the screen just now, if it is one. */
export function useOpenView() {
  const store = useViewStore()
  const route = useRoute()
  return computed(() =>
    route.path === '/' ? store.saved.find((one) => sameView(store.view, store.shownAs(one))) : undefined,
  )
}
