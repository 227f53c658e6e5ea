import { CHANGES_MAX } from '#shared/schemas/todo'
import { ApiError, toApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useSession } from '~/composables/session/useSession'
import { useTodosStore } from '~/stores/todos'
import { createOutbox, type Batch } from './outbox'
import { alone, openOutboxChannel, type Outcome, type OutboxMessage } from './outbox-channel'
import { patience } from './patience'
import { useReachability } from './useReachability'

/** Requests under way at once; a browser has six connections to a host, and two are spoken for. */
const PARALLEL = 4

/** A request that hangs for this long is as good as lost; the next one by the same name finds out. */
const ANSWER_WITHIN_MS = 30_000

/** Where the queue outlives the tab, for those who asked for it. */
export interface QueueKeeper {
  put: (batch: Batch) => void
  remove: (clientIds: readonly string[]) => void
  load: () => Promise<Batch[]>
}

export interface TickQueue {
  /** Takes an action in; resolves when it is known of each of its to-dos what became of it. */
  add: (action: Pick<Batch, 'clientId' | 'changes' | 'undoOf'>) => Promise<void>
  /** Sends what is there, if the server can be reached. */
  flush: () => Promise<void>
  /** The history's name of an action that has arrived. */
  entryOf: (clientId: string) => string | undefined
  keepWith: (keeper: QueueKeeper | null) => Promise<void>
  /** How many changes have not been taken by the server yet. */
  waiting: Readonly<Ref<number>>
  clear: () => void
}

const queues = new WeakMap<object, TickQueue>()

/** The one queue of this tab, shared with the person's other tabs. */
export function useOutbox(): TickQueue {
  const nuxtApp = useNuxtApp()
  const queue = queues.get(nuxtApp) ?? createTickQueue()
  queues.set(nuxtApp, queue)
  return queue
}

