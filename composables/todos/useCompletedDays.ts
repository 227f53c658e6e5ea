import type { HistoryChange, HistoryEntry } from '#shared/schemas/history'
import { dayIn } from '#shared/todo/due-tone'
import type { FailureCode } from '~/composables/api/api-error'
import { toApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useEntryChanges } from '~/composables/history/useEntryChanges'
import { useTimeZone } from '~/composables/time/useTimeZone'

/** What was done in one go. */
export interface CompletedEntry {
  entry: HistoryEntry
  todos: readonly HistoryChange[]
  /** How many more there are, which were not asked for yet. */
  rest: number
}

export interface CompletedDay {
  /** `YYYY-MM-DD`, where the reader is. */
  day: string
  count: number
  entries: CompletedEntry[]
}

const ENTRIES_AT_ONCE = 50

/** What was done here, by day, newest first; further back with every `more()`, all of an entry with `unfold()`. */
export function useCompletedDays() {
  const api = useApi()
  const timeZone = useTimeZone()
  const changesOf = useEntryChanges()
  const entries = shallowRef<CompletedEntry[]>([])
  const next = ref<string | null>(null)
  const state = ref<'loading' | 'ready' | FailureCode>('loading')

  async function load(before?: string): Promise<void> {
    state.value = 'loading'
    try {
      const query = { limit: ENTRIES_AT_ONCE, ...(before === undefined ? {} : { before }) }
      const reply = await api('GET /api/history', { query })
      const read = await Promise.all(reply.entries.map(completedIn))
      const done = read.filter(({ todos, rest }) => todos.length + rest > 0)
      entries.value = before === undefined ? done : [...entries.value, ...done]
      next.value = reply.next
      state.value = 'ready'
    } catch (thrown) {
      state.value = toApiError(thrown).code
    }
  }

  async function completedIn(entry: HistoryEntry): Promise<CompletedEntry> {
    const { size, counts, preview } = entry
    // Some were done and some opened again: how many of which is only known when all of them are.
    const isMixed = !preview.every(({ after }) => after)
    if (preview.length >= size || isMixed) return whole(entry)
    const todos = preview.filter(isDone)
    return { entry, todos, rest: counts.saved + counts.waiting + counts.conflict - todos.length }
  }

  async function whole(entry: HistoryEntry): Promise<CompletedEntry> {
    return { entry, todos: (await changesOf(entry)).filter(isDone), rest: 0 }
  }

  /** @throws ApiError */
  async function unfold(one: CompletedEntry): Promise<void> {
    const all = await whole(one.entry)
    entries.value = entries.value.map((other) => (other.entry.entry === one.entry.entry ? all : other))
  }

  const days = computed<CompletedDay[]>(() => {
    const byDay = Map.groupBy(entries.value, ({ entry }) => dayIn(new Date(entry.at), timeZone))
    return [...byDay].map(([day, list]) => ({
      day,
      count: list.reduce((sum, { todos, rest }) => sum + todos.length + rest, 0),
      entries: list,
    }))
  })

  onMounted(() => load())
  return {
    days,
    state,
    hasMore: computed(() => next.value !== null),
    more: () => load(next.value ?? undefined),
    unfold,
  }
}

/** Ticked, and not taken back or refused since. */
function isDone({ after, state }: HistoryChange): boolean {
  return after && state !== 'given_up' && state !== 'superseded' && state !== 'failed'
}
