import { mountSuspended } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compactTodos } from '#shared/todo/snapshot'
import { useReplica } from '~/composables/todos/useReplica'
import { useTodosStore } from '~/stores/todos'
import { aTodo, IDLE } from '../../support/todos'

const KEPT = {
  todos: [aTodo({ id: 1 }), aTodo({ id: 2 })],
  seq: 7,
  cursor: '7-abcdefabcdef',
  finishedAt: null,
}

/** The device, the server and what the server tells by itself, as far as they are asked. */
const outside = vi.hoisted(() => ({
  restore: (): Promise<void> => Promise.resolve(),
  tell: (): Promise<void> => Promise.resolve(),
  asked: [] as { cursor?: string }[],
}))
vi.mock('~/composables/offline/useDevice', () => ({
  useDevice: () => ({ restore: () => outside.restore() }),
}))
vi.mock('~/composables/todos/useLiveEvents', async () => {
  const { ref } = await import('vue')
  return {
    useLiveEvents: (hear: () => Promise<void>) => {
      outside.tell = hear
      return { isLive: ref(true) }
    },
  }
})
vi.mock('~/composables/api/useApi', () => ({
  useApi:
    () =>
    (_: string, { query }: { query: { cursor?: string } }) => {
      outside.asked.push(query)
      const whole = query.cursor === undefined
      const todos = compactTodos(whole ? KEPT.todos : [])
      const snapshot = { ...todos, seq: 8, whole, cursor: '8-abcdefabcdef', removed: [] }
      return Promise.resolve({ snapshot, writes: [], sync: IDLE })
    },
}))

let leave = () => {}
async function open(): Promise<void> {
  const page = await mountSuspended(
    defineComponent({
      setup() {
        useReplica()
        return () => null
      },
    }),
  )
  leave = () => page.unmount()
}

describe('useReplica', () => {
  beforeEach(() => {
    outside.asked.length = 0
    outside.restore = () => Promise.resolve()
    useTodosStore().clear()
  })
  afterEach(() => {
    leave()
    vi.useRealTimers()
  })

  it('asks for everything where nothing is kept', async () => {
    await open()
    await vi.waitFor(() => expect(useTodosStore().todos).toHaveLength(2))
    expect(outside.asked).toEqual([{}])
  })

  it('waits for what is kept, also when the server has news before, and asks for what changed since', async () => {
    let restored = () => {}
    outside.restore = async () => {
      await new Promise<void>((resolve) => (restored = resolve))
      useTodosStore().restore(KEPT)
    }
    await open()
    const told = outside.tell()
    await new Promise((resolve) => setTimeout(resolve))
    expect(outside.asked).toEqual([])
    restored()
    await told
    expect(outside.asked).toEqual([{ cursor: '7-abcdefabcdef' }, { cursor: '8-abcdefabcdef' }])
    expect(useTodosStore().todos).toHaveLength(2)
  })

  it('does not wait for ever for a device that does not answer', async () => {
    vi.useFakeTimers()
    outside.restore = () => new Promise(() => {})
    await open()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(outside.asked).toEqual([{}])
    expect(useTodosStore().loaded).toBe(true)
  })
})
