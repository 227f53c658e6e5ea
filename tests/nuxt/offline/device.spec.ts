import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import AppOffline from '~/components/App/Offline.vue'
import { keptFor } from '~/composables/offline/kept-for'
import { useDevice } from '~/composables/offline/useDevice'
import { useOutbox } from '~/composables/offline/useOutbox'
import type { Put, Vault } from '~/composables/offline/vault'
import { useSession } from '~/composables/session/useSession'
import { useTick } from '~/composables/todos/useTick'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { aReply, aTodo } from '../../support/todos'

const ADA = '00000000-0000-4000-8000-00000000000a'
const TODOS = [aTodo({ id: 1 }), aTodo({ id: 2 })]
const [ONE = aTodo({ id: 1 }), TWO = aTodo({ id: 2 })] = TODOS
const noRoom = () => new DOMException('full', 'QuotaExceededError')
const broken = () => new DOMException('broken', 'UnknownError')

/** What becomes of writing this; and of opening at all. */
const disk = vi.hoisted(() => ({
  refuse: (_: readonly Put[]): Error | null => null,
  refuseToOpen: (): Error | null => null,
}))
vi.mock('~/composables/offline/vault', async (original) => {
  const real = await original<typeof import('~/composables/offline/vault')>()
  const faulty = (open: (userId: string) => Promise<Vault>) => async (userId: string) => {
    const refusal = disk.refuseToOpen()
    if (refusal) throw refusal
    const vault = await open(userId)
    const write: Vault['write'] = async (puts, ...more) => {
      const error = disk.refuse(puts)
      if (error) throw error
      return vault.write(puts, ...more)
    }
    return { ...vault, write }
  }
  return { ...real, openVault: faulty(real.openVault), reopenVault: faulty(real.reopenVault) }
})

registerEndpoint('/api/views', () => ({
  views: [],
  rules: [],
  sources: { databases: [], workspaces: [], me: [] },
}))

/** The list is written when things have been quiet for two seconds. */
const soon = (check: () => unknown) => vi.waitFor(check, 10_000)
const isTick = (puts: readonly Put[]) => puts.some(({ store }) => store === 'outbox')
const network = (state: 'online' | 'offline') => window.dispatchEvent(new Event(state))

/** What lies on the disk, past everything that may stand in between. */
async function onDisk(): Promise<{ todos: number; ticks: number }> {
  const { openVault } = await vi.importActual<typeof import('~/composables/offline/vault')>(
    '~/composables/offline/vault',
  )
  const vault = await openVault(ADA)
  const [todos, ticks] = [await vault.read('todos'), await vault.read('outbox')]
  vault.close()
  return { todos: todos.values.size, ticks: ticks.values.size }
}

/** As a new tab would: nothing in memory but who is signed in. */
async function openAgain(): Promise<void> {
  useSession().value = null
  await nextTick()
  useOutbox().clear()
  useTodosStore().clear()
  useViewStore().clear()
  useSession().value = { id: ADA, email: 'ada@example.org' }
  await nextTick()
  await useDevice().restore()
}

beforeAll(() => {
  const locks = { request: (_: string, work: () => unknown) => Promise.resolve(work()) }
  Object.defineProperty(navigator, 'locks', { value: locks, configurable: true })
})
afterAll(() => Reflect.deleteProperty(navigator, 'locks'))

beforeEach(async () => {
  useSession().value = { id: ADA, email: 'ada@example.org' }
  await nextTick()
  network('offline')
  const store = useTodosStore()
  store.clear()
  store.merge({ ...aReply(TODOS), cursor: '1-abcdefabcdef' }, store.beginPull())
  await useDevice().keep()
})
afterEach(async () => {
  disk.refuse = () => null
  disk.refuseToOpen = () => null
  useOutbox().clear()
  await useDevice().forget()
  network('online')
})

async function keepTheList(): Promise<void> {
  await soon(async () => expect((await onDisk()).todos).toBeGreaterThan(1))
}

describe('a full disk', () => {
  it('costs the list, and neither the ticks that wait nor the wish to keep things here', async () => {
    await keepTheList()
    void useTick().tick(ONE, true)
    await soon(async () => expect((await onDisk()).ticks).toBe(1))
    disk.refuse = (puts) => (isTick(puts) ? null : noRoom())
    useTodosStore().merge(
      { ...aReply([aTodo({ id: 3 })], { seq: 2 }), cursor: '2-abcdefabcdef' },
      {
        ...useTodosStore().beginPull(),
      },
    )
    await soon(() => expect(useDevice().isFull.value).toBe(true))
    await soon(async () => expect(await onDisk()).toEqual({ todos: 0, ticks: 1 }))
    expect(keptFor()).toBe(ADA)
    expect(useDevice().isKept.value).toBe(true)
  })

  it('makes room for a tick by letting go of the list', async () => {
    await keepTheList()
    let refusals = 0
    disk.refuse = (puts) => (isTick(puts) && refusals++ === 0 ? noRoom() : null)
    void useTick().tick(ONE, true)
    await soon(async () => expect(await onDisk()).toEqual({ todos: 0, ticks: 1 }))
    expect(useDevice().unkept.value).toBe(0)
  })

  it('is said where the person is as long as a tick is in memory only, and no longer', async () => {
    const banner = await mountSuspended(AppOffline)
    network('offline')
    disk.refuse = (puts) => (isTick(puts) ? noRoom() : null)
    void useTick().tick(ONE, true)
    await soon(() => expect(banner.text()).toContain('1 change could not be kept on this device.'))
    expect(banner.text()).toContain('Leave this tab open until you are online again.')
    disk.refuse = () => null
    void useTick().tick(TWO, true)
    await soon(() => expect(useDevice().unkept.value).toBe(0))
    expect(banner.text()).not.toContain('could not be kept')
    expect((await onDisk()).ticks).toBe(2)
  })
})

