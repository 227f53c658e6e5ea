import { toApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useTodosStore, type ShownTodo } from '~/stores/todos'

type Target = Pick<ShownTodo, 'id' | 'notionId'>

/** To-dos whose tick is on its way, per app: one request at a time for each, whoever clicked. */
const deliveriesOf = new WeakMap<object, Set<number>>()

/**
 * Ticking and unticking. The box changes at once; the request follows. Clicks that come while one is under way
 * are not queued: when it returns, the latest wish is sent if it differs, so the last click wins. A failure
 * stays on the to-do, with its reason, until the person retries.
 */
export function useTick() {
  const api = useApi()
  const store = useTodosStore()
  const nuxtApp = useNuxtApp()
  const deliveries = deliveriesOf.get(nuxtApp) ?? new Set<number>()
  deliveriesOf.set(nuxtApp, deliveries)

  async function deliver({ id, notionId }: Target): Promise<void> {
    if (deliveries.has(id)) return
    deliveries.add(id)
    try {
      for (let checked = store.wishOf(id); checked !== undefined;) {
        const reply = await api('POST /api/toggle-checkbox', { body: { id: notionId, to_do: { checked } } })
        const latest = store.wishOf(id)
        if (latest === checked) store.acceptWish(id, checked, reply.write)
        checked = latest === checked ? undefined : latest
      }
    } catch (thrown) {
      store.failWish(id, toApiError(thrown).code)
    } finally {
      deliveries.delete(id)
    }
  }

  /** Makes it done or open, and resolves when the server has taken it or refused it. */
  function tick(todo: Target, checked: boolean): Promise<void> {
    store.wish(todo.id, checked)
    return deliver(todo)
  }

  /** Sends once more what failed. */
  function retry(todo: ShownTodo): Promise<void> {
    return tick(todo, todo.checked)
  }

  return { tick, retry }
}
