import { ApiError, type FailureCode } from '~/composables/api/api-error'
import { useTodosStore } from '~/stores/todos'
import { useSharedReplica } from './useReplica'

/**
 * Having everything brought up to date with Notion by hand. `failure` is why that could not be asked for; until it is
 * asked for again, or the server answers a later question all the same.
 */
export function useRefresh() {
  const replica = useSharedReplica()
  const store = useTodosStore()
  const failure = ref<FailureCode | null>(null)
  /** The newest pull that had begun when it failed: its answer says nothing about the time since. */
  let failedDuring = 0
  let newest = 0

  const stop = store.$onAction(({ name, args, after }) => {
    if (name === 'beginPull') after(({ pull }) => (newest = pull))
    if (name !== 'merge') return
    const [, { pull }] = args
    after(() => {
      if (pull > failedDuring) failure.value = null
    })
  })
  onScopeDispose(stop)

  async function refresh(): Promise<void> {
    failure.value = null
    try {
      await replica.refresh()
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      failure.value = thrown.code
      failedDuring = newest
    }
  }

  return { refresh, failure }
}
