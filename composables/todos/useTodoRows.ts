import type { TodoView } from '#shared/schemas/view'
import { arrange, type Row } from '#shared/todo/arrange'
import { groundOf, type Ground } from '#shared/todo/arrange-ground'
import { ArrangeMemory } from '#shared/todo/arrange-memory'
import { dueBuckets } from '#shared/todo/due-bucket'
import { MatchMemory } from '#shared/todo/query/narrowing'
import { compileRules } from '#shared/todo/query/view-filter'
import { compileScope, type TodoScope } from '#shared/todo/scope'
import { useClock } from '~/composables/time/useClock'
import { useTimeZone } from '~/composables/time/useTimeZone'
import { useViewFilter } from '~/composables/views/useViewFilter'
import { useLibraryStore } from '~/stores/library'
import { useListStore } from '~/stores/list'
import { useTodosStore, type ShownTodo } from '~/stores/todos'
import { useViewStore } from '~/stores/view'

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
  const { matches: isMatch, asked, problem } = useViewFilter()

  const arrangement = computed(() => ({ ...pick(view.view), ...scope().view }))
  // Arranging everything anew each time the clock ticks would be felt; once a minute is not.
  const minute = computed(() => Math.floor(clock.value.getTime() / MINUTE_MS))
  const now = computed(() => new Date(minute.value * MINUTE_MS))
  const opened = now.value
  const bucketOf = computed(() => dueBuckets(now.value, timeZone))

  const inScope = computed(() => {
    const { databaseIds, due, mine } = scope()
    if (!databaseIds && !due && !mine) return store.todos
    const context = { now: due ? now.value : opened, timeZone, directory: view }
    const outside = compileScope(scope(), context)
    return store.todos.filter((todo) => outside(todo) === null)
  })
  // Parents outside the scope still tell what a to-do belongs to.
  const ground = computed<Ground<ShownTodo>>((before) => groundOf(store.todos, store.editedTime, before))
  const found = new MatchMemory<ShownTodo>()
  const matches = computed(() => found.find(inScope.value, isMatch.value, asked.value))
  const asksForTime = computed(
    () => arrangement.value.group === 'due' || arrangement.value.sort === 'urgency',
  )
  const memory = new ArrangeMemory<ShownTodo>()
  const rows = computed<ShownRow[]>(() =>
    arrange(
      ground.value,
      {
        view: arrangement.value,
        matches: matches.value,
        now: asksForTime.value ? now.value : opened,
        timeZone,
        databases: library.databaseById,
        folded: list.folded,
        lingering: store.lingering,
      },
      memory,
    ),
  )

  const isHidden = computed(() => compileRules(view.rules))
  /** Of this screen, whatever is searched for in it. */
  const openCount = computed(() => count(inScope.value, (todo) => !todo.checked && !isHidden.value(todo)))
  const todayCount = computed(() =>
    count(inScope.value, (todo) => {
      if (todo.checked || todo.due === null || isHidden.value(todo)) return false
      const bucket = bucketOf.value(todo.due)
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
