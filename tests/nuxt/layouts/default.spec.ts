import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { setResponseStatus } from 'h3'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { useHelp } from '~/composables/help/useHelp'
import { useSession } from '~/composables/session/useSession'
import { useListStore } from '~/stores/list'
import DefaultLayout from '~/layouts/default.vue'

registerEndpoint('/api/views', () => ({
  views: [],
  rules: [],
  sources: { databases: [], workspaces: [], me: [] },
}))
registerEndpoint('/api/auth-notion', () => ({ connected: false, workspaces: [] }))
registerEndpoint('/api/todo-lists', () => ({ lists: [] }))
registerEndpoint('/api/todos/snapshot', (event) => {
  setResponseStatus(event, 500)
  return { error: { code: 'INTERNAL', message: 'x', requestId: 'r' } }
})

let unmount = () => {}
beforeEach(() => {
  useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
})
afterEach(() => {
  unmount()
  useListStore().clear()
  useHelp().value = false
  document.body.innerHTML = ''
})

/** A page without a list: all it has are the keys of the layout. */
async function openSettings() {
  const page = await mountSuspended(DefaultLayout, { route: '/settings', attachTo: document.body })
  unmount = () => page.unmount()
  return page
}
const dialogs = () => [...document.querySelectorAll('[role=dialog][data-state=open]')]
const press = (key: string) =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

it('shows the keys on a page without a list, once', async () => {
  await openSettings()
  press('?')
  await vi.waitFor(() => expect(dialogs()[0]?.textContent).toContain('Everywhere'), 10_000)
  press('?')
  await nextTick()
  expect(dialogs()).toHaveLength(1)
})

it('closes the menu when help is opened from it', async () => {
  const page = await openSettings()
  const menu = page.findAll('nav[aria-label="Quick access"] button').at(-1)
  await menu?.trigger('click')
  await vi.waitFor(() => expect(dialogs()[0]?.textContent).toContain('Lists and workspaces'), 10_000)
  dialogs()[0]?.querySelector<HTMLElement>('button[title="Help"]')?.click()
  await vi.waitFor(
    () =>
      expect(
        dialogs()
          .map((one) => one.textContent)
          .join(),
      ).toContain('A to-do is missing'),
    10_000,
  )
  expect(dialogs()).toHaveLength(1)
})
