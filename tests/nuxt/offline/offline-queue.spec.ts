import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChangesBody } from '#shared/schemas/todo'
import type { Batch } from '~/composables/offline/outbox'
import { useOutbox } from '~/composables/offline/useOutbox'
import { useTick } from '~/composables/todos/useTick'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

const requests: ChangesBody[] = []
registerEndpoint('/api/todos/changes', {
  method: 'POST',
  handler: async (event) => {
    const body = (await readBody(event)) as ChangesBody
    requests.push(body)
    return { entry: body.clientId, accepted: body.changes.map(({ id }) => id), refused: [] }
  },
})

const TODOS = [aTodo({ id: 1 }), aTodo({ id: 2 }), aTodo({ id: 3 })]
const [ONE = aTodo({ id: 1 }), TWO = aTodo({ id: 2 })] = TODOS
const network = (state: 'online' | 'offline') => window.dispatchEvent(new Event(state))

/** What a device would keep. */
const kept = new Map<string, Batch>()
const keeper = {
  put: (batch: Batch) => void kept.set(batch.clientId, structuredClone(batch)),
  remove: (ids: readonly string[]) => ids.forEach((id) => kept.delete(id)),
  load: () => Promise.resolve([...kept.values()]),
}

describe('without a network', () => {
  beforeEach(() => {
    requests.length = 0
    kept.clear()
    useOutbox().clear()
    const store = useTodosStore()
    store.clear()
    store.merge(aReply(TODOS), store.beginPull())
    network('offline')
  })
  afterEach(() => network('online'))

  it('ticks are shown, counted, and sent in one request when it is back', async () => {
    const { tick } = useTick()
    const known = [tick(ONE, true), tick(TWO, true)]
    expect(useTodosStore().todo(1)).toMatchObject({ checked: true, write: { state: 'waiting' } })
    expect(useOutbox().waiting.value).toBe(2)
    network('online')
    await Promise.all(known)
    expect(requests).toHaveLength(1)
    expect(requests[0]).toMatchObject({
      source: 'offline',
      changes: [
        { id: ONE.notionId, checked: true },
        { id: TWO.notionId, checked: true },
      ],
    })
    expect(useOutbox().waiting.value).toBe(0)
  })

  it('ticks say what was seen, however many they are, and whatever it is called when they are sent', async () => {
    const store = useTodosStore()
    const many = Array.from({ length: 60 }, (_, index) => aTodo({ id: index + 1, text: `Seen ${index}` }))
    store.merge(aReply(many, { seq: 2 }), store.beginPull())
    const ticking = useTick().tickMany(many, true)
    const renamed = many.map((todo) => ({ ...todo, text: 'Renamed' }))
    store.merge(aReply(renamed, { seq: 3 }), store.beginPull())
    network('online')
    await ticking
    expect(requests).toHaveLength(1)
    expect(requests[0]?.changes.map(({ text }) => text)).toEqual(many.map(({ text }) => text))
  })

  it('what was taken back is not sent at all', async () => {
    const { tick, undo, lastEntry } = useTick()
    const ticking = tick(ONE, true)
    const entry = lastEntry.value
    if (!entry) throw new Error('Nothing to undo')
    await undo(entry)
    await ticking
    network('online')
    await useOutbox().flush()
    expect(requests).toEqual([])
    expect(useTodosStore().todo(1)).toMatchObject({ checked: false, write: { state: 'saved' } })
  })

  it('what waits outlives the tab, and is sent once by the name it had', async () => {
    const outbox = useOutbox()
    await outbox.keepWith(keeper)
    void useTick().tick(ONE, true)
    const [name] = kept.keys()
    // The tab is closed, and opened again.
    outbox.clear()
    useTodosStore().clear()
    const store = useTodosStore()
    store.merge(aReply(TODOS), store.beginPull())
    await outbox.keepWith(keeper)
    expect(store.todo(1)).toMatchObject({ checked: true, write: { state: 'waiting' } })
    network('online')
    await vi.waitFor(() => expect(requests.map(({ clientId }) => clientId)).toEqual([name]))
    await vi.waitFor(() => expect(kept.size).toBe(0))
  })

  it.each(['on its way', 'long there'])(
    'what waits from before a click that is %s is out of date',
    async (click) => {
      const outbox = useOutbox()
      await outbox.keepWith(keeper)
      void useTick().tick(ONE, true)
      // The tab is closed, and opened again; its person is quicker than what the device has kept.
      outbox.clear()
      useTodosStore().clear()
      const store = useTodosStore()
      store.merge(aReply(TODOS), store.beginPull())
      await new Promise((resolve) => setTimeout(resolve, 2))
      const ticks = [useTick().tick(ONE, true), useTick().tick(ONE, false), useTick().tick(ONE, true)]
      if (click === 'long there') {
        network('online')
        await Promise.all(ticks)
      }
      await outbox.keepWith(keeper)
      network('online')
      await Promise.all(ticks)
      await outbox.flush()
      expect(requests).toHaveLength(1)
      await vi.waitFor(() => expect(kept.size).toBe(0))
    },
  )

  it('what somebody else left behind is not sent after the session ended', async () => {
    void useTick().tick(ONE, true)
    useOutbox().clear()
    network('online')
    await useOutbox().flush()
    expect(requests).toEqual([])
  })
})
