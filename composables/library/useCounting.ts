import type { CountingBody, Database, DoneCandidate } from '#shared/schemas/database'
import { toApiError, type FailureCode } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useLibraryStore } from '~/stores/library'

/**
 * What counts as a to-do in a database, to be changed: loads what could count, holds what the person is choosing,
 * and stores it.
 *
 * - `choice`, `property`: the fields of the form. `values`: of the status that is chosen; empty for a check box.
 * - `save()`: whether it was stored; else see `failure`.
 */
export function useCounting(database: () => Database) {
  const api = useApi()
  const library = useLibraryStore()
  const candidates = shallowRef<readonly DoneCandidate[]>([])
  const state = ref<'loading' | 'ready' | 'saving'>('loading')
  const failure = ref<FailureCode | null>(null)
  const choice = reactive({ boxes: true, rows: false, property: '', done: '', notDone: '' })

  const candidate = computed(() => candidates.value.find(({ id }) => id === choice.property))
  const values = computed(() => (candidate.value?.type === 'status' ? candidate.value.options : []))
  const isPossible = computed(() => !choice.rows || toBody().done !== null)

  /** Another status has other values: its last usually means done, its first not done. */
  const property = computed({
    get: () => choice.property,
    set: (id) => {
      choice.property = id
      choice.done = values.value.at(-1)?.id ?? ''
      choice.notDone = values.value[0]?.id ?? ''
    },
  })

  async function load(): Promise<void> {
    failure.value = null
    try {
      const reply = await api('GET /api/databases/:id/counting', { params: { id: database().id } })
      candidates.value = reply.candidates
      begin(reply.database)
      state.value = 'ready'
    } catch (thrown) {
      failure.value = toApiError(thrown).code
    }
  }

  function begin({ counts, doneProperty }: Database): void {
    Object.assign(choice, counts)
    property.value = doneProperty?.id ?? candidates.value[0]?.id ?? ''
    if (doneProperty?.type === 'status')
      Object.assign(choice, { done: doneProperty.done, notDone: doneProperty.notDone })
  }

  function toBody(): CountingBody {
    const { boxes, rows, property: id, done, notDone } = choice
    switch (rows ? candidate.value?.type : undefined) {
      case undefined:
        return { boxes, rows, done: null }
      case 'checkbox':
        return { boxes, rows, done: { type: 'checkbox', id } }
      case 'status':
        return { boxes, rows, done: done === notDone ? null : { type: 'status', id, done, notDone } }
    }
  }

  async function save(): Promise<boolean> {
    state.value = 'saving'
    failure.value = null
    try {
      await library.chooseCounting(database().id, toBody())
      return true
    } catch (thrown) {
      failure.value = toApiError(thrown).code
      return false
    } finally {
      state.value = 'ready'
    }
  }

  onMounted(load)
  return { candidates, candidate, values, choice, property, isPossible, state, failure, load, save }
}
