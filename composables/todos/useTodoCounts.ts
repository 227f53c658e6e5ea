import { dueBuckets } from '#shared/todo/due-bucket'
import { compileRules } from '#shared/todo/query/view-filter'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore, type ShownTodo } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { useClock } from '~/composables/time/useClock'
import { useTimeZone } from '~/composables/time/useTimeZone'

/**
 * Open to-dos per view and list, without the places that the person keeps out of their lists; `undefined` until
 * they are known, so that nobody reads a false zero.
 */
export function useTodoCounts() {
  const store = useTodosStore()
  const library = useLibraryStore()
  const view = useViewStore()
  const now = useClock()
  const timeZone = useTimeZone()

  // Everything but the dates in one pass: it is made anew with every tick.
  const open = computed(() => {
    const isHidden = compileRules(view.rules)
    const me = new Set(view.me)
    const perDatabase = new Map<string, number>()
    const dated: ShownTodo[] = []
    let [all, mine] = [0, 0]
    for (const todo of store.todos) {
      if (todo.checked || isHidden(todo)) continue
      all += 1
      if (todo.people.some(({ id }) => me.has(id))) mine += 1
      if (todo.due !== null) dated.push(todo)
      perDatabase.set(todo.databaseId, (perDatabase.get(todo.databaseId) ?? 0) + 1)
    }
    return { all, mine, perDatabase, dated }
  })
  /** Only these change while nothing is ticked, as time goes by. */
  const today = computed(() => {
    const bucketOf = dueBuckets(now.value, timeZone)
    return open.value.dated.filter(({ due }) => ['overdue', 'today'].includes(bucketOf(due))).length
  })

  function inDatabases(ids: readonly string[]): number {
    return ids.reduce((sum, id) => sum + (open.value.perDatabase.get(id) ?? 0), 0)
  }

  return computed(() => {
    if (!store.loaded) return { byList: new Map<number, number>() }
    const { all, mine } = open.value
    const byList = new Map(library.lists.map(({ id, databaseIds }) => [id, inDatabases(databaseIds)]))
    return { all, mine, today: today.value, byList }
  })
}
