import { useEventListener, useTimeoutFn } from '@vueuse/core'
import { useSession } from '~/composables/session/useSession'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { dropApp, keepApp } from './kept-app'
import { keptFor, setKeptFor, MARK } from './kept-for'
import { createKeptQueue } from './kept-queue'
import { createKeeping, readKept, type KeptHead } from './kept-todos'
import { openSteadily } from './steady-vault'
import { useOutbox } from './useOutbox'
import { emptyVault, isNoRoom, type Vault } from './vault'

/** Writing is put off until things have been quiet for this long. */
const QUIET_MS = 2_000

export interface Device {
  /** This browser can keep things safely: only where scripts have WebCrypto, which is https and localhost. */
  isAble: boolean
  isKept: Readonly<Ref<boolean>>
  /** There is no room for the list any more. What is ticked comes first, and is kept as long as there is any. */
  isFull: Readonly<Ref<boolean>>
  /** So many changes could not be kept, and would be gone with the tab. */
  unkept: Readonly<Ref<number>>
  /** So many actions that waited here do not open any more. */
  lost: Readonly<Ref<number>>
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
  const views = useViewStore()
  const outbox = useOutbox()
  const session = useSession()
  const isAble = import.meta.client && 'indexedDB' in globalThis && globalThis.crypto?.subtle !== undefined
  const isKept = ref(false)
  const isFull = ref(false)
  const unkept = ref(0)
  const lost = ref(0)
  let vault: Vault | null = null
  let keeping: ReturnType<typeof createKeeping> | null = null
  let restoring: Promise<void> | null = null
  let isWriter = false
  let isInLine = false
  let writing: Promise<void> | null = null
  /** What began before it was let go of is about somebody else. */
  let turn = 0

  function restore(): Promise<void> {
    // What does not open now is left as it is. What is ticked meanwhile says that it is not kept.
    restoring ??= open().catch(() => undefined)
    return restoring
  }

  async function open(): Promise<void> {
    const userId = session.value?.id
    const owner = isAble ? keptFor() : null
    if (owner === null) return
    if (owner !== userId) return forget()
    isKept.value = true
    await begin(userId)
  }

  async function begin(userId: string): Promise<void> {
    const mine = turn
    const opened = openSteadily(userId)
    // The server has all of it, so what of the list cannot be read is let go of; what waits to be sent is not.
    const kept = await readKept(opened).catch(() => opened.drop('todos').catch(() => undefined))
    if (mine !== turn) {
      opened.close()
      // It may have been made after everything was removed.
      if (keptFor() === null) await emptyVault()
      return
    }
    use(opened)
    // What is hidden and where the person begins come before the list that they are about.
    if (kept?.views) views.restore(kept.views)
    if (kept?.library) library.restore(kept.library)
    if (kept && store.restore(kept)) keeping?.begin(store.known())
    else save.start()
    await outbox.keepWith(
      createKeptQueue(
        opened,
        makeRoom,
        (count) => (unkept.value = count),
        (count) => (lost.value += count),
      ),
    )
  }

  function use(opened: Vault): void {
    void keepApp()
    vault?.close()
    vault = opened
    keeping = createKeeping(opened)
    becomeWriter()
  }

  /** The list goes, so that ticks have room: it is not written again before the next page. */
  async function makeRoom(): Promise<void> {
    isFull.value = true
    await vault?.drop('todos').catch(() => undefined)
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
    await begin(userId).catch(() => undefined)
  }

  async function forget(): Promise<void> {
    letGo()
    if (!isAble) return
    setKeptFor(null)
    await Promise.all([emptyVault(), dropApp()])
  }

  function letGo(): void {
    turn += 1
    isKept.value = false
    isFull.value = false
    unkept.value = 0
    lost.value = 0
    vault?.close()
    vault = null
    keeping = null
    restoring = null
    save.stop()
    void outbox.keepWith(null)
  }

  const save = useTimeoutFn(() => void write(), QUIET_MS, { immediate: false })
  watch(
    () => [store.version, library.lists, library.databases, views.toKeep()],
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
    const head = headNow()
    if (!isWriter || !keeping || !head || isFull.value) return
    // Anything else than a full disk may pass: the next change writes all of it.
    writing = keeping.write(store.known(), head).catch((error: unknown) => {
      if (isNoRoom(error)) return makeRoom()
    })
    await writing
  }

  function headNow(): KeptHead | null {
    const [seq, cursor, kept] = [store.seq, store.cursor(), views.toKeep()]
    if (seq === null || cursor === null) return null
    const { workspaces, databases, lists } = library
    const finishedAt = store.lastFinishedAt
    return {
      seq,
      cursor,
      finishedAt,
      library: { workspaces, databases, lists },
      ...(kept && { views: kept }),
    }
  }

  return { isAble, isKept, isFull, unkept, lost, keep, forget, restore }
}
