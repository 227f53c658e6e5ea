import type { ChangeState, HistoryChange, HistoryEntry } from '#shared/schemas/history'
import { dayIn } from '#shared/todo/due-tone'
import type { FailureCode } from '~/composables/api/api-error'
import { toApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useEntryChanges } from '~/composables/history/useEntryChanges'
import { useOutbox } from '~/composables/offline/useOutbox'
import { useTimeZone } from '~/composables/time/useTimeZone'

/** What was done in one go. */
export interface CompletedEntry {
  entry: HistoryEntry
  /** From the newest on. */
  order: number
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

/** What was done here and not taken back, by day, newest first; further back with every `more()`, all of an entry with `unfold()`. */
export function useCompletedDays() {
  const api = useApi()
  const timeZone = useTimeZone()
  const changesOf = useEntryChanges()
  const entries = shallowRef<CompletedEntry[]>([])
  /** What was opened again, and in which entry last: what was ticked before that was taken back. */
  const reopened = new Map<string, number>()
  let seen = 0
  const next = ref<string | null>(null)
  const state = ref<'loading' | 'ready' | FailureCode>('loading')

  async function load(before?: string): Promise<void> {
    state.value = 'loading'
    try {
      const query = { limit: ENTRIES_AT_ONCE, ...(before === undefined ? {} : { before }) }
      const reply = await api('GET /api/history', { query })
      const all = await Promise.all(reply.entries.map(knownOf))
      if (before === undefined) reopened.clear()
      const completed = await Promise.all(all.map(completedIn).map(settled))
      const done = completed.filter(({ todos, rest }) => todos.length + rest > 0)
      entries.value = before === undefined ? done : [...entries.value, ...done]
      next.value = reply.next
      state.value = 'ready'
    } catch (thrown) {
      state.value = toApiError(thrown).code
    }
  }

  /** The first few, unless something was opened again in it: then all of it has to be known. */
  async function knownOf(entry: HistoryEntry): Promise<Known> {
    const isMixed = !entry.preview.every(({ after }) => after)
    return { entry, changes: isMixed ? await changesOf(entry) : entry.preview }
  }

  function completedIn({ entry, changes }: Known): CompletedEntry {
    const order = seen
    seen += 1
    for (const { id, after, state } of changes) {
      if (!after && isEffective(state) && !reopened.has(id)) reopened.set(id, order)
    }
    const done = changes.filter(isDone)
    const { size, counts } = entry
    const rest = changes.length < size ? counts.saved + counts.waiting + counts.conflict - done.length : 0
    return { entry, order, todos: stillDone(done, order), rest }
  }

  function stillDone(done: readonly HistoryChange[], order: number): HistoryChange[] {
    return done.filter(({ id }) => (reopened.get(id) ?? order) >= order)
  }

  /** When some of the first few were taken back, so may be the rest. */
  async function settled(one: CompletedEntry): Promise<CompletedEntry> {
    const isDoubtful = one.rest > 0 && one.todos.length < one.entry.preview.filter(isDone).length
    return isDoubtful ? whole(one) : one
  }

  async function whole({ entry, order }: CompletedEntry): Promise<CompletedEntry> {
    const todos = stillDone((await changesOf(entry)).filter(isDone), order)
    return { entry, order, todos, rest: 0 }
  }

  /** @throws ApiError */
  async function unfold(one: CompletedEntry): Promise<void> {
    const all = await whole(one)
    entries.value = entries.value.map((other) => (other.order === one.order ? all : other))
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
  // What was ticked a moment ago may have been on its way still.
  const { waiting } = useOutbox()
  watch(waiting, (left) => {
    if (left === 0) void load()
  })
  return {
    days,
    state,
    hasMore: computed(() => next.value !== null),
    more: () => load(next.value ?? undefined),
    unfold,
  }
}

interface Known {
  entry: HistoryEntry
  changes: readonly HistoryChange[]
}

function isDone({ after, state }: HistoryChange): boolean {
  return after && isEffective(state)
}

function isEffective(state: ChangeState): boolean {
  return state !== 'given_up' && state !== 'superseded' && state !== 'failed'
}
