import { mountSuspended } from '@nuxt/test-utils/runtime'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useRowSlices } from '~/composables/todos/useRowSlices'
import type { VirtualRow } from '~/composables/todos/useVirtualRows'
import { aTodo } from '../../support/todos'

/** What waits for the next frame. */
const { frames } = vi.hoisted(() => ({ frames: [] as (() => unknown)[] }))
vi.mock('~/composables/time/after-paint', () => ({
  afterPaint: (work: () => unknown) => void frames.push(work),
}))

/** Ten of thirty are in the window. */
const WINDOW = { first: 10, last: 19 }

function rowsNamed(name: string, count = 30): VirtualRow[] {
  return Array.from({ length: count }, (_, index) => {
    const key = `${name}${index}`
    const place = { depth: 0, place: 1, siblings: 1, level: 1 as const, group: 'A' }
    const row = { kind: 'item' as const, key, todo: aTodo({ id: index }), progress: null, ...place }
    return { row: { ...row, context: false, showsPage: false }, index, top: index * 32 }
  })
}

async function setUp() {
  const rows = shallowRef(rowsNamed('a'))
  const arrangement = shallowRef<readonly unknown[]>([])
  const held = ref(-1)
  let visible: ReturnType<typeof useRowSlices> | undefined
  await mountSuspended(
    defineComponent({
      setup() {
        visible = useRowSlices(() => ({
          of: arrangement.value,
          rows: rows.value,
          window: WINDOW,
          atOnce: false,
          isUrgent: ({ index }) => index === held.value,
        }))
        return () => null
      },
    }),
  )
  return {
    drawn: () => visible?.value.map(({ row }) => row.key) ?? [],
    /** Another arrangement, as a filter makes one. */
    async arrange(next: VirtualRow[]) {
      rows.value = next
      arrangement.value = []
      await nextTick()
    },
    /** Others of the same arrangement, as scrolling brings them. */
    async scroll(next: VirtualRow[]) {
      rows.value = next
      await nextTick()
    },
    hold: (index: number) => (held.value = index),
  }
}

async function nextFrame(): Promise<void> {
  for (const work of frames.splice(0)) work()
  await nextTick()
  await nextTick()
}

describe('useRowSlices', () => {
  let now = 0
  /** What a look at the clock costs: a row takes longer on a slow device. */
  let slowMs = 0
  beforeEach(() => {
    frames.length = 0
    slowMs = 100
    vi.spyOn(performance, 'now').mockImplementation(() => (now += slowMs))
  })

  it('draws what a list begins with at once', async () => {
    const list = await setUp()
    expect(list.drawn()).toHaveLength(30)
    expect(frames).toHaveLength(0)
  })

  it('draws a few of what is new with each frame, those in the window first, until all are there', async () => {
    const list = await setUp()
    await list.scroll(rowsNamed('b'))
    expect(list.drawn()).toEqual(['b10', 'b11', 'b12', 'b13'])
    await nextFrame()
    expect(list.drawn()).toEqual(['b10', 'b11', 'b12', 'b13', 'b14', 'b15', 'b16', 'b17'])
    for (let frame = 0; frames.length > 0; frame += 1) {
      expect(frame, 'it comes to an end').toBeLessThan(10)
      await nextFrame()
    }
    expect(list.drawn()).toEqual(rowsNamed('b').map(({ row }) => row.key))
  })

  it('draws no more in a frame that has had its rows, however often it is asked', async () => {
    const list = await setUp()
    await list.scroll(rowsNamed('b'))
    await list.scroll(rowsNamed('b', 28))
    await list.scroll(rowsNamed('b', 29))
    expect(list.drawn()).toHaveLength(4)
    expect(frames).toHaveLength(1)
  })

  it('draws more in a frame where that is quick', async () => {
    slowMs = 1
    const list = await setUp()
    await list.scroll(rowsNamed('b'))
    await nextFrame()
    expect(list.drawn()).toHaveLength(30)
  })

  it('leaves what has stayed where it is, and brings what is new a frame after it was arranged', async () => {
    const list = await setUp()
    const stayed = rowsNamed('a').filter(({ index }) => index % 2 === 0)
    const came = rowsNamed('b').filter(({ index }) => index % 2 === 1)
    await list.arrange([...stayed, ...came].sort((a, b) => a.index - b.index))
    expect(list.drawn()).toEqual(stayed.map(({ row }) => row.key))
    await nextFrame()
    expect(list.drawn().filter((key) => key.startsWith('b'))).toEqual(['b11', 'b13', 'b15', 'b17'])
  })

  it('leaves no window empty for a frame', async () => {
    const list = await setUp()
    await list.arrange(rowsNamed('b'))
    expect(list.drawn()).toHaveLength(4)
  })

  it('draws what is in hand at once, wherever it is', async () => {
    const list = await setUp()
    list.hold(29)
    await list.scroll(rowsNamed('b'))
    expect(list.drawn()).toEqual(['b10', 'b11', 'b12', 'b13', 'b29'])
  })
})
