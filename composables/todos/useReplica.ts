import { promiseTimeout, useDocumentVisibility, useEventListener, useTimeoutFn } from '@vueuse/core'
import type { InjectionKey } from 'vue'
import { expandReply } from '#shared/todo/snapshot'
import { useDevice } from '~/composables/offline/useDevice'
import { useReachability } from '~/composables/offline/useReachability'
import { toApiError } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useTodosStore } from '~/stores/todos'
import { useLiveEvents } from './useLiveEvents'

/** While to-dos are being read or a tick is on its way to Notion. */
const BUSY_INTERVAL_MS = 1_000
const CALM_INTERVAL_MS = 15_000
/** While the server tells of changes by itself, asking is only a safety net. */
const LIVE_INTERVAL_MS = 60_000
/** A tick that Notion does not take for this long is waiting for Notion, not for us. */
const BUSY_AFTER_TICK_MS = 30_000
/** A device that has not told what it keeps by then will not be waited for. */
const RESTORED_WITHIN_MS = 5_000

export interface Replica {
  /** Asks the server for what changed. Never throws: a failure is kept in the store. */
  pull: () => Promise<void>
  /** Has everything brought up to date with Notion, and follows along. Throws ApiError. */
  refresh: () => Promise<void>
}

/** The replica that the layout keeps in step, for the pages inside it. */
export const ReplicaKey: InjectionKey<Replica> = Symbol('replica')

/** @throws Error outside the default layout */
export function useSharedReplica(): Replica {
  const replica = inject(ReplicaKey)
  if (!replica) throw new Error('The replica is only kept inside the default layout.')
  return replica
}

/** Keeps the to-dos in step with the server for as long as the calling component lives. */
export function useReplica(): Replica {
  const api = useApi()
  const store = useTodosStore()
  const visibility = useDocumentVisibility()
  const { answered, unanswered } = useReachability()
  const device = useDevice()
  let pulling: Promise<void> | null = null
  let restored: Promise<unknown> = Promise.resolve()
  let waitingSince = 0
  const { isLive } = useLiveEvents(pullAgain)

  function pull(): Promise<void> {
    pulling ??= restored.then(pullOnce).finally(() => {
      pulling = null
      if (visibility.value === 'visible') next.start()
    })
    return pulling
  }

  /** What is told while an answer is on its way may not be in it. */
  async function pullAgain(): Promise<void> {
    await pulling
    await pull()
  }

  async function pullOnce(): Promise<void> {
    const started = store.beginPull()
    try {
      const query = started.cursor === null ? {} : { cursor: started.cursor }
      store.merge(expandReply(await api('GET /api/todos/snapshot', { query })), started)
      answered()
    } catch (thrown) {
      const { code } = toApiError(thrown)
      if (code === 'OFFLINE') unanswered()
      store.fail(code)
    }
  }

  function interval(): number {
    if (!store.loaded && store.failure === null) return 0
    if (isLive.value) return LIVE_INTERVAL_MS
    if (store.sync?.state === 'running' && store.sync.retryAt === null) return BUSY_INTERVAL_MS
    if (store.waiting && Date.now() - waitingSince < BUSY_AFTER_TICK_MS) return BUSY_INTERVAL_MS
    return CALM_INTERVAL_MS
  }

  const next = useTimeoutFn(() => void pull(), interval, { immediate: false })

  watch(
    () => store.waiting,
    (waiting) => {
      if (!waiting) return
      waitingSince = Date.now()
      next.start()
    },
  )
  watch(
    () => store.loaded,
    (loaded) => {
      if (!loaded) void pull()
    },
  )
  watch(visibility, (state) => {
    if (state === 'visible') void pull()
    else next.stop()
  })
  useEventListener('online', () => void pull())
  // What is kept on this device is shown first; then only what changed since is asked for, whoever asks.
  onMounted(() => {
    restored = Promise.race([device.restore(), promiseTimeout(RESTORED_WITHIN_MS)])
    void pull()
  })

  async function refresh(): Promise<void> {
    await api('POST /api/sync', { body: {} })
    await pull()
  }

  return { pull, refresh }
}
