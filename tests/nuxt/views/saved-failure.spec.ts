import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { setResponseStatus } from 'h3'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import ViewHiddenPlaces from '~/components/View/HiddenPlaces.vue'
import ViewNavItems from '~/components/View/NavItems.vue'
import ViewSavedPanel from '~/components/View/SavedPanel.vue'
import DefaultLayout from '~/layouts/default.vue'
import { useViewStore } from '~/stores/view'
import { DEFAULT_VIEW } from '#shared/schemas/view'

const MINE = { id: 1, name: 'Mine', view: DEFAULT_VIEW, isDefault: false }
const SOURCES = { databases: [], workspaces: [], me: [] }
let isDown = true
let asked = 0
/** Holds the answer back until the test lets it go. */
let held: Promise<unknown> | null = null

registerEndpoint('/api/views', async (event) => {
  asked += 1
  await held
  if (!isDown) return { views: [MINE], rules: [], sources: SOURCES }
  setResponseStatus(event, 503)
  return { error: { code: 'INTERNAL', message: 'x', requestId: 'r' } }
})

beforeEach(() => {
  useViewStore().clear()
  isDown = true
  asked = 0
  held = null
})

describe('saved views that could not be loaded', () => {
  it.each([
    ['in the panel', () => mountSuspended(ViewSavedPanel, { props: { scope: {} } })],
    ['where hidden places are', () => mountSuspended(ViewHiddenPlaces)],
    ['in the navigation', () => mountSuspended(ViewNavItems)],
  ])('say so %s, and are asked for again', async (_, mount) => {
    await useViewStore().ensure()
    const page = await mount()
    await vi.waitFor(() => expect(page.text()).toContain('could not be loaded'))
    expect(page.text()).not.toContain('Nothing saved yet')
    isDown = false
    const again = page.findAll('button').find((button) => button.text() === 'Try again')
    await again?.trigger('click')
    await vi.waitFor(() => expect(useViewStore().saved).toEqual([MINE]))
    expect(page.text()).not.toContain('could not be loaded')
  })

  it('are what this device kept, without a word', async () => {
    useViewStore().restore({ views: [MINE], rules: [], sources: SOURCES })
    await useViewStore().ensure()
    const page = await mountSuspended(ViewSavedPanel, { props: { scope: {} } })
    expect(page.text()).toContain('Mine')
    expect(page.text()).not.toContain('could not be loaded')
  })

  it('are asked for when the network is back', async () => {
    await mountSuspended(DefaultLayout)
    await vi.waitFor(() => expect(useViewStore().failure).toBe('INTERNAL'))
    isDown = false
    window.dispatchEvent(new Event('offline'))
    await nextTick()
    window.dispatchEvent(new Event('online'))
    await vi.waitFor(() => expect(useViewStore().saved).toEqual([MINE]))
  })
})

it('views that were asked for by somebody who has signed out are nobody’s', async () => {
  isDown = false
  const { promise, resolve } = Promise.withResolvers<undefined>()
  held = promise
  const loading = useViewStore().ensure()
  await vi.waitFor(() => expect(asked).toBe(1))
  useViewStore().clear()
  resolve(undefined)
  await loading
  expect(useViewStore().known).toBe(false)
  await useViewStore().ensure()
  expect(useViewStore().saved).toEqual([MINE])
})
