import { mockNuxtImport } from '@nuxt/test-utils/runtime'
import { afterEach, expect, it, vi } from 'vitest'
import { setKeptFor } from '~/composables/offline/kept-for'
import { useReachability } from '~/composables/offline/useReachability'
import { useSession } from '~/composables/session/useSession'
import sessionPlugin from '~/plugins/session'

const OWNER = '00000000-0000-4000-8000-000000000001'

type Fetch = (path: string, options?: { timeout?: number }) => Promise<unknown>
/** Stands in for the network once a test has put something here. */
const network = vi.hoisted(() => ({ fetch: null as Fetch | null }))
mockNuxtImport(
  'useRequestFetch',
  (original) => () => (network.fetch as ReturnType<typeof original>) ?? original(),
)

/** A network that hangs: nothing comes back until whoever asked has had enough of it. */
const hang: Fetch = (_, { timeout } = {}) =>
  new Promise((_resolve, reject) => {
    if (timeout !== undefined) setTimeout(() => reject(new Error('timed out')), timeout)
  })

afterEach(() => {
  vi.useRealTimers()
  network.fetch = null
  setKeptFor(null)
  useSession().value = null
  useReachability().answered()
})

it('a page that is kept here opens on a network that hangs, for whoever keeps it', async () => {
  setKeptFor(OWNER)
  vi.useFakeTimers()
  network.fetch = hang
  const opening = useNuxtApp().runWithContext(() => sessionPlugin(useNuxtApp()))
  await vi.advanceTimersByTimeAsync(5_000)
  await opening
  expect(useSession().value).toEqual({ id: OWNER, email: '' })
  expect(useReachability().isOffline.value).toBe(true)
})

it('where nothing is kept there is nothing to open, so the answer is waited for', async () => {
  const asked = vi.fn<Fetch>(() => Promise.resolve({ user: { id: OWNER, email: 'ada@example.org' } }))
  network.fetch = asked
  await useNuxtApp().runWithContext(() => sessionPlugin(useNuxtApp()))
  expect(asked.mock.calls[0]?.[1]).not.toHaveProperty('timeout')
  expect(useSession().value).toMatchObject({ email: 'ada@example.org' })
})