describe('a disk that fails otherwise', () => {
  it('is asked once more, and nothing of what is there is removed', async () => {
    await keepTheList()
    let refusals = 0
    disk.refuse = () => (refusals++ === 0 ? broken() : null)
    void useTick().tick(ONE, true)
    await soon(async () => expect((await onDisk()).ticks).toBe(1))
    expect((await onDisk()).todos).toBeGreaterThan(1)
    expect(useDevice().unkept.value).toBe(0)
  })

  it('keeps what it has, however long it fails, and says what it has not', async () => {
    await keepTheList()
    void useTick().tick(ONE, true)
    await soon(async () => expect((await onDisk()).ticks).toBe(1))
    const before = await onDisk()
    disk.refuse = broken
    void useTick().tick(TWO, true)
    await soon(() => expect(useDevice().unkept.value).toBe(1))
    expect(await onDisk()).toEqual(before)
    expect(keptFor()).toBe(ADA)
  })

  it('that does not open removes nothing, and what is ticked meanwhile is said not to be kept', async () => {
    await keepTheList()
    const before = await onDisk()
    disk.refuseToOpen = broken
    await openAgain()
    const store = useTodosStore()
    store.merge({ ...aReply(TODOS), cursor: '1-abcdefabcdef' }, store.beginPull())
    void useTick().tick(ONE, true)
    await soon(() => expect(useDevice().unkept.value).toBe(1))
    disk.refuseToOpen = () => null
    expect(await onDisk()).toEqual(before)
  })
})

describe('opening what is kept', () => {
  it('sends what waits although the list does not open', async () => {
    await keepTheList()
    void useTick().tick(ONE, true)
    await soon(async () => expect((await onDisk()).ticks).toBe(1))
    await spoil('todos')
    await openAgain()
    expect(useTodosStore().loaded).toBe(false)
    expect(useOutbox().waiting.value).toBe(1)
  })

  it('opens the other ticks when one is broken, and says that it is lost', async () => {
    void useTick().tick(ONE, true)
    await soon(async () => expect((await onDisk()).ticks).toBe(1))
    await spoil('outbox')
    void useTick().tick(TWO, true)
    await soon(async () => expect((await onDisk()).ticks).toBe(1))
    await openAgain()
    expect(useOutbox().waiting.value).toBe(1)
    expect((await mountSuspended(AppOffline)).text()).toContain('can no longer be read')
  })

  it('knows what is hidden before there is anything to be shown', async () => {
    const rule = { effect: 'hide' as const, target: { page: ONE.page.id }, name: 'Secret' }
    const sources = { databases: [], workspaces: [], me: ['me'] }
    const mine = { id: 1, name: 'Mine', view: useViewStore().view, isDefault: true }
    useViewStore().restore({ views: [mine], rules: [rule], sources })
    await keepTheList()
    await openAgainWith(() => {
      const view = useViewStore()
      expect(view.rules).toEqual([rule])
      expect(view.saved).toEqual([mine])
      expect(view.me).toEqual(['me'])
    })
  })
})

/** Looks at the very moment when the list is there. */
async function openAgainWith(look: () => void): Promise<void> {
  let looks = 0
  const stop = watch(
    () => useTodosStore().loaded,
    (loaded) => {
      if (!loaded) return
      looks += 1
      look()
    },
    { flush: 'sync' },
  )
  await openAgain()
  stop()
  expect(looks).toBe(1)
}

/** Breaks everything in a store. */
async function spoil(name: string): Promise<void> {
  const opened = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open('roundup')
    opening.onsuccess = () => resolve(opening.result)
  })
  const transaction = opened.transaction(name, 'readwrite')
  const store = transaction.objectStore(name)
  const keys = store.getAllKeys()
  const nothing = { iv: new Uint8Array(12), data: new ArrayBuffer(32) }
  keys.onsuccess = () => keys.result.forEach((key) => store.put(nothing, key))
  await new Promise((resolve) => (transaction.oncomplete = resolve))
  opened.close()
}
