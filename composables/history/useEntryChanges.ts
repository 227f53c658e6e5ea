import type { HistoryChange, HistoryEntry } from '#shared/schemas/history'
import { useApi } from '~/composables/api/useApi'

/** All changes of an entry. Its preview has the first few; the rest is asked for once, and again when it has moved on. */
export function useEntryChanges(): (entry: HistoryEntry) => Promise<readonly HistoryChange[]> {
  const api = useApi()
  const known = new Map<string, { counts: string; changes: Promise<readonly HistoryChange[]> }>()

  async function read(entry: string): Promise<readonly HistoryChange[]> {
    try {
      return (await api('GET /api/history/:entry', { params: { entry } })).changes
    } catch (thrown) {
      known.delete(entry)
      throw thrown
    }
  }

  return async ({ entry, size, preview, counts: now }) => {
    if (preview.length >= size) return preview
    const counts = JSON.stringify(now)
    const kept = known.get(entry)
    if (kept?.counts === counts) return kept.changes
    const changes = read(entry)
    known.set(entry, { counts, changes })
    return changes
  }
}
