import { compileQuery } from '#shared/todo/query/match'
import { explain, type Reason } from '#shared/todo/query/explain'
import { parseQuery } from '#shared/todo/query/parse'
import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore, type ShownTodo } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { useQueryText } from './useQueryText'
import { useViewFilter } from './useViewFilter'

/** As many as can be looked through. */
const FOUND_MAX = 12

export interface Explained {
  todo: ShownTodo
  shown: boolean
  reasons: readonly string[]
}

/**
 * Finds to-dos, wherever they are, and says in words why each is in the current view or why not.
 *
 * @param typed what to look for, as in the filter line
 * @param listId the list on the screen; all of them without it
 */
export function useExplanations(typed: Ref<string>, listId: () => number | undefined) {
  const { t } = useI18n()
  const store = useViewStore()
  const todos = useTodosStore()
  const library = useLibraryStore()
  const { clauseText } = useQueryText()
  const { context } = useViewFilter()

  const databaseIds = computed(() => library.lists.find(({ id }) => id === listId())?.databaseIds)

  function reasonText(reason: Reason): string {
    switch (reason.kind) {
      case 'clause':
        return t(reason.fulfilled ? 'view.explain.yes' : 'view.explain.no', {
          what: clauseText(reason.clause),
        })
      case 'hidden':
        return t(`view.explain.hidden.${reason.by}`)
      case 'done':
      case 'elsewhere':
        return t(`view.explain.${reason.kind}`)
    }
  }

  return computed<Explained[]>(() => {
    const { query } = parseQuery(typed.value, QUERY_MAX_LENGTH)
    if (query === null) return []
    const isAsked = compileQuery(query, context.value)
    const found: ShownTodo[] = []
    for (const todo of todos.todos) {
      if (isAsked(todo)) found.push(todo)
      if (found.length === FOUND_MAX) break
    }
    return found.map((todo) => {
      const view = { query: store.parsed.query, show: store.view.show }
      const { shown, reasons } = explain(todo, view, context.value, databaseIds.value)
      return { todo, shown, reasons: reasons.map(reasonText) }
    })
  })
}
