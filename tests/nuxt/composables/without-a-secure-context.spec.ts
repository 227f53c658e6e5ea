import { mountSuspended } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent } from 'vue'
import { z } from '#shared/zod'
import SettingsFeedAddress from '~/components/Settings/FeedAddress.vue'
import { newClientId } from '~/composables/api/client-id'
import { useListActions } from '~/composables/todos/useListActions'
import { useTick } from '~/composables/todos/useTick'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

const TODO = aTodo({ id: 1 })

/** What is set up within a component, as composables with texts need it. */
async function withinPage<T>(setup: () => T): Promise<T> {
  let made: { value: T } | undefined
  const Host = defineComponent({ setup: () => ((made = { value: setup() }), () => null) })
  await mountSuspended(Host)
  if (!made) throw new Error('Not set up')
  return made.value
}

describe('on plain http', () => {
  beforeEach(() => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
    vi.stubGlobal('navigator', { onLine: false })
  })
  afterEach(() => vi.unstubAllGlobals())

  it('an action has a name that the server takes, and no other has it', () => {
    const names = Array.from({ length: 1_000 }, newClientId)
    for (const name of names) expect(z.uuidv4().safeParse(name).success, name).toBe(true)
    expect(new Set(names).size).toBe(names.length)
  })

  it('a tick is put in the queue', async () => {
    const store = useTodosStore()
    store.clear()
    store.merge(aReply([TODO]), store.beginPull())
    const { tick, lastEntry } = await withinPage(() => useTick())
    void tick(TODO, true)
    expect(lastEntry.value?.parts).toHaveLength(1)
    expect(store.todo(1)).toMatchObject({ checked: true, write: { state: 'waiting' } })
  })

  it('a link that cannot be copied is said not to be', async () => {
    const { copyLink } = await withinPage(() => useListActions())
    expect(await copyLink(TODO)).toBe(false)
  })

  it('so is the address of a feed', async () => {
    const page = await mountSuspended(SettingsFeedAddress, { props: { address: 'https://x.test/feed' } })
    await page.get('button').trigger('click')
    await vi.waitFor(() => expect(page.text()).toContain('It could not be copied.'))
    expect(page.get('button').text()).toBe('Copy')
  })
})

it('a clipboard that refuses is no error', async () => {
  vi.stubGlobal('navigator', {
    onLine: true,
    clipboard: { writeText: () => Promise.reject(new Error('no')) },
  })
  try {
    const { copyLink } = await withinPage(() => useListActions())
    expect(await copyLink(TODO)).toBe(false)
  } finally {
    vi.unstubAllGlobals()
  }
})
