import type { WriteAction } from '#shared/schemas/todo'
import { safeHref } from '#shared/todo/rich-text'
import { copyText } from '~/composables/app/copy-text'
import { useHiding } from '~/composables/views/useHiding'
import { useListStore } from '~/stores/list'
import type { ShownTodo } from '~/stores/todos'
import { useTick } from './useTick'

/** What can be done with to-dos of a list, by whichever hand: mouse, key, menu, swipe or command. */
export function useListActions() {
  const { tick, tickMany, undo, retry, resolve, lastEntry } = useTick()
  const list = useListStore()
  const hiding = useHiding()
  const { polite } = useAnnouncer()
  const { t } = useI18n()

  return {
    tick: (todo: ShownTodo, checked: boolean) => void tick(todo, checked),

    /** Makes all of them done or open, those that are not so already. */
    finish(todos: readonly ShownTodo[], checked: boolean): void {
      void tickMany(
        todos.filter((todo) => todo.checked !== checked),
        checked,
      )
    },

    resolve: (todo: ShownTodo, action: WriteAction) =>
      void (action === 'retry' ? retry(todo) : resolve(todo, action)),

    /** Keeps its page out of all lists. */
    hidePage: (todo: ShownTodo) => void hiding.hide(todo),

    /** Takes back what was done last. */
    undo(): void {
      const [entry, hidden] = [lastEntry.value, hiding.last.value]
      if (hidden && hidden.at > (entry?.at ?? 0)) void hiding.show(hidden)
      else if (entry) void undo(entry)
    },

    openDetail: (todo: ShownTodo) => (list.detailId = todo.id),

    openInNotion(todo: ShownTodo): void {
      const url = safeHref(todo.url)
      if (url) window.open(url, '_blank', 'noopener,noreferrer')
    },

    /** @returns false when the link has to be copied by hand */
    async copyLink(todo: ShownTodo): Promise<boolean> {
      const isCopied = await copyText(todo.url)
      if (isCopied) polite(t('todo.copied'))
      return isCopied
    },
  }
}
