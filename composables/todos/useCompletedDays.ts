import type { HistoryChange } from '#shared/schemas/history'
import { dayIn } from '#shared/todo/due-tone'
import type { FailureCode } from '~/composables/api/api-error'
import { toApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useTimeZone } from '~/composables/time/useTimeZone'

export interface CompletedTodo {
  /** Of the change; a to-do may have been done more than once. */
  key: string
  at: string
  change: HistoryChange
}

export interface CompletedDay {
  /** `YYYY-MM-DD`, where the reader is. */
  day: string
  todos: CompletedTodo[]
}

const ENTRIES_AT_ONCE = 50

/** What was done here, by day, newest first; further back with every `more()`. */
export function useCompletedDays() {
  const api = useApi()
  const timeZone = useTimeZone()
  const todos = shallowRef<CompletedTodo[]>([])
  const next = ref<string | null>(null)
  const state = ref<'loading' | 'ready' | FailureCode>('loading')

  async function load(before?: string): Promise<void> {
    state.value = 'loading'
    try {
      const query = { limit: ENTRIES_AT_ONCE, ...(before === undefined ? {} : { before }) }
      const reply = await api('GET /api/history', { query })
      const done = reply.entries.flatMap(({ entry, at, preview }) =>
        preview.filter(isDone).map((change) => ({ key: `${entry} ${change.id}`, at, change })),
      )
      todos.value = before === undefined ? done : [...todos.value, ...done]
      next.value = reply.next
      state.value = 'ready'
    } catch (thrown) {
      state.value = toApiError(thrown).code
    }
  }

  const days = computed<CompletedDay[]>(() => {
    const byDay = Map.groupBy(todos.value, ({ at }) => dayIn(new Date(at), timeZone))
    return [...byDay].map(([day, done]) => ({ day, todos: done }))
  })

  onMounted(() => load())
  return {
    days,
    state,
    hasMore: computed(() => next.value !== null),
    more: () => load(next.value ?? undefined),
  }
}

/** Ticked, and not taken back or refused since. */
function isDone({ after, state }: HistoryChange): boolean {
  return after && state !== 'given_up' && state !== 'superseded' && state !== 'failed'
}
