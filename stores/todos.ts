import type { FailureCode } from '~/composables/api/api-error'
import { createTodoTable, type ShownTodo, type ShownWrite } from '~/composables/todos/todo-table'
import { afterPaint } from '~/composables/time/after-paint'
import type { SyncStatus, Todo, TodosReply, WriteState } from '#shared/schemas/todo'

export type { ShownTodo, ShownWrite }

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

/** An answer of the server. `whole`: everything there is; by itself only an answer to "what is there?" is. */
export type Answer = Omit<TodosReply, 'whole'> & { whole?: boolean; cursor?: string | undefined }

interface Pull {
  pull: number
  /** The change counter that the question begins from; null: everything. */
  since: number | null
}

/**
 * The to-dos of all lists as this browser knows them. Filled whole once, then by deltas. What the person
 * ticked lies on top until the server has caught up, so no delta ever undoes a click.
 *
 * For readers (lists, views, counts), all cheap with 20 000 to-dos:
 * - `todo(id)`: one of them, as of now; also of those that came with the page, before the rest. `pages()`: each page
 *   once, by id; to-dos of a page share its object.
 * - `todos`: all, for who has to walk through them: plain objects in the order they came in. The array is a new one
 *   after a change and the same one otherwise; a to-do that did not change is the same object in both, so a row can
 *   be skipped by identity. What the person clicks arrives here only after it was painted: their box must not wait
 *   until everything is counted and arranged anew.
 * - `version`: grows with every change; `settled`: the one that `todos` shows. `seq`: the server's change counter that is included.
 * - `unsaved`: ids that are on their way to Notion, refused or in conflict; `waiting`: is one on its way?
 * - `lingering`: just done here, still shown in lists of open to-dos; in step with `todos`.
 *   `editedTime(page)`: for order.
 * - `sync`, `lastFinishedAt`, `loaded`, `failure`: how reading has come along.
 *
 * Ticking goes through `useTick`, keeping in step through `useReplica`; the actions below are theirs.
 */
