import type { TodoView } from '#shared/schemas/view'
import { arrange, type Row } from '#shared/todo/arrange'
import { dueBuckets, type DueBucket } from '#shared/todo/due-bucket'
import { parentsOf } from '#shared/todo/parents'
import { useClock } from '~/composables/time/useClock'
import { useTimeZone } from '~/composables/time/useTimeZone'
import { useViewFilter } from '~/composables/views/useViewFilter'
import { useLibraryStore } from '~/stores/library'
import { useListStore } from '~/stores/list'
import { useTodosStore, type ShownTodo } from '~/stores/todos'
import { useViewStore } from '~/stores/view'

/** What a page is about, whatever the person looks for in it. */
export interface TodoScope {
  /** Only these databases; everything when absent. */
  databaseIds?: readonly string[] | undefined
  /** Only what is due in these stretches of time; everything when absent. */
  due?: readonly DueBucket[] | undefined
  /** Only what mentions the reader, or is assigned to them. */
  mine?: boolean
  /** What the page decides instead of the view: an agenda is always by date. */
  view?: Partial<Pick<TodoView, 'group' | 'sort'>> | undefined
}

export type ShownRow = Row<ShownTodo>

const MINUTE_MS = 60_000

/** The to-dos of one screen as rows: those of its scope that the view asks for, as the view arranges them. */
export function useTodoRows(scope: () => TodoScope) {
  const store = useTodosStore()
  const library = useLibraryStore()
  const list = useListStore()
  const view = useViewStore()
  const clock = useClock()
  const timeZone = useTimeZone()
  const { matches: isMatch, problem } = useViewFilter()

  const arrangement = computed(() => ({ ...pick(view.view), ...scope().view }))
  // Arranging everything anew each time the clock ticks would be felt; once a minute is not.
  const minute = computed(() => Math.floor(clock.value.getTime() / MINUTE_MS))
  const now = computed(() => new Date(minute.value * MINUTE_MS))
  const bucketOf = computed(() => dueBuckets(now.value, timeZone))

  const inScope = computed(() => {
    const { databaseIds, due, mine } = scope()
    if (!databaseIds && !due && !mine) return store.todos
    const databases = databaseIds && new Set(databaseIds)
    const me = mine ? new Set(view.directory.me) : null
    return store.todos.filter(
      (todo) =>
        (!databases || databases.has(todo.databaseId)) &&
        (!due || due.includes(bucketOf.value(todo.due))) &&
        (!me || todo.people.some(({ id }) => me.has(id))),
    )
  })
  // Parents outside the scope still tell what a to-do belongs to.
  const parents = computed(() => parentsOf(store.todos))
  const matches = computed(() => {
    const ids = new Set<number>()
    for (const todo of inScope.value) if (isMatch.value(todo)) ids.add(todo.id)
    return ids
  })
  const asksForTime = computed(
    () => arrangement.value.group === 'due' || arrangement.value.sort === 'urgency',
  )
  const opened = now.value
  const rows = computed<ShownRow[]>(() =>
    arrange(store.todos, {
      view: arrangement.value,
      parents: parents.value,
      matches: matches.value,
      now: asksForTime.value ? now.value : opened,
      timeZone,
      databases: library.databaseById,
      folded: list.folded,
      lingering: store.lingering,
      editedTime: store.editedTime,
    }),
  )

  /** Of this screen, whatever is searched for in it. */
  const openCount = computed(() => count(inScope.value, ({ checked }) => !checked))
  const todayCount = computed(() =>
    count(inScope.value, ({ checked, due }) => {
      if (checked || due === null) return false
      const bucket = bucketOf.value(due)
      return bucket === 'overdue' || bucket === 'today'
    }),
  )

  return { inScope, rows, matches, openCount, todayCount, arrangement, problem }
}

function pick({ group, sort }: TodoView): Pick<TodoView, 'group' | 'sort'> {
  return { group, sort }
}

function count(todos: readonly ShownTodo[], isCounted: (todo: ShownTodo) => boolean): number {
  let sum = 0
  for (const todo of todos) if (isCounted(todo)) sum += 1
  return sum
}
