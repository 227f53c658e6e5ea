import { useTodosStore } from '~/stores/todos'

/** Tells screen readers what became of ticks: done, open again, or not saved. */
export function useAnnouncedTicks(): void {
  const store = useTodosStore()
  const { polite, assertive } = useAnnouncer()
  const { t, n } = useI18n()

  function textOf(id: number): string {
    return store.todo(id)?.text.trim() || t('todo.empty')
  }

  const stop = store.$onAction(({ name, args, after }) => {
    if (name === 'wish') {
      const [about, checked] = args
      after(() => {
        const ids = typeof about === 'number' ? [about] : about
        const [id] = ids
        if (id === undefined) return
        const count = ids.length
        if (count > 1)
          polite(t(checked ? 'todo.announceManyDone' : 'todo.announceManyOpen', { count: n(count) }))
        else polite(t(checked ? 'todo.announceDone' : 'todo.announceOpen', { text: textOf(id) }))
      })
    }
    if (name === 'failWish') {
      const [id] = args
      after(() => assertive(t('todo.announceFailed', { text: textOf(id) })))
    }
  })
  onScopeDispose(stop)
}
