import { useApi } from '~/composables/api/useApi'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'
import type { ShownRow } from './useTodoRows'

/**
 * The first rows of all open to-dos, so that a page comes from the server with something to read: they stand where
 * the list itself stands as soon as it is alive. Only for those who begin with the plain view: what somebody
 * else begins with is not known before the stores are filled. Empty on the way from page to page.
 */
export async function useFirstRows() {
  const rows = useState<ShownRow[]>('first-rows', () => [])
  const store = useTodosStore()
  // Once the list has been there they are a thing of the past, wherever one comes back from.
  const leave = () => {
    if (store.loaded) rows.value = []
  }
  leave()
  onBeforeUnmount(leave)
  const isAskedFor = Object.keys(useRoute().query).length > 0
  if (import.meta.server && !isAskedFor) {
    const [api, library] = [useApi(), useLibraryStore()]
    const { loadFirstRows } = await import('./first-rows')
    rows.value = await loadFirstRows(api, library, store)
  }
  return rows
}
