import type { HistoryEntry } from '#shared/schemas/history'
import type { FailureCode } from '~/composables/api/api-error'
import { toApiError } from '~/composables/api/api-error'
import { newClientId } from '~/composables/api/client-id'
import { useApi } from '~/composables/api/useApi'
import { useSharedReplica } from '~/composables/todos/useReplica'

/** Takes an entry of the history back, or one to-do of it. What came of it is said for screen readers. */
export function useUndo(onDone: () => void) {
  const { t } = useI18n()
  const api = useApi()
  const replica = useSharedReplica()
  const { polite, assertive } = useAnnouncer()
  const isBusy = ref(false)
  const failure = ref<FailureCode | null>(null)
  /** How many to-dos have changed since, so that they were left alone. */
  const leftAlone = ref(0)

  async function undo({ entry }: HistoryEntry, ids?: string[]): Promise<void> {
    if (isBusy.value) return
    isBusy.value = true
    failure.value = null
    try {
      const reply = await api('POST /api/history/:entry/undo', {
        params: { entry },
        body: { clientId: newClientId(), ids },
      })
      leftAlone.value = reply.refused.length
      if (reply.accepted.length > 0) polite(t('history.undone', { count: reply.accepted.length }))
      if (leftAlone.value > 0) assertive(t('history.leftAlone', { count: leftAlone.value }, leftAlone.value))
      await replica.pull()
      onDone()
    } catch (thrown) {
      failure.value = toApiError(thrown).code
    } finally {
      isBusy.value = false
    }
  }

  return { undo, isBusy, failure, leftAlone }
}
