import { CHANGES_MAX, type WriteAction } from '#shared/schemas/todo'
import { clipSeenText } from '#shared/todo/seen-text'
import { toApiError } from '~/composables/api/api-error'
import { newClientId } from '~/composables/api/client-id'
import { useApi } from '~/composables/api/useApi'
import { useOutbox } from '~/composables/offline/useOutbox'
import { useTodosStore, type ShownTodo } from '~/stores/todos'

type Target = Pick<ShownTodo, 'id' | 'notionId'>

/** What was done last, to be offered to be taken back. */
export interface LastEntry {
  /** One for each request it takes. */
  parts: readonly { clientId: string; todos: readonly Target[] }[]
  /** How many to-dos it is about. */
  size: number
  checked: boolean
  /** In ms since 1970. */
  at: number
}

/**
 * Ticking and unticking. The box changes at once; the request follows, as often as it takes and always by one
 * name, so that it counts once. Of several clicks on one to-do the last one counts. What the server refuses
 * stays on the to-do, with its reason, until the person decides.
 *
 * - `tick(todo, checked)`, `tickMany(todos, checked)`: resolve when it is known what became of it. Many are one
 *   request, and one entry of the history, for every five hundred.
 * - `lastEntry`: for the offer to undo; `undo(entry)` takes it back, whether it has arrived or not.
 * - `retry(todo)`: sends again what failed. `resolve(todo, action)`: what the person decides about a to-do that
 *   failed or is in conflict.
 */
export function useTick() {
  const api = useApi()
  const store = useTodosStore()
  const outbox = useOutbox()
  const lastEntry = useState<LastEntry | null>('last-entry', () => null)

  async function tickMany(todos: readonly Target[], checked: boolean): Promise<void> {
    if (todos.length === 0) return
    const parts: { clientId: string; todos: Target[] }[] = []
    for (let start = 0; start < todos.length; start += CHANGES_MAX) {
      const part = todos.slice(start, start + CHANGES_MAX).map(({ id, notionId }) => ({ id, notionId }))
      parts.push({ clientId: newClientId(), todos: part })
    }
    lastEntry.value = { parts, size: todos.length, checked, at: Date.now() }
    await put(parts, checked)
  }

  async function put(
    parts: LastEntry['parts'],
    checked: boolean,
    undoOf?: LastEntry['parts'],
  ): Promise<void> {
    // Looked up before the wish: it is what the wish changes.
    const batches = parts.map(({ clientId, todos }, index) => ({
      clientId,
      changes: todos.map(({ id, notionId }) => {
        const known = store.word(id)
        const text = known && clipSeenText(known.text)
        return { todoId: id, notionId, checked, before: known?.checked ?? !checked, text }
      }),
      undoOf: undoOf?.[index]?.clientId,
    }))
    const ids = parts.flatMap(({ todos }) => todos.map(({ id }) => id))
    store.wish(ids, checked)
    await Promise.all(batches.map((batch) => outbox.add(batch)))
  }

  /** Makes it done or open. */
  function tick(todo: Target, checked: boolean): Promise<void> {
    return tickMany([todo], checked)
  }

  /** Takes back what was done last: to-dos that were not changed by it are left alone. */
  async function undo(entry: LastEntry): Promise<void> {
    if (lastEntry.value === entry) lastEntry.value = null
    const parts = entry.parts.map(({ todos }) => ({ clientId: newClientId(), todos }))
    await put(parts, !entry.checked, entry.parts)
  }

  /** Sends once more what failed: here, or at Notion. */
  async function retry(todo: ShownTodo): Promise<void> {
    if (store.isRefusedHere(todo.id)) await tick(todo, todo.checked)
    else await resolve(todo, 'retry')
  }

  /** Carries out what the person decided. A failure to do so ends on the to-do. */
  async function resolve(todo: ShownTodo, action: WriteAction): Promise<void> {
    if (store.isRefusedHere(todo.id)) {
      if (action === 'retry' || action === 'keep-mine') return tick(todo, todo.checked)
      return store.dropWish(todo.id)
    }
    try {
      await api('POST /api/todos/write', { body: { id: todo.notionId, action } })
      if (action === 'retry' || action === 'keep-mine')
        store.acceptWish(todo.id, todo.checked, { state: 'waiting' })
    } catch (thrown) {
      store.failWish(todo.id, toApiError(thrown).code, todo.checked)
    }
  }

  return { tick, tickMany, undo, retry, resolve, lastEntry }
}
