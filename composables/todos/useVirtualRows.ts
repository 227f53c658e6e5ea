import { measureElement, useWindowVirtualizer, type Virtualizer } from '@tanstack/vue-virtual'
import { useMediaQuery, useResizeObserver } from '@vueuse/core'
import { indexAbove, indexOfRow } from './row-index'
import { useRowSlices } from './useRowSlices'
import { useScrollAnchor } from './useScrollAnchor'
import type { ShownRow } from './useTodoRows'

/**
 * What rows measure, so that most estimates are right: every wrong one has everything below placed anew. From about
 * `longText` characters on a text takes its second line.
 */
const SIZES = { group: [49, 38], path: 30, item: 32, longItem: 54, longText: 80 } as const
const TOUCH_SIZES = { group: [61, 50], path: 30, item: 40, longItem: 62, longText: 34 } as const
/** The line above the list stays; below it there may be a bar. As `scroll-padding` in main.css. */
const SCROLL_PADDING_PX = { start: 112, end: 96 } as const
/** Rows kept ready beyond the edges of the window. */
const OVERSCAN = 6

export interface VirtualRow {
  row: ShownRow
  index: number
  /** From the top of the list. */
  top: number
}

/**
 * Only the rows near the window are elements; the rest is height. The row that was last in hand (`held`) stays
 * an element wherever the window is, so that focus is never lost by scrolling, and so do the headings of the group
 * that the window is in: who goes by headings finds them. When to-dos come or go, what the person looks at stays
 * where it is.
 *
 * @param viewKey while it is the same, changes of the rows are news and move nothing; otherwise it is another
 *   list, which begins at its top
 * @param isAtOnce rows in the window do not wait for a frame of their own
 */
export function useVirtualRows(
  rows: Readonly<Ref<readonly ShownRow[]>>,
  list: Readonly<Ref<HTMLElement | null>>,
  held: Readonly<Ref<string | null>>,
  viewKey: () => string,
  isAtOnce: () => boolean,
) {
  const isTouch = useMediaQuery('(pointer: coarse)')
  const isPrinting = useMediaQuery('print')
  const margin = ref(0)

  useScrollAnchor(rows, list, viewKey, startOf, () => virtualizer.value.scrollOffset ?? 0)

  let lastHeld = 0
  const heldIndex = computed(() => {
    const index = held.value === null ? -1 : indexOfRow(rows.value, held.value, lastHeld)
    if (index !== -1) lastHeld = index
    return index
  })
  // A new function has every row measured anew, so it is kept while the same rows follow each other.
  const keying = computed<Keying>((before) => {
    const shown = rows.value
    if (before && haveSameKeys(before.rows, shown)) return before
    return { rows: shown, keyOf: (index) => shown[index]?.key ?? index }
  })
  const virtualizer = useWindowVirtualizer<HTMLElement>(
    computed(() => {
      const shown = rows.value
      // Asked for tens of thousands of rows: what it depends on is looked up once.
      const sizes = isTouch.value ? TOUCH_SIZES : SIZES
      return {
        count: shown.length,
        // Sizes are found again by key, wherever a row is now.
        getItemKey: keying.value.keyOf,
        estimateSize: (index: number) => estimate(shown[index], sizes),
        measureElement: measureWhenLaidOut,
        overscan: OVERSCAN,
        scrollMargin: margin.value,
        scrollPaddingStart: SCROLL_PADDING_PX.start,
        scrollPaddingEnd: SCROLL_PADDING_PX.end,
        rangeExtractor: isPrinting.value
          ? () => shown.map((_, index) => index)
          : (range: Range) =>
              indexesIn(range, groupHeadingsAbove(shown, Math.max(range.startIndex - OVERSCAN, 0))),
      }
    }),
  )

  // Asked by itself, so that taking another row in hand draws nothing anew while that row is near.
  const farHeldIndex = computed(() => {
    const held = heldIndex.value
    const isNear = virtualizer.value.getVirtualItems().some(({ index }) => index === held)
    return isNear ? -1 : held
  })
  const asked = computed<VirtualRow[]>(() => {
    const near = virtualizer.value.getVirtualItems().map(({ index, start }) => ({ index, start }))
    const far = farHeldIndex.value
    const all =
      far === -1 ? near : [...near, { index: far, start: startOf(far) }].sort((a, b) => a.index - b.index)
    return all.flatMap(({ index, start }) => {
      const row = rows.value[index]
      return row ? [{ row, index, top: start - margin.value }] : []
    })
  })
  const visible = useRowSlices(() => {
    const { startIndex: first = 0, endIndex: last = 0 } = virtualizer.value.range ?? {}
    const isUrgent = ({ index }: VirtualRow) => isPrinting.value || index === heldIndex.value
    return { of: rows.value, rows: asked.value, window: { first, last }, atOnce: isAtOnce(), isUrgent }
  })
  const height = computed(() => virtualizer.value.getTotalSize())

  function startOf(index: number): number {
    // Asking for the height brings the measurements up to date.
    virtualizer.value.getTotalSize()
    return virtualizer.value.measurementsCache[index]?.start ?? 0
  }

  function remeasure(): void {
    const top = list.value?.getBoundingClientRect().top
    if (top !== undefined) margin.value = Math.round(top + window.scrollY)
  }
  useResizeObserver(
    computed(() => list.value?.parentElement ?? null),
    remeasure,
  )
  watch(list, remeasure, { flush: 'post' })

  /** Follows an element's height for as long as it is there; its changes are observed. */
  const vMeasured = {
    mounted: (element: HTMLElement) => virtualizer.value.measureElement(element),
    unmounted: () => virtualizer.value.measureElement(null),
  }

  function scrollTo(index: number): void {
    virtualizer.value.scrollToIndex(index, { align: 'auto' })
  }

  return { visible, height, scrollTo, vMeasured }
}

