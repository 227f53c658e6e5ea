import { useTimeoutFn } from '@vueuse/core'
import type { HistoryChange, HistoryEntry } from '#shared/schemas/history'
import { ApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useEntryChanges } from '~/composables/history/useEntryChanges'
import { useTodosStore } from '~/stores/todos'

interface TodoChange {
  entry: HistoryEntry
  change: HistoryChange
}

/** Entries that are looked through: a pane beside the list tells of what was done lately. */
const ENTRIES = 100
/** Of these so many of more to-dos than an entry tells by itself. */
const LONG_ENTRIES = 10
/** Who goes through a list, or ticks much of it, is not asking about every one. */
const QUIET_MS = 250

/**
 * What was done to one to-do here lately, asked for anew when something changes; `again()` asks by itself. Of a to-do
 * that is not shown any more nothing is asked, and no answer is taken.
 */
export function useTodoHistory(notionId: () => string) {
  const api = useApi()
  const store = useTodosStore()
  const changesOf = useEntryChanges()
  const changes = shallowRef<TodoChange[] | null>(null)
  const failed = ref(false)

  /** Counts what was asked for: an answer to anything but the latest question is not looked at. */
  let asked = 0

  async function load(): Promise<void> {
    const mine = ++asked
    const id = notionId()
    try {
      const { entries } = await api('GET /api/history', { query: { limit: ENTRIES } })
      if (mine !== asked) return
      const found = await Promise.all(worthReading(entries, id).map((entry) => changesIn(entry, id)))
      if (mine !== asked) return
      failed.value = false
      changes.value = found.flat()
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      if (mine === asked) failed.value = true
    }
  }

  async function changesIn(entry: HistoryEntry, id: string): Promise<TodoChange[]> {
    const all = tells(entry, id) ? entry.preview : await changesOf(entry)
    return all.flatMap((change) => (change.id === id ? [{ entry, change }] : []))
  }

  const soon = useTimeoutFn(() => void load(), QUIET_MS, { immediate: false })
  watch([notionId, () => store.seq], ([id], [before]) => {
    if (before !== id) {
      asked += 1
      changes.value = null
    }
    soon.start()
  })
  onMounted(load)
  onScopeDispose(() => (asked += 1))

  return { changes, failed, again: soon.start }
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
