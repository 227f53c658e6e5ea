import { afterPaint } from '~/composables/time/after-paint'
import { useTodosStore, type ShownWrite } from '~/stores/todos'

type Trouble = Extract<ShownWrite['state'], 'failed' | 'conflict'>

/**
 * Tells screen readers what became of ticks: done and open again as soon as that is seen, not saved whenever it turns out,
 * here or at Notion. What was in trouble when the page was opened is no news, unless it was ticked here before the list
 * was there.
 */
export function useAnnouncedTicks(): void {
  const store = useTodosStore()
  const { polite, assertive } = useAnnouncer()
  const { t, n } = useI18n()

  function textOf(id: number): string {
    return store.todo(id)?.text.trim() || t('todo.empty')
  }

  const stop = store.$onAction(({ name, args, after }) => {
    if (name !== 'wish') return
    const [about, checked] = args
    // The box first: what is heard may come a frame later.
    const announce = () => {
      const ids = typeof about === 'number' ? [about] : about
      const [id] = ids
      // By then it may have been refused already, which is told instead.
      if (id === undefined || store.isRefusedHere(id)) return
      const count = ids.length
      if (count > 1)
        polite(t(checked ? 'todo.announceManyDone' : 'todo.announceManyOpen', { count: n(count) }))
      else polite(t(checked ? 'todo.announceDone' : 'todo.announceOpen', { text: textOf(id) }))
    }
    after(() => afterPaint(announce))
  })
  onScopeDispose(stop)

  let known = troubles(store)
  let wasLoaded = store.loaded
  watch([() => store.unsaved, () => store.loaded], ([, isLoaded]) => {
    const before = known
    known = troubles(store)
    const news = [...known].filter(([id, trouble]) => before.get(id) !== trouble)
    tell(wasLoaded ? news : news.filter(([id]) => store.isRefusedHere(id)))
    wasLoaded = isLoaded
  })

  function tell(news: readonly [id: number, trouble: Trouble][]): void {
    const [first] = news
    if (!first) return
    const [id, trouble] = first
    if (news.length > 1) assertive(t('todo.announceManyFailed', { count: n(news.length) }))
    else if (trouble === 'failed') assertive(t('todo.announceFailed', { text: textOf(id) }))
    else assertive(t('todo.announceConflict', { text: textOf(id) }))
  }
}

/** What needs the person, by its to-do. */
function troubles(store: ReturnType<typeof useTodosStore>): ReadonlyMap<number, Trouble> {
  const found = new Map<number, Trouble>()
  for (const id of store.unsaved) {
    const state = store.todo(id)?.write.state
    if (state === 'failed' || state === 'conflict') found.set(id, state)
  }
  return found
}
