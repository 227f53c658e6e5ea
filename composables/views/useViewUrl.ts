import { useDebounceFn } from '@vueuse/core'
import { DEFAULT_VIEW } from '#shared/schemas/view'
import { readView, sameView, writeView } from './view-url'
import { useViewStore } from '~/stores/view'

/** While somebody types, the address follows in one step. */
const QUIET_MS = 300

/**
 * Keeps the view and the address of the page the same for as long as the calling component lives: the view is
 * what the address says, and changing the view rewrites it in place, so that *back* leaves the page as one
 * expects. Reloading, sharing with oneself and coming back show the same view.
 */
export function useViewUrl(): void {
  const store = useViewStore()
  const route = useRoute()
  const router = useRouter()
  const { path } = route
  // Lists and agendas say by themselves where they begin.
  const standard = () => (path === '/' ? store.standard : DEFAULT_VIEW)

  /** What the address said when it was last looked at, or will say once a change of ours has got there. */
  let known = readView(route.query, standard())

  function fromAddress(): void {
    const view = readView(route.query, standard())
    // An echo of ours: whoever types has got further since, and must not be taken back.
    if (sameView(view, known)) return
    known = view
    store.view = view
  }

  async function toAddress(): Promise<void> {
    const { view } = store
    // Somebody may have gone elsewhere meanwhile.
    if (route.path !== path || sameView(readView(route.query, standard()), view)) return
    known = view
    await router.replace({ path, hash: route.hash, query: writeView(view, route.query, standard()) })
  }
  const toAddressSoon = useDebounceFn(toAddress, QUIET_MS)

  if (!sameView(known, store.view)) store.view = known
  // The person's own beginning comes a moment later than the page; whoever has begun to type is left alone.
  watch(standard, (now, before) => {
    if (sameView(store.view, before)) fromAddress()
  })
  watch(
    () => route.query,
    () => {
      if (route.path === path) fromAddress()
    },
  )
  watch(
    () => store.view,
    (view, before) => (view.query === before.query ? toAddress() : toAddressSoon()),
  )
}