/**
 * A row that has just come counts as high as it was thought to be until the browser has laid it out, which its resize
 * observer says before the frame is drawn: asking at once would have the page laid out once more.
 */
function measureWhenLaidOut(
  element: HTMLElement,
  entry: ResizeObserverEntry | undefined,
  virtualizer: Virtualizer<Window, HTMLElement>,
): number {
  if (entry) return measureElement(element, entry, virtualizer)
  const index = virtualizer.indexFromElement(element)
  return virtualizer.measurementsCache[index]?.size ?? virtualizer.options.estimateSize(index)
}

function estimate(row: ShownRow | undefined, sizes: typeof SIZES | typeof TOUCH_SIZES): number {
  if (row?.kind === 'group') return sizes.group[row.level === 1 ? 0 : 1]
  if (row?.kind === 'path') return sizes.path
  return (row?.todo.text.length ?? 0) > sizes.longText ? sizes.longItem : sizes.item
}

interface Keying {
  rows: readonly ShownRow[]
  keyOf: (index: number) => string | number
}

function haveSameKeys(before: readonly ShownRow[], after: readonly ShownRow[]): boolean {
  return before.length === after.length && after.every((row, index) => row.key === before[index]?.key)
}

interface Range {
  startIndex: number
  endIndex: number
  overscan: number
  count: number
}

function indexesIn({ startIndex, endIndex, overscan, count }: Range, extra: readonly number[]): number[] {
  const first = Math.max(startIndex - overscan, 0)
  const last = Math.min(endIndex + overscan, count - 1)
  const indexes = new Set(extra.filter((index) => index >= 0))
  for (let index = first; index <= last; index += 1) indexes.add(index)
  return [...indexes].sort((a, b) => a - b)
}

/** The group headings that a row stands below, or is. */
function groupHeadingsAbove(rows: readonly ShownRow[], from: number): number[] {
  const inner = indexAbove(rows, from, ({ kind }) => kind === 'group')
  const outer = indexAbove(rows, inner, (row) => row.kind === 'group' && row.level === 1)
  return [outer, inner]
}
