import { filterTodos, isDueNow } from '#shared/todo/filter'
import { groupTodos, inReadingOrder } from '#shared/todo/group'
import { parentsOf } from '#shared/todo/parents'
import { useClock } from '~/composables/time/useClock'
import { useTimeZone } from '~/composables/time/useTimeZone'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'

export interface TodoScope {
  /** Only these databases; everything when absent. */
  databaseIds?: readonly string[] | undefined
  due: 'any' | 'today'
}

/** The to-dos of one screen: filtered by what the person looks for, grouped, and in reading order. */
export function useTodoGroups(scope: () => TodoScope) {
  const store = useTodosStore()
  const view = useViewStore()
  const now = useClock()
  const timeZone = useTimeZone()

  const inScope = computed(() => {
    const { databaseIds } = scope()
    if (!databaseIds) return store.todos
    const wanted = new Set(databaseIds)
    return store.todos.filter((todo) => wanted.has(todo.databaseId))
  })
  const parents = computed(() => parentsOf(inScope.value))
  const shown = computed(() =>
    filterTodos(
      inScope.value,
      parents.value,
      { text: view.text, show: view.show, due: scope().due },
      { now: now.value, timeZone, lingering: store.lingering },
    ),
  )
  const groups = computed(() =>
    groupTodos(inScope.value, parents.value, { shown: shown.value, editedTime: store.editedTime }),
  )
  const matches = computed(() => [...shown.value.values()].filter((role) => role === 'match').length)
  /** Open to-dos of this screen, whatever is searched for in it. */
  const openCount = computed(() => {
    const open = inScope.value.filter((todo) => !todo.checked)
    return scope().due === 'any'
      ? open.length
      : open.filter((todo) => isDueNow(todo, now.value, timeZone)).length
  })
  const order = computed(() => inReadingOrder(groups.value).map((todo) => todo.id))

  return { inScope, groups, matches, openCount, order }
}
