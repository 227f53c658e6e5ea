import { isDueNow } from '#shared/todo/filter'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'
import { useClock } from '~/composables/time/useClock'
import { useTimeZone } from '~/composables/time/useTimeZone'

/** Open to-dos per view and list; `undefined` until they are known, so that nobody reads a false zero. */
export function useTodoCounts() {
  const store = useTodosStore()
  const library = useLibraryStore()
  const now = useClock()
  const timeZone = useTimeZone()

  const open = computed(() => store.todos.filter((todo) => !todo.checked))
  const openPerDatabase = computed(() => {
    const counts = new Map<string, number>()
    for (const { databaseId } of open.value) counts.set(databaseId, (counts.get(databaseId) ?? 0) + 1)
    return counts
  })

  return computed(() => ({
    all: store.loaded ? open.value.length : undefined,
    today: store.loaded ? open.value.filter((todo) => isDueNow(todo, now.value, timeZone)).length : undefined,
    byList: new Map(
      library.lists.map(({ id, databaseIds }) => {
        const count = databaseIds.reduce(
          (sum, databaseId) => sum + (openPerDatabase.value.get(databaseId) ?? 0),
          0,
        )
        return [id, store.loaded ? count : undefined] as const
      }),
    ),
  }))
}
