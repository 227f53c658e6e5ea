import type { ShownRow } from './useTodoRows'

/**
 * Scrolls by as much as news moved what the person has in hand, under the pointer, or at the top of the window.
 *
 * @param viewKey when it changes, it is another list, which begins at its top
 * @param startOf where a row begins, from the top of the page
 */
export function useScrollAnchor(
  rows: Readonly<Ref<readonly ShownRow[]>>,
  list: Readonly<Ref<HTMLElement | null>>,
  viewKey: () => string,
  startOf: (index: number) => number,
): void {
  let anchor: { key: string; top: number } | null = null
  let isOtherList = false

  watch(
    [rows, viewKey] as const,
    ([after, key], [, keyBefore]) => {
      isOtherList = key !== keyBefore
      anchor = isOtherList || !list.value ? null : anchorIn(list.value, after)
    },
    { flush: 'pre' },
  )
  watch(
    rows,
    (after) => {
      if (isOtherList) window.scrollTo({ top: 0 })
      if (!anchor) return
      const { key, top } = anchor
      const index = after.findIndex((row) => row.key === key)
      if (index === -1) return
      const moved = startOf(index) - window.scrollY - top
      if (Math.abs(moved) >= 1) window.scrollBy({ top: moved })
    },
    { flush: 'post' },
  )
}

/** The element that must not move, among those whose row is still there. Read before anything is drawn anew. */
function anchorIn(list: HTMLElement, after: readonly ShownRow[]): { key: string; top: number } | null {
  const remaining = new Set(after.map(({ key }) => key))
  const inHand = [
    document.activeElement?.closest<HTMLElement>('[data-row]'),
    list.querySelector<HTMLElement>('[data-row]:hover'),
  ]
  const below = window.scrollY > 0 ? [...list.querySelectorAll<HTMLElement>('[data-row]')] : []
  for (const element of [...inHand, ...below]) {
    const key = element?.dataset.row
    if (!element || key === undefined || !remaining.has(key)) continue
    const { top } = element.getBoundingClientRect()
    if (top >= 0 && top < window.innerHeight) return { key, top }
  }
  return null
}
