import { compileQuery } from '#shared/todo/query/match'
import type { TodoScope } from '#shared/todo/scope'
import { explain, type Reason } from '#shared/todo/query/explain'
import { parseQuery } from '#shared/todo/query/parse'
import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
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
  /** What keeps it out of all lists, if anything does. */
  hiddenBy: 'page' | 'database' | null
}

/**
 * Finds to-dos, wherever they are, and says in words why each is in the current view or why not.
 *
 * @param typed what to look for, as in the filter line
 * @param scope of the screen
 * @param asked the to-do that is asked about while nothing is looked for
 */
export function useExplanations(typed: Ref<string>, scope: () => TodoScope, asked: () => ShownTodo | null) {
  const { t } = useI18n()
  const store = useViewStore()
  const todos = useTodosStore()
  const { clauseText } = useQueryText()
  const { context } = useViewFilter()

  function reasonText(reason: Reason): string {
    switch (reason.kind) {
      case 'clause':
        return t(reason.fulfilled ? 'view.explain.yes' : 'view.explain.no', {
          what: clauseText(reason.clause),
        })
      case 'hidden':
        return t(`view.explain.hidden.${reason.by}`)
      case 'in_scope':
        return t(`view.explain.inScope.${reason.by}`)
      case 'done':
      case 'elsewhere':
      case 'not_due':
      case 'not_mine':
        return t(`view.explain.${reason.kind}`)
    }
  }

  const found = computed<ShownTodo[]>(() => {
    const { query } = parseQuery(typed.value, QUERY_MAX_LENGTH)
    if (query === null) return [asked() ?? []].flat()
    const isAsked = compileQuery(query, context.value)
    const result: ShownTodo[] = []
    for (const todo of todos.todos) {
      if (isAsked(todo)) result.push(todo)
      if (result.length === FOUND_MAX) break
    }
    return result
  })

  return computed<Explained[]>(() =>
    found.value.map((todo) => {
      const view = { query: store.parsed.query, show: store.view.show }
      const { shown, reasons } = explain(todo, view, context.value, scope())
      const hidden = reasons.find((reason) => reason.kind === 'hidden')
      return { todo, shown, reasons: reasons.map(reasonText), hiddenBy: hidden?.by ?? null }
    }),
  )
}
