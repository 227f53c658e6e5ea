import type { ChangeState, HistoryEntry } from '#shared/schemas/history'
import { ApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useEntryChanges } from '~/composables/history/useEntryChanges'
import { useTodosStore } from '~/stores/todos'

interface TodoChange {
  entry: string
  at: string
  after: boolean
  state: ChangeState
}

/** Entries that are looked through: a pane beside the list tells of what was done lately. */
const ENTRIES = 100
/** Of these so many of more to-dos than an entry tells by itself. */
const LONG_ENTRIES = 10

/** What was done to one to-do here lately, asked for anew when something about it changes. */
export function useTodoHistory(notionId: () => string) {
  const api = useApi()
  const store = useTodosStore()
  const changesOf = useEntryChanges()
  const changes = shallowRef<TodoChange[] | null>(null)
  const failed = ref(false)

  async function load(id: string): Promise<void> {
    try {
      const { entries } = await api('GET /api/history', { query: { limit: ENTRIES } })
      const found = await Promise.all(worthReading(entries, id).map((entry) => changesIn(entry, id)))
      if (id !== notionId()) return
      failed.value = false
      changes.value = found.flat()
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      if (id === notionId()) failed.value = true
    }
  }

  async function changesIn(entry: HistoryEntry, id: string): Promise<TodoChange[]> {
    const all = tells(entry, id) ? entry.preview : await changesOf(entry)
    const { entry: name, at } = entry
    return all.flatMap((one) =>
      one.id === id ? [{ entry: name, at, after: one.after, state: one.state }] : [],
    )
  }

  watch([notionId, () => store.seq], ([id], before) => {
    if (before[0] !== id) changes.value = null
    void load(id)
  })
  onMounted(() => load(notionId()))

  return { changes, failed }
}

function tells({ preview }: HistoryEntry, id: string): boolean {
  return preview.some((change) => change.id === id)
}

/** Those that tell of it, and the newest of those that might. */
function worthReading(entries: readonly HistoryEntry[], id: string): HistoryEntry[] {
  const silent = entries.filter((entry) => entry.size > entry.preview.length && !tells(entry, id))
  const left = new Set(silent.slice(LONG_ENTRIES))
  return entries.filter((entry) => !left.has(entry))
}
