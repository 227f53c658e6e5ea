import { dueBuckets } from '#shared/todo/due-bucket'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { useClock } from '~/composables/time/useClock'
import { useTimeZone } from '~/composables/time/useTimeZone'

/** Open to-dos per view and list; `undefined` until they are known, so that nobody reads a false zero. */
export function useTodoCounts() {
  const store = useTodosStore()
  const library = useLibraryStore()
  const view = useViewStore()
  const now = useClock()
  const timeZone = useTimeZone()

  const open = computed(() => store.todos.filter((todo) => !todo.checked))
  const dated = computed(() => open.value.filter((todo) => todo.due !== null))
  const today = computed(() => {
    const bucketOf = dueBuckets(now.value, timeZone)
    return dated.value.filter(({ due }) => ['overdue', 'today'].includes(bucketOf(due))).length
  })
  const mine = computed(() => {
    const me = new Set(view.directory.me)
    return open.value.filter(({ people }) => people.some(({ id }) => me.has(id))).length
  })
  const openPerDatabase = computed(() => {
    const counts = new Map<string, number>()
    for (const { databaseId } of open.value) counts.set(databaseId, (counts.get(databaseId) ?? 0) + 1)
    return counts
  })

  return computed(() => ({
    all: store.loaded ? open.value.length : undefined,
    mine: store.loaded ? mine.value : undefined,
    today: store.loaded ? today.value : undefined,
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
