import type { CommandPaletteItem } from '@nuxt/ui'
import { foldText } from '#shared/todo/fold-text'
import { useListActions } from '~/composables/todos/useListActions'
import { useTodosStore, type ShownTodo } from '~/stores/todos'
import type { Then } from './then'

/** More is not read; who looks for one of many types on. */
const TODOS_MAX = 20

/** To-dos by their words. Looked for by us: a general search over tens of thousands would make every key wait. */
export function usePaletteTodos(term: () => string, then: Then) {
  const { t } = useI18n()
  const store = useTodosStore()
  const actions = useListActions()

  return computed<CommandPaletteItem[]>(() => {
    const words = foldText(term()).split(/\s+/).filter(Boolean)
    if (words.length === 0) return []
    const found: ShownTodo[] = []
    for (const todo of store.todos) {
      const text = foldText(`${todo.text} ${todo.page.title}`)
      if (words.every((word) => text.includes(word))) found.push(todo)
      if (found.length === TODOS_MAX) break
    }
    return found.map((todo) => ({
      label: todo.text.trim() || t('todo.empty'),
      suffix: todo.kind === 'row' ? '' : todo.page.title,
      icon: todo.checked ? 'i-lucide-square-check' : 'i-lucide-square',
      onSelect: then(() => actions.openDetail(todo)),
    }))
  })
}