function createTickQueue(): TickQueue {
  const api = useApi()
  const store = useTodosStore()
  const session = useSession()
  const { isOnline, isOffline, answered, unanswered } = useReachability()
  const outbox = createOutbox()
  const waiting = ref(0)
  const entries = new Map<string, string>()
  /** When each to-do was last clicked here, in ms since 1970: what was kept before that is out of date. */
  const clickedAt = new Map<number, number>()
  const underWay = new Map<string, Promise<void>>()
  const pause = patience(() => void flush())
  let awaited: { ids: number[]; resolve: () => void }[] = []
  let keeper: QueueKeeper | null = null
  let flushing: Promise<void> | null = null
  let channel: ReturnType<typeof openOutboxChannel> | null = null
  let wake = () => {}
  let isWanted = false
  /** The session is over: sending more would only be refused again. */
  let isOver = false
  /** Answers to what was sent before are nobody's any more. */
  let generation = 0

  watch(
    () => session.value?.id,
    (userId) => {
      isOver = false
      channel?.close()
      channel = userId && import.meta.client ? openOutboxChannel(userId, hear) : null
      channel?.post({ type: 'hello' })
    },
    { immediate: true },
  )
  watch(
    isOffline,
    (offline) => {
      if (offline) return
      pause.end()
      void flush()
    },
    // However short it was: what was done meanwhile waits.
    { flush: 'sync' },
  )

  function changed(): void {
    waiting.value = outbox.all().reduce((sum, { changes }) => sum + changes.length, 0)
    awaited = awaited.filter(({ ids, resolve }) => {
      const isOpen = ids.some((id) => outbox.has(id))
      if (!isOpen) resolve()
      return isOpen
    })
  }

  function add(action: Pick<Batch, 'clientId' | 'changes' | 'undoOf'>): Promise<void> {
    const taken = take({ ...action, at: Date.now(), attempted: false, offline: isOffline.value })
    if (taken) channel?.post({ type: 'added', batch: taken })
    const ids = action.changes.map(({ todoId }) => todoId)
    const known = new Promise<void>((resolve) => awaited.push({ ids, resolve }))
    changed()
    // At once, though it costs the click: a tick right before the page goes would be lost behind the frame.
    void flush()
    return known
  }

  function take(action: Batch): Batch | null {
    for (const { todoId } of action.changes)
      clickedAt.set(todoId, Math.max(action.at, clickedAt.get(todoId) ?? 0))
    const { batch, settled, gone } = outbox.add(action)
    for (const id of settled) store.dropWish(id)
    if (batch) keeper?.put(batch)
    keeper?.remove(gone)
    changed()
    return batch
  }

  /** What was done elsewhere is seen here too. */
  function show(batch: Batch | null): void {
    for (const { todoId, checked } of batch?.changes ?? []) store.wish(todoId, checked)
  }

  function flush(): Promise<void> {
    wake()
    isWanted = true
    flushing ??= flushWhileWanted()
    return flushing
  }

  async function flushWhileWanted(): Promise<void> {
    try {
      while (isWanted) {
        isWanted = false
        await alone('roundup-outbox', sendAll)
      }
    } finally {
      flushing = null
    }
  }

  async function sendAll(): Promise<void> {
    for (;;) {
      while (underWay.size < PARALLEL && isOnline.value && !pause.isOn() && !isOver) {
        const batch = outbox.next(new Set(underWay.keys()), CHANGES_MAX)
        if (!batch) break
        const sending = send(batch).finally(() => underWay.delete(batch.clientId))
        underWay.set(batch.clientId, sending)
      }
      if (underWay.size === 0) return
      await Promise.race([...underWay.values(), new Promise<void>((resolve) => (wake = resolve))])
    }
  }

  async function send(batch: Batch): Promise<void> {
    const mine = generation
    const gone = outbox.dropEmpty()
    outbox.attempt(batch.clientId)
    keeper?.put(batch)
    keeper?.remove(gone)
    channel?.post({ type: 'attempted', batch, gone })
    try {
      const reply = await inTime(request(batch))
      answered()
      if (mine !== generation) return
      pause.reset()
      entries.set(batch.clientId, reply.entry)
      const todoIds = new Map(batch.changes.map(({ notionId, todoId }) => [notionId, todoId]))
      const refused = reply.refused.flatMap(({ id, code }) => {
        const todoId = todoIds.get(id)
        return todoId === undefined ? [] : [{ todoId, code }]
      })
      finish({ clientId: batch.clientId, refused })
    } catch (thrown) {
      if (mine === generation) fail(batch, toApiError(thrown))
    }
  }

  function request({ clientId, changes, offline, undoOf }: Batch) {
    const entry = undoOf === undefined ? undefined : entries.get(undoOf)
    if (entry === undefined) {
      const wishes = changes.map(({ notionId, checked, text }) => ({ id: notionId, checked, text }))
      const source = offline ? 'offline' : 'list'
      return api('POST /api/todos/changes', { body: { clientId, changes: wishes, source } })
    }
    const ids = changes.map(({ notionId }) => notionId)
    return api('POST /api/history/:entry/undo', { params: { entry }, body: { clientId, ids } })
  }

  /** What may still come right is sent again by the same name; what never will is the person's to decide. */
  function fail(batch: Batch, error: ApiError): void {
    if (error.code === 'OFFLINE') unanswered()
    else answered()
    if (error.code === 'UNAUTHENTICATED') {
      isOver = true
      return
    }
    if (pause.begin(error)) return
    const refused = batch.changes.map(({ todoId }) => ({ todoId, code: error.code }))
    finish({ clientId: batch.clientId, refused })
  }

  function finish(outcome: Outcome): void {
    channel?.post({ type: 'settled', outcome })
    conclude(outcome)
  }

  function conclude({ clientId, refused }: Outcome): void {
    const batch = outbox.settle(clientId)
    keeper?.remove([clientId])
    if (!batch) return
    const codes = new Map(refused.map(({ todoId, code }) => [todoId, code]))
    for (const { todoId, checked } of batch.changes) {
      const code = codes.get(todoId)
      if (outbox.has(todoId)) continue
      if (code !== undefined) store.failWish(todoId, code)
      else store.acceptWish(todoId, checked, { state: 'waiting' })
    }
    changed()
  }

  function hear(message: OutboxMessage): void {
    if (message.type === 'hello') {
      for (const batch of outbox.all()) channel?.post({ type: 'added', batch })
    } else if (message.type === 'settled') {
      conclude(message.outcome)
    } else {
      const gone = message.type === 'attempted' ? [...message.gone, message.batch.clientId] : []
      for (const clientId of gone) outbox.settle(clientId)
      show(take(message.batch))
    }
  }

  async function keepWith(next: QueueKeeper | null): Promise<void> {
    keeper = next
    if (!next) return
    for (const batch of outbox.all()) next.put(batch)
    for (const batch of await next.load()) takeUp(batch, next)
    void flush()
  }

  /** What an earlier page has kept, as far as nobody has clicked there since: somebody may be quicker than the vault. */
  function takeUp(batch: Batch, from: QueueKeeper): void {
    if (outbox.all().some(({ clientId }) => clientId === batch.clientId)) return
    const changes = batch.changes.filter(({ todoId }) => batch.at >= (clickedAt.get(todoId) ?? 0))
    if (changes.length === 0) from.remove([batch.clientId])
    else show(take({ ...batch, changes }))
  }

  function clear(): void {
    generation += 1
    clickedAt.clear()
    outbox.clear()
    entries.clear()
    pause.reset()
    keeper = null
    changed()
  }

  return { add, flush, entryOf: (clientId) => entries.get(clientId), keepWith, waiting, clear }
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ApiError('OFFLINE')), ANSWER_WITHIN_MS)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}
