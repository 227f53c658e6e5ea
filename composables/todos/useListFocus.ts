export interface ListFocus {
  /** Moves to the next (1) or previous (-1) box; from nowhere, to the first one. */
  move: (step: 1 | -1) => void
  /** The box that has the focus, if it is one of this list. */
  current: () => HTMLInputElement | null
}

/**
 * Moving through the boxes of a list by keyboard. When the focused to-do leaves (it was done, or somebody
 * removed it), the focus goes to the one that takes its place instead of back to the top of the page.
 *
 * @param order ids of the shown to-dos in reading order
 */
export function useListFocus(
  list: Readonly<Ref<HTMLElement | null>>,
  order: Readonly<Ref<readonly number[]>>,
): ListFocus {
  const boxes = (): HTMLInputElement[] => [
    ...(list.value?.querySelectorAll<HTMLInputElement>('input[data-todo]') ?? []),
  ]

  function current(): HTMLInputElement | null {
    const { activeElement } = document
    return activeElement instanceof HTMLInputElement && list.value?.contains(activeElement)
      ? activeElement
      : null
  }

  function move(step: 1 | -1): void {
    const all = boxes()
    const box = current()
    const target = box ? all[all.indexOf(box) + step] : all[0]
    target?.focus()
    target?.scrollIntoView({ block: 'nearest' })
  }

  watch(
    order,
    async (after, before) => {
      const focused = Number(current()?.dataset.todo)
      const remaining = new Set(after)
      if (Number.isNaN(focused) || remaining.has(focused)) return
      const position = before.indexOf(focused)
      const successor =
        before.slice(position + 1).find((id) => remaining.has(id)) ??
        before.slice(0, Math.max(position, 0)).findLast((id) => remaining.has(id))
      await nextTick()
      boxes()
        .find((box) => box.dataset.todo === String(successor))
        ?.focus()
    },
    { flush: 'pre' },
  )

  return { move, current }
}
