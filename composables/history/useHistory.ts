import type { HistoryEntry } from '#shared/schemas/history'
import { dayIn } from '#shared/todo/due-tone'
import type { FailureCode } from '~/composables/api/api-error'
import { toApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useTimeZone } from '~/composables/time/useTimeZone'
import { useTodosStore } from '~/stores/todos'

export interface HistoryDay {
  /** `YYYY-MM-DD`, where the reader is. */
  day: string
  entries: HistoryEntry[]
}

const ENTRIES_AT_ONCE = 30

/**
 * Everything the person has changed, by day, newest first; further back with every `more()`. What is under way
 * is asked for anew whenever something has changed.
 */
export function useHistory() {
  const api = useApi()
  const store = useTodosStore()
  const timeZone = useTimeZone()
  const entries = shallowRef<HistoryEntry[]>([])
  const next = ref<string | null>(null)
  const state = ref<'loading' | 'ready' | FailureCode>('loading')

  async function load(before?: string): Promise<void> {
    state.value = 'loading'
    try {
      const reply = await api('GET /api/history', {
        query: { limit: ENTRIES_AT_ONCE, ...(before === undefined ? {} : { before }) },
      })
      entries.value = before === undefined ? reply.entries : [...entries.value, ...reply.entries]
      next.value = reply.next
      state.value = 'ready'
    } catch (thrown) {
      state.value = toApiError(thrown).code
    }
  }

  /** The newest page again, over what is shown; what lies further back stays. */
  async function refresh(): Promise<void> {
    if (state.value !== 'ready') return
    try {
      const { entries: newest, next: below } = await api('GET /api/history', {
        query: { limit: ENTRIES_AT_ONCE },
      })
      const fresh = new Set(newest.map(({ entry }) => entry))
      const older = entries.value.slice(entries.value.findLastIndex(({ entry }) => fresh.has(entry)) + 1)
      const isGap = older.length === entries.value.length
      entries.value = isGap ? newest : [...newest, ...older]
      if (isGap || older.length === 0) next.value = below
    } catch (thrown) {
      // What is shown stays; the next change brings another try.
      toApiError(thrown)
    }
  }

  const days = computed<HistoryDay[]>(() => {
    const byDay = Map.groupBy(entries.value, ({ at }) => dayIn(new Date(at), timeZone))
    return [...byDay].map(([day, list]) => ({ day, entries: list }))
  })

  onMounted(() => load())
  watch(() => store.seq, refresh)
  return {
    days,
    state,
    hasMore: computed(() => next.value !== null),
    more: () => load(next.value ?? undefined),
    again: () => load(),
    refresh,
  }
}