export const useTodosStore = defineStore('todos', () => {
  const wishes = new Map<number, Wish>()
  const table = createTodoTable(withWish)
  /** To-dos that came with the page, which can be ticked before all others are known. */
  const first = new Map<number, ShownTodo>()
  /** When each page was last edited as first seen: ticking edits pages, and must not reorder the list. */
  const pageOrder = new Map<number, string | null>()
  let cursor: string | null = null
  let pulls = 0
  /** Answers to pulls before this one are about somebody, or something, that is no longer shown. */
  let firstValidPull = 0

  const version = ref(0)
  /** The version that `todos` and `lingering` show. */
  const settled = ref(0)
  const seq = ref<number | null>(null)
  const sync = shallowRef<SyncStatus | null>(null)
  /** A run under way has not finished: what the one before left behind is kept. */
  const lastFinishedAt = ref<string | null>(null)
  const loaded = ref(false)
  const failure = ref<FailureCode | null>(null)
  let stays: ReadonlySet<number> = new Set()
  /** Which linger a to-do is in: a later click begins another. */
  const lingerOf = new Map<number, symbol>()

  const todos = computed(() => (void settled.value, table.look()))
  const lingering = computed(() => (void settled.value, stays))
  const unsaved = computed<ReadonlySet<number>>(() => atVersion(() => (table.look(), new Set(table.unsaved))))
  const waiting = computed(() => [...unsaved.value].some((id) => table.find(id)?.write.state === 'waiting'))

  /** Asked again whenever something has changed, however much changed at once. */
  function atVersion<T>(read: () => T): T {
    void version.value
    return read()
  }

  /** There is news for everybody. */
  function change(): void {
    version.value += 1
    settled.value = version.value
  }

  /** The person did something: their row first, everything else after it is on the screen. */
  function changeByHand(): void {
    version.value += 1
    afterPaint(() => (settled.value = version.value))
  }

  function withWish(todo: ShownTodo): ShownTodo {
    const wish = wishes.get(todo.id)
    return wish ? { ...todo, checked: wish.checked, write: wish.write } : todo
  }

  function setWish(id: number, wish: Wish | null): void {
    if (wish) wishes.set(id, wish)
    else if (!wishes.delete(id)) return
    table.touch(id)
  }

  /** Call before asking the server; pass the answer on to `merge` with what it answers to. */
  function beginPull(): Pull & { cursor: string | null } {
    pulls += 1
    return { pull: pulls, since: seq.value, cursor }
  }

  /** Takes an answer in. One that was overtaken by a newer one (or by `clear`) is dropped. */
  function merge(reply: Answer, { pull, since }: Pull): void {
    if (pull < firstValidPull || since !== seq.value) return
    if (reply.whole ?? since === null) keepOnly(new Set(reply.todos.map((todo) => todo.id)))
    for (const id of reply.removed) forget(id)
    for (const todo of reply.todos) take(todo)
    for (const [id, wish] of wishes) {
      if (wish.acceptedAtPull !== undefined && wish.acceptedAtPull < pull) setWish(id, null)
    }
    cursor = reply.cursor ?? null
    seq.value = reply.seq
    sync.value = reply.sync
    lastFinishedAt.value = reply.sync.lastFinishedAt ?? lastFinishedAt.value
    haveAll()
    failure.value = null
    change()
  }

  /** What came with the page, to be ticked until everything is there. */
  function showFirst(todos: readonly ShownTodo[]): void {
    if (loaded.value) return
    first.clear()
    for (const todo of todos) first.set(todo.id, todo)
  }

  function haveAll(): void {
    loaded.value = true
    first.clear()
  }

  /** What a to-do is without what the person wants of it: as the server has told it last. */
  function word(id: number): ShownTodo | undefined {
    return table.known.get(id) ?? first.get(id)
  }

  function find(id: number): ShownTodo | undefined {
    const early = first.get(id)
    return table.find(id) ?? (early && withWish(early))
  }

  /** What this device kept from the last time. @returns false when the server has been quicker */
  function restore(kept: {
    todos: readonly Todo[]
    seq: number
    cursor: string
    finishedAt: string | null
  }): boolean {
    if (loaded.value || seq.value !== null) return false
    for (const todo of kept.todos) take(todo)
    cursor = kept.cursor
    seq.value = kept.seq
    lastFinishedAt.value = kept.finishedAt
    haveAll()
    change()
    return true
  }

  function take(todo: Todo): void {
    table.put(todo)
    if (!pageOrder.has(todo.page.id)) pageOrder.set(todo.page.id, todo.page.lastEditedTime)
  }

  function forget(id: number): void {
    table.remove(id)
    wishes.delete(id)
  }

  function keepOnly(ids: ReadonlySet<number>): void {
    for (const id of [...table.known.keys(), ...wishes.keys()]) if (!ids.has(id)) forget(id)
  }

  /** The person wants these done, or open. Shown at once, all in one step. */
  function wish(id: number | readonly number[], checked: boolean): void {
    const ids = typeof id === 'number' ? [id] : id
    for (const one of ids) setWish(one, { checked, write: { state: 'waiting' } })
    linger(ids, checked)
    changeByHand()
  }

  function wishOf(id: number): boolean | undefined {
    return wishes.get(id)?.checked
  }

  function acceptWish(id: number, checked: boolean, write: WriteState): void {
    const todo = table.known.get(id)
    if (todo) table.put({ ...todo, checked, write })
    const early = first.get(id)
    if (early) first.set(id, { ...early, checked, write })
    setWish(id, { checked, write, acceptedAtPull: pulls })
    changeByHand()
  }

  /** @param checked what was wanted, where nobody has wished for it: what they decided about it did not work */
  function failWish(id: number, code: FailureCode, checked = wishes.get(id)?.checked): void {
    if (checked === undefined) return
    setWish(id, { checked, write: { state: 'failed', code } })
    changeByHand()
  }

  /** It was refused before it got anywhere, so the server knows nothing of it. */
  function isRefusedHere(id: number): boolean {
    return wishes.get(id)?.write.state === 'failed'
  }

  /** The wish is given up: what the server says is shown again. */
  function dropWish(id: number): void {
    setWish(id, null)
    changeByHand()
  }

  function linger(ids: readonly number[], checked: boolean): void {
    const stay = new Set(stays)
    const mine = Symbol('linger')
    for (const id of ids) {
      lingerOf.set(id, mine)
      if (checked) stay.add(id)
      else stay.delete(id)
    }
    stays = stay
    if (checked) setTimeout(() => leave(ids, mine), LINGER_MS)
  }

  function leave(ids: readonly number[], mine: symbol): void {
    const stay = new Set(stays)
    for (const id of ids) {
      if (lingerOf.get(id) !== mine) continue
      lingerOf.delete(id)
      stay.delete(id)
    }
    stays = stay
    change()
  }

  function editedTime(page: Todo['page']): string | null {
    return pageOrder.get(page.id) ?? page.lastEditedTime
  }

  function fail(code: FailureCode): void {
    failure.value = code
  }

  /** What is known is no longer the whole story (another list, another workspace): everything is asked for anew. */
  function startOver(): void {
    seq.value = null
    cursor = null
    firstValidPull = pulls + 1
    loaded.value = false
    failure.value = null
  }

  function clear(): void {
    table.clear()
    first.clear()
    wishes.clear()
    lingerOf.clear()
    stays = new Set()
    pageOrder.clear()
    startOver()
    sync.value = null
    lastFinishedAt.value = null
    change()
  }

  return {
    todos,
    todo: (id: number): ShownTodo | undefined => atVersion(() => find(id)),
    pages: () => atVersion(() => table.pages),
    /** The server's word alone, for what is kept on the device. */
    known: () => table.known,
    word,
    version: computed(() => version.value),
    settled: computed(() => settled.value),
    seq: computed(() => seq.value),
    cursor: () => cursor,
    unsaved,
    waiting,
    lingering,
    sync,
    lastFinishedAt,
    loaded,
    failure,
    beginPull,
    merge,
    showFirst,
    restore,
    wish,
    wishOf,
    acceptWish,
    failWish,
    isRefusedHere,
    dropWish,
    editedTime,
    fail,
    startOver,
    clear,
  }
})
