import type { ChangeState } from '#shared/schemas/history'
import { ApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useTodosStore } from '~/stores/todos'

interface TodoChange {
  entry: string
  at: string
  after: boolean
  state: ChangeState
}

/** Entries that are looked through: a pane beside the list tells of what was done lately. */
const ENTRIES = 100

/** What was done to one to-do here lately, asked for anew when something about it changes. */
export function useTodoHistory(notionId: () => string) {
  const api = useApi()
  const store = useTodosStore()
  const changes = shallowRef<TodoChange[] | null>(null)
  const failed = ref(false)

  async function load(id: string): Promise<void> {
    try {
      const { entries } = await api('GET /api/history', { query: { limit: ENTRIES } })
      if (id !== notionId()) return
      failed.value = false
      changes.value = entries.flatMap(({ entry, at, preview }) =>
        preview.filter((change) => change.id === id).map(({ after, state }) => ({ entry, at, after, state })),
      )
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      failed.value = true
    }
  }

  watch([notionId, () => store.seq], ([id], before) => {
    if (before[0] !== id) changes.value = null
    void load(id)
  })
  onMounted(() => load(notionId()))

  return { changes, failed }
}
