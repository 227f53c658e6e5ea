import type { FailureCode } from '~/composables/api/api-error'
import type { SyncStatus, Todo, TodosReply, WriteState } from '#shared/schemas/todo'

/** How a done to-do stays before it leaves an "open" list, so that one can change one's mind. */
export const LINGER_MS = 1_500

/** What the person wants of a to-do, from the click until the server's own word includes it. */
interface Wish {
  checked: boolean
  write: ShownWrite
  /**
   * Set once the server has accepted: the number of the last pull that had begun by then. Such a pull may
   * still bring the state from before the tick; only a later one is newer than the wish.
   */
  acceptedAtPull?: number
}

export type ShownWrite = WriteState | { state: 'failed'; code: FailureCode }

/** A to-do as it is shown: the server's word, with the person's pending wish on top. */
export type ShownTodo = Omit<Todo, 'write'> & { write: ShownWrite }

/**
 * The to-dos of all lists as this browser knows them. Filled whole once, then by deltas. What the person
 * ticked lies on top until the server has caught up, so no delta ever undoes a click.
 */
export const useTodosStore = defineStore('todos', () => {
  const replica = shallowReactive(new Map<number, Todo>())
  const wishes = shallowReactive(new Map<number, Wish>())
  const lingering = shallowReactive(new Set<number>())
  const lingerTimers = new Map<number, ReturnType<typeof setTimeout>>()
  /** When each page was last edited as first seen: ticking edits pages, and must not reorder the list. */
  const pageOrder = new Map<number, string | null>()
  let seq: number | null = null
  let pulls = 0
  /** Answers to pulls before this one are about somebody, or something, that is no longer shown. */
  let firstValidPull = 0

  const sync = shallowRef<SyncStatus | null>(null)
  /** A run under way has not finished: what the one before left behind is kept. */
  const lastFinishedAt = ref<string | null>(null)
  const loaded = ref(false)
  const failure = ref<FailureCode | null>(null)

  const todos = computed(() => [...replica.values()].map(withWish))
  const waiting = computed(() => todos.value.some((todo) => todo.write.state === 'waiting'))

  function withWish(todo: Todo): ShownTodo {
    const wish = wishes.get(todo.id)
    return wish ? { ...todo, checked: wish.checked, write: wish.write } : todo
  }

  /** Call before asking the server; pass the number and the `since` it answers to on to `merge`. */
  function beginPull(): { pull: number; since: number | null } {
    pulls += 1
    return { pull: pulls, since: seq }
  }

  /** Takes an answer in. One that was overtaken by a newer one (or by `clear`) is dropped. */
  function merge(reply: TodosReply, { pull, since }: { pull: number; since: number | null }): void {
    if (pull < firstValidPull || since !== seq) return
    if (since === null) replica.clear()
    for (const id of reply.removed) {
      replica.delete(id)
      wishes.delete(id)
    }
    for (const todo of reply.todos) {
      replica.set(todo.id, todo)
      if (!pageOrder.has(todo.page.id)) pageOrder.set(todo.page.id, todo.page.lastEditedTime)
    }
    for (const [id, wish] of wishes) {
      if (wish.acceptedAtPull !== undefined && wish.acceptedAtPull < pull) wishes.delete(id)
    }
    seq = reply.seq
    sync.value = reply.sync
    lastFinishedAt.value = reply.sync.lastFinishedAt ?? lastFinishedAt.value
    loaded.value = true
    failure.value = null
  }

  function wish(id: number, checked: boolean): void {
    wishes.set(id, { checked, write: { state: 'waiting' } })
    linger(id, checked)
  }

  function wishOf(id: number): boolean | undefined {
    return wishes.get(id)?.checked
  }

  function acceptWish(id: number, checked: boolean, write: WriteState): void {
    const todo = replica.get(id)
    if (todo) replica.set(id, { ...todo, checked, write })
    wishes.set(id, { checked, write, acceptedAtPull: pulls })
  }

  function failWish(id: number, code: FailureCode): void {
    const current = wishes.get(id)
    if (current) wishes.set(id, { checked: current.checked, write: { state: 'failed', code } })
  }

  function linger(id: number, checked: boolean): void {
    clearTimeout(lingerTimers.get(id))
    lingerTimers.delete(id)
    lingering.delete(id)
    if (!checked) return
    lingering.add(id)
    const leave = () => {
      lingering.delete(id)
      lingerTimers.delete(id)
    }
    lingerTimers.set(id, setTimeout(leave, LINGER_MS))
  }

  function editedTime(page: Todo['page']): string | null {
    return pageOrder.get(page.id) ?? page.lastEditedTime
  }

  function fail(code: FailureCode): void {
    failure.value = code
  }

  /** What is known is no longer the whole story (another list, another workspace): everything is asked for anew. */
  function startOver(): void {
    seq = null
    firstValidPull = pulls + 1
    loaded.value = false
    failure.value = null
  }

  function clear(): void {
    replica.clear()
    wishes.clear()
    for (const timer of lingerTimers.values()) clearTimeout(timer)
    lingerTimers.clear()
    lingering.clear()
    pageOrder.clear()
    startOver()
    sync.value = null
    lastFinishedAt.value = null
  }

  return {
    todos,
    waiting,
    lingering: computed<ReadonlySet<number>>(() => new Set(lingering)),
    sync,
    lastFinishedAt,
    loaded,
    failure,
    beginPull,
    merge,
    wish,
    wishOf,
    acceptWish,
    failWish,
    editedTime,
    fail,
    startOver,
    clear,
  }
})
