import { afterPaint } from '~/composables/time/after-paint'
import type { VirtualRow } from './useVirtualRows'

/** What new rows may take of one frame, before the browser lays them out, which takes about as long again. */
const DRAWING_MS = 12
/** Fewer would take longer to wait for than to draw. */
const FEWEST_ROWS = 4

interface Asked {
  /** The arrangement that they are of: another one has just been made when this is another one. */
  of: readonly unknown[]
  rows: readonly VirtualRow[]
  /** Of these, what the person sees; the others are kept ready beyond the edges. */
  window: { first: number; last: number }
  /** Of a window full of them, none waits for a frame of its own. */
  atOnce: boolean
  /** Rows that are drawn whatever else there is to draw. */
  isUrgent: (row: VirtualRow) => boolean
}

/**
 * Of the rows that are asked for, those that are elements by now: rows that were there stay, new ones come with each
 * frame as many as this device draws in time, those in the window first. A window full of them would otherwise hold up
 * the next key or finger on a phone (web.dev/articles/inp). What a list begins with comes at once: it takes the place
 * of what the page brought along, and nobody has seen anything of it yet.
 */
export function useRowSlices(asked: () => Asked): Readonly<Ref<readonly VirtualRow[]>> {
  const first = asked()
  const visible = shallowRef(first.rows)
  let arrangement = first.of
  let drawn = keysOf(first.rows)
  let isFrameFull = false
  let rowsInTime = FEWEST_ROWS

  async function draw({ of, rows, window, atOnce, isUrgent }: Asked): Promise<void> {
    const begunAt = performance.now()
    const isSeen = ({ index }: VirtualRow) => index >= window.first && index <= window.last
    const isKnown = ({ row }: VirtualRow) => drawn.has(row.key)
    const fresh = rows.filter((one) => !isKnown(one))
    // Arranging has taken its time of this frame already: what has stayed of the rows is news enough.
    const isFull = isFrameFull || (of !== arrangement && rows.some((one) => isSeen(one) && isKnown(one)))
    const next = new Set(isFull ? [] : [...fresh.filter(isSeen), ...fresh].slice(0, rowsInTime))
    const isDue = (one: VirtualRow) => isUrgent(one) || (atOnce && isSeen(one)) || next.has(one)
    visible.value = rows.filter((one) => isKnown(one) || isDue(one))
    drawn = keysOf(visible.value)
    arrangement = of
    if (fresh.length > 0 && !isFrameFull) leaveRestToNextFrame()
    if (next.size === 0) return
    await nextTick()
    const msPerRow = (performance.now() - begunAt) / next.size
    rowsInTime = Math.max(FEWEST_ROWS, Math.floor(DRAWING_MS / msPerRow))
  }

  function leaveRestToNextFrame(): void {
    isFrameFull = true
    afterPaint(() => {
      isFrameFull = false
      void draw(asked())
    })
  }

  watch(asked, draw, { flush: 'pre' })
  return visible
}

function keysOf(rows: readonly VirtualRow[]): Set<string> {
  return new Set(rows.map(({ row }) => row.key))
}
