import { mountSuspended } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useLiveEvents } from '~/composables/todos/useLiveEvents'

/** The browser's EventSource, as far as it is used: one object a stream. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2
  static opened: FakeSource[] = []
  readyState = 0
  readonly url: string

  constructor(url: string) {
    super()
    this.url = url
    FakeSource.opened.push(this)
  }

  emit(type: string): void {
    if (type === 'open') this.readyState = 1
    this.dispatchEvent(new Event(type))
  }

  close(): void {
    this.readyState = FakeSource.CLOSED
  }
}

let news: number
let visibility: DocumentVisibilityState
const streams = () => FakeSource.opened
const stream = () => {
  const last = streams().at(-1)
  if (!last) throw new Error('No stream was opened')
  return last
}

function look(at: DocumentVisibilityState): void {
  visibility = at
  document.dispatchEvent(new Event('visibilitychange'))
}

let leave: () => void

async function open() {
  let isLive = ref(false)
  const page = await mountSuspended(
    defineComponent({
      setup() {
        isLive = useLiveEvents(() => {
          news += 1
          return Promise.resolve()
        }).isLive
        return () => null
      },
    }),
  )
  leave = () => page.unmount()
  return { live: () => isLive.value }
}

describe('useLiveEvents', () => {
  beforeEach(() => {
    news = 0
    visibility = 'visible'
    FakeSource.opened = []
    vi.stubGlobal('EventSource', FakeSource)
    vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    leave()
    vi.useRealTimers()
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
  })

  it('hears of changes and of progress, and says that it is live', async () => {
    const { live } = await open()
    expect(stream().url).toBe('/api/sync/events')
    expect(live()).toBe(false)
    stream().emit('open')
    expect(live()).toBe(true)
    stream().emit('change')
    expect(news).toBe(1)
    await vi.advanceTimersByTimeAsync(1_000)
    stream().emit('progress')
    expect(news).toBe(2)
  })

  it('passes a burst on at once and once more, never oftener', async () => {
    await open()
    for (let event = 0; event < 50; event += 1) stream().emit('change')
    expect(news).toBe(1)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(news).toBe(2)
  })

  it('leaves a broken stream to the browser, and one that was refused alone for a minute', async () => {
    const { live } = await open()
    stream().emit('open')
    stream().emit('error')
    expect(live()).toBe(false)
    expect(streams()).toHaveLength(1)
    stream().emit('open')
    expect(live()).toBe(true)

    stream().readyState = FakeSource.CLOSED
    stream().emit('error')
    await vi.advanceTimersByTimeAsync(50_000)
    expect(streams()).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(15_000)
    expect(streams()).toHaveLength(2)
  })

  it('gives its connection back while nobody looks', async () => {
    await open()
    const first = stream()
    look('hidden')
    await nextTick()
    expect(first.readyState).toBe(FakeSource.CLOSED)
    look('visible')
    await nextTick()
    expect(streams()).toHaveLength(2)
  })

  it('does not come back from a refusal while hidden', async () => {
    await open()
    stream().readyState = FakeSource.CLOSED
    stream().emit('error')
    look('hidden')
    await nextTick()
    await vi.advanceTimersByTimeAsync(120_000)
    expect(streams()).toHaveLength(1)
  })

  it('ends with its component, also what it still owed', async () => {
    await open()
    stream().emit('change')
    stream().emit('change')
    leave()
    expect(stream().readyState).toBe(FakeSource.CLOSED)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(news).toBe(1)
  })
})
