import { DEFAULT_VIEW } from '#shared/schemas/view'
import { useViewStore } from '~/stores/view'
import { useOpenView } from './useOpenView'
import { writeView } from './view-url'

/** Nobody begins with it: so every link is spelt out, and says where it leads. */
const NO_STANDARD = { ...DEFAULT_VIEW, query: '\u0000' }

/** The saved views as places one can go to, in the person's order. */
export function useSavedViews() {
  const store = useViewStore()
  const openView = useOpenView()
  return computed(() =>
    store.saved.map((view) => ({
      id: view.id,
      name: view.name,
      to: { path: '/', query: writeView(store.shownAs(view), {}, NO_STANDARD) },
      isCurrent: view.id === openView.value?.id,
    })),
  )
}
