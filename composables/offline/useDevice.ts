import { useEventListener, useTimeoutFn } from '@vueuse/core'
import { useSession } from '~/composables/session/useSession'
import { useLibraryStore, type KeptLibrary } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'
import { dropApp, keepApp } from './kept-app'
import { keptFor, setKeptFor, MARK } from './kept-for'
import { createKeeping, readKept, type KeptHead } from './kept-todos'
import type { Batch } from './outbox'
import { useOutbox, type QueueKeeper } from './useOutbox'
import { emptyVault, openVault, type Vault } from './vault'

/** Writing is put off until things have been quiet for this long. */
const QUIET_MS = 2_000

export interface Device {
  /** This browser can keep things safely: only where scripts have WebCrypto, which is https and localhost. */
  isAble: boolean
  isKept: Readonly<Ref<boolean>>
  /** Nothing could be written any more; what was kept has been removed. */
  isFull: Readonly<Ref<boolean>>
  keep: () => Promise<void>
  /** Removes everything that is kept here, whoever's it is. */
  forget: () => Promise<void>
  /** Shows what is kept, if the person asked for it and the server has not been quicker. Never throws. */
  restore: () => Promise<void>
}

const devices = new WeakMap<object, Device>()

/**
 * "Keep my to-dos on this device": for those who ask for it, the list opens from here and what was ticked without
 * a network outlives the tab. Off unless asked for (OWASP ASVS V14.3.3); gone on sign-out.
 */
export function useDevice(): Device {
  const nuxtApp = useNuxtApp()
  const device = devices.get(nuxtApp) ?? createDevice()
  devices.set(nuxtApp, device)
  return device
}

function createDevice(): Device {
  const store = useTodosStore()
  const library = useLibraryStore()
  const outbox = useOutbox()
  const session = useSession()
  const isAble = import.meta.client && 'indexedDB' in globalThis && globalThis.crypto?.subtle !== undefined
  const isKept = ref(false)
  const isFull = ref(false)
  let vault: Vault | null = null
  let keeping: ReturnType<typeof createKeeping> | null = null
  let restoring: Promise<void> | null = null
  let isWriter = false
  let isInLine = false
  let writing: Promise<void> | null = null

  function restore(): Promise<void> {
    restoring ??= open().catch(() => startClean())
    return restoring
  }

  async function open(): Promise<void> {
    const userId = session.value?.id
    const owner = isAble ? keptFor() : null
    if (owner === null) return
    if (owner !== userId) return forget()
    isKept.value = true
    const opened = await openVault(userId)
    const kept = await readKept(opened)
    use(opened)
    if (kept?.library) library.restore(kept.library)
    if (kept && store.restore(kept)) keeping?.begin(store.known())
    await outbox.keepWith(queueIn(opened))
  }

  /** What is kept cannot be read (another release, a broken file, a lost key): as if it had just been asked for. */
  async function startClean(): Promise<void> {
    await emptyVault()
    if (isKept.value && session.value) await begin(session.value.id).catch(() => forget())
  }

  async function begin(userId: string): Promise<void> {
    const opened = await openVault(userId)
    use(opened)
    await outbox.keepWith(queueIn(opened))
    save.start()
  }

  function use(opened: Vault): void {
    void keepApp()
    vault?.close()
    vault = opened
    keeping = createKeeping(opened)
    becomeWriter()
  }

  /** One tab writes; when it closes, another takes over, and writes all it knows once. */
  function becomeWriter(): void {
    const locks: LockManager | null | undefined = globalThis.navigator?.locks
    if (isInLine || !locks) return
    isInLine = true
    const untilClosed = () => {
      isWriter = true
      save.start()
      return new Promise<void>(() => undefined)
    }
    void locks.request('roundup-kept', untilClosed).catch(() => undefined)
  }

  async function keep(): Promise<void> {
    const userId = session.value?.id
    if (!isAble || !userId) return
    setKeptFor(userId)
    isKept.value = true
    isFull.value = false
    await begin(userId).catch(() => forget())
  }

  async function forget(): Promise<void> {
    letGo()
    if (!isAble) return
    setKeptFor(null)
    await Promise.all([emptyVault(), dropApp()])
  }

  function letGo(): void {
    isKept.value = false
    vault?.close()
    vault = null
    keeping = null
    restoring = null
    save.stop()
    void outbox.keepWith(null)
  }

  const save = useTimeoutFn(() => void write(), QUIET_MS, { immediate: false })
  watch(
    () => [store.version, library.lists, library.databases],
    () => {
      if (isKept.value) save.start()
    },
  )
  // A session that ran out leaves what is kept where it is: it opens again for the same person only.
  watch(() => session.value?.id, letGo)
  // Signing out in one tab is signing out in all.
  useEventListener('storage', ({ key, newValue }: StorageEvent) => {
    if (key === MARK && newValue === null) letGo()
  })

  async function write(): Promise<void> {
    await writing
    const { workspaces, databases, lists } = library
    const head = headOf(store.seq, store.cursor(), store.lastFinishedAt, { workspaces, databases, lists })
    if (!isWriter || !keeping || !head) return
    writing = keeping.write(store.known(), head).catch(async () => {
      isFull.value = true
      await forget()
    })
    await writing
  }

  return { isAble, isKept, isFull, keep, forget, restore }
}

function headOf(
  seq: number | null,
  cursor: string | null,
  finishedAt: string | null,
  library: KeptLibrary,
): KeptHead | null {
  return seq === null || cursor === null ? null : { seq, cursor, finishedAt, library }
}

function queueIn(vault: Vault): QueueKeeper {
  // One after the other: an action must not be removed before it was put.
  let last: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => void (last = last.then(work).catch(() => undefined))
  return {
    put: (batch) => {
      const value = { ...batch }
      inTurn(() => vault.write([{ store: 'outbox', key: batch.clientId, value }]))
    },
    remove: (clientIds) => {
      if (clientIds.length === 0) return
      const gone = clientIds.map((key) => ({ store: 'outbox' as const, key }))
      inTurn(() => vault.write([], gone))
    },
    load: async () => [...(await vault.read<Batch>('outbox')).values()],
  }
}
