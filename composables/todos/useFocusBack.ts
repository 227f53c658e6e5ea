import { useListStore } from '~/stores/list'

/**
 * For when what had the focus goes away: `focusBack()` waits until it is gone, and then puts the focus on the row that
 * was last in hand, else on the main part of the page; so that the next key, or Tab, goes on from there and not from
 * the top. A focus that found a place by itself stays where it is.
 */
export function useFocusBack(): () => Promise<void> {
  const list = useListStore()

  return async () => {
    await nextTick()
    const { activeElement } = document
    if (activeElement !== null && activeElement !== document.body) return
    const target = boxOf(list.inHand) ?? document.getElementById('main')
    target?.focus({ preventScroll: true })
  }
}

/** A row in hand is an element wherever the window is (`useVirtualRows`). */
function boxOf(key: string | null): HTMLElement | null {
  if (key === null) return null
  return document.querySelector<HTMLElement>(
    `[data-row="${CSS.escape(key)}"] :is(input[data-todo], [data-fold])`,
  )
}
