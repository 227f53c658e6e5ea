import { drawnIndex, indexOfRow } from './row-index'
import type { ShownRow } from './useTodoRows'

/**
 * Scrolls by as much as news moved what the person has in hand, under the pointer, or at the top of the window.
 *
 * @param viewKey when it changes, it is another list, which begins at its top
 * @param startOf where a row begins, from the top of the page
 * @param offset how far the page was scrolled when that was last news: asking the page itself has it laid out anew
 */
export function useScrollAnchor(
  rows: Readonly<Ref<readonly ShownRow[]>>,
  list: Readonly<Ref<HTMLElement | null>>,
  viewKey: () => string,
  startOf: (index: number) => number,
  offset: () => number,
): void {
  let anchor: { index: number; top: number } | null = null
  let isOtherList = false
  let scrolled = 0

  watch(
    [rows, viewKey] as const,
    ([after, key], [, keyBefore]) => {
      isOtherList = key !== keyBefore
      scrolled = offset()
      anchor = isOtherList || !list.value ? null : anchorIn(list.value, after, scrolled > 0)
    },
    { flush: 'pre' },
  )
  watch(
    rows,
    () => {
      if (isOtherList && scrolled > 0) window.scrollTo({ top: 0 })
      if (!anchor) return
      const stays = startOf(anchor.index) - anchor.top
      // The page may have become too short for where it was, and so be elsewhere by now.
      if (Math.abs(stays - scrolled) >= 1) window.scrollBy({ top: stays - window.scrollY })
    },
    { flush: 'post' },
  )
}

/** The element that must not move, among those whose row is still there. Read before anything is drawn anew. */
function anchorIn(
  list: HTMLElement,
  after: readonly ShownRow[],
  isScrolled: boolean,
): { index: number; top: number } | null {
  const inHand = [
    document.activeElement?.closest<HTMLElement>('[data-row]'),
    list.querySelector<HTMLElement>('[data-row]:hover'),
  ]
  const below = isScrolled ? [...list.querySelectorAll<HTMLElement>('[data-row]')] : []
  for (const element of [...inHand, ...below]) {
    const key = element?.dataset.row
    if (!element || key === undefined) continue
    const { top } = element.getBoundingClientRect()
    if (top < 0 || top >= window.innerHeight) continue
    const index = indexOfRow(after, key, drawnIndex(element))
    if (index !== -1) return { index, top }
  }
  return null
}
