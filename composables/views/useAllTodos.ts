import { DEFAULT_VIEW } from '#shared/schemas/view'
import { useViewStore } from '~/stores/view'
import { useOpenView } from './useOpenView'
import { writeView } from './view-url'

/**
 * Where every to-do is, unfiltered: not always at `/`, which is where a person begins, maybe with a view of their own.
 * `isCurrent`: it is on the screen, and no saved view is.
 */
export function useAllTodos() {
  const store = useViewStore()
  const route = useRoute()
  const openView = useOpenView()
  const to = computed(() => ({ path: '/', query: writeView(DEFAULT_VIEW, {}, store.standard) }))
  const isCurrent = computed(() => route.path === '/' && openView.value === undefined)
  return { to, isCurrent }
}
