import { useTodosStore } from '~/stores/todos'

/** Tells screen readers what became of ticks: done, open again, or not saved. */
export function useAnnouncedTicks(): void {
  const store = useTodosStore()
  const { polite, assertive } = useAnnouncer()
  const { t } = useI18n()

  store.$onAction(({ name, args, after }) => {
    after(() => {
      if (name !== 'wish' && name !== 'failWish') return
      const todo = store.todos.find(({ id }) => id === args[0])
      if (!todo) return
      const text = todo.text.trim() || t('todo.empty')
      if (name === 'failWish') assertive(t('todo.announceFailed', { text }))
      else polite(t(todo.checked ? 'todo.announceDone' : 'todo.announceOpen', { text }))
    })
  })
}
