import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { setResponseStatus } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import AuthUnended from '~/components/Auth/Unended.vue'
import { keptFor } from '~/composables/offline/kept-for'
import { useDevice } from '~/composables/offline/useDevice'
import { useOutbox } from '~/composables/offline/useOutbox'
import { openVault } from '~/composables/offline/vault'
import { useSession } from '~/composables/session/useSession'
import { useSignOut } from '~/composables/session/useSignOut'
import { SIGNED_OUT } from '~/composables/session/useUnendedSession'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { DEFAULT_VIEW } from '#shared/schemas/view'
import { aReply, aTodo } from '../../support/todos'

const ADA = { id: '00000000-0000-4000-8000-00000000000a', email: 'ada@example.org' }
const MARK = 'roundup-signed-out=1'
let isDown = true
/** What was left of the person at the moment when the server was asked. */
let leftWhenAsked: unknown[] = []

registerEndpoint('/api/session', {
  method: 'DELETE',
  handler: (event) => {
    leftWhenAsked.push({ session: useSession().value, kept: keptFor(), mark: document.cookie.includes(MARK) })
    setResponseStatus(event, isDown ? 503 : 204)
    return isDown ? { error: { code: 'INTERNAL', message: 'x', requestId: 'r' } } : null
  },
})

async function onDisk(): Promise<number> {
  const vault = await openVault(ADA.id)
  const [todos, ticks] = [await vault.read('todos'), await vault.read('outbox')]
  vault.close()
  return todos.values.size + ticks.values.size
}

const signOut = () => useNuxtApp().runWithContext(() => useSignOut()())

beforeEach(async () => {
  isDown = true
  leftWhenAsked = []
  useSession().value = ADA
  await nextTick()
  await useDevice().keep()
  const [store, todo] = [useTodosStore(), aTodo({ id: 1, text: 'Invite the neighbours' })]
  store.merge({ ...aReply([todo]), cursor: '1-abcdefabcdef' }, store.beginPull())
  useViewStore().restore({
    views: [{ id: 1, name: 'Mine', view: DEFAULT_VIEW, isDefault: false }],
    rules: [],
    sources: { databases: [], workspaces: [], me: [] },
  })
  useState<unknown[]>('first-rows').value = [{ text: 'Invite the neighbours' }]
  const change = { todoId: 1, notionId: todo.notionId, checked: true, before: false }
  window.dispatchEvent(new Event('offline'))
  void useOutbox().add({ clientId: '00000000-0000-4000-8000-000000000001', changes: [change] })
  await vi.waitFor(async () => expect(await onDisk()).toBeGreaterThan(0), 5_000)
})
afterEach(async () => {
  window.dispatchEvent(new Event('online'))
  document.cookie = 'roundup-signed-out=; path=/; max-age=0'
  localStorage.removeItem(SIGNED_OUT)
  await useDevice().forget()
})

async function expectNothingLeft(): Promise<void> {
  expect(useSession().value).toBeNull()
  expect(keptFor()).toBeNull()
  expect(await onDisk()).toBe(0)
  expect(useTodosStore().todos).toEqual([])
  expect(useViewStore().saved).toEqual([])
  expect(useOutbox().waiting.value).toBe(0)
  expect(useState('first-rows').value).toEqual([])
}

describe('signing out while the server cannot be told', () => {
  it('leaves nothing of the person here, and says what is still open', async () => {
    await signOut()
    await expectNothingLeft()
    const page = await mountSuspended(AuthUnended)
    expect(page.text()).toContain('You are signed out on this device, but the server could not be told.')
    expect(document.cookie, 'the next request ends the session').toContain(MARK)
  })

  it('has wiped the device before the server is asked', async () => {
    await signOut()
    expect(leftWhenAsked).toEqual([{ session: null, kept: null, mark: true }])
  })

  it('can be told again, and is then done', async () => {
    await signOut()
    const page = await mountSuspended(AuthUnended)
    isDown = false
    await page.get('button').trigger('click')
    await vi.waitFor(() => expect(page.text()).toBe(''))
    expect(document.cookie).not.toContain(MARK)
  })
})

it('signing out leaves nothing behind, not even the word that it has to be ended', async () => {
  isDown = false
  await signOut()
  await expectNothingLeft()
  expect(document.cookie).not.toContain(MARK)
  expect((await mountSuspended(AuthUnended)).text()).toBe('')
})

it('a tab hears from another one that somebody has signed out, whatever the server knows', async () => {
  window.dispatchEvent(new StorageEvent('storage', { key: SIGNED_OUT, newValue: '1' }))
  await vi.waitFor(() => expect(useSession().value).toBeNull())
  await vi.waitFor(() => expect(useTodosStore().todos).toEqual([]))
})
