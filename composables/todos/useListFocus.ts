import { useEventListener } from '@vueuse/core'
import type { ItemRow } from '#shared/todo/arrange'
import type { ShownTodo } from '~/stores/todos'
import { drawnIndex, indexOfRow, keyAround } from './row-index'
import type { ShownRow } from './useTodoRows'

type ShownItem = ItemRow<ShownTodo>

export interface ListFocus {
  /** The to-do row that has the focus now. */
  current: () => ShownItem | null
  /** Moves to the next (1) or previous (-1) to-do; from nowhere, to the first one in the window. */
  move: (step: 1 | -1) => ShownItem | null
  /** Key of the group whose heading or to-do has the focus. */
  groupInHand: () => string | undefined
  /** Puts the focus on the box of a row (or the button of a heading), wherever that row is. */
  focusRow: (key: string) => void
}

/**
 * Moving through the boxes of a list by keyboard. When the focused to-do leaves (it was done, or somebody
 * removed it), the focus goes to the one that takes its place instead of back to the top of the page; when its
 * element is drawn anew somewhere else, the focus goes along.
 *
 * Called by the component that draws the rows.
 *
 * @param scrollTo brings a row into the window
 * @param held key of the row that has the focus, or had it last; kept up to date here
 */
export function useListFocus(
  rows: Readonly<Ref<readonly ShownRow[]>>,
  list: Readonly<Ref<HTMLElement | null>>,
  scrollTo: (index: number) => void,
  held: Ref<string | null>,
): ListFocus {
  /** Gets the focus as soon as it is drawn. */
  let wanted: string | null = null
  /** Had the focus when drawing began. */
  let before: string | undefined

  useEventListener(list, 'focusin', (event) => {
    const key = event.target instanceof Element ? keyAround(event.target) : undefined
    if (key === undefined) return
    held.value = key
    wanted = null
  })
  onBeforeUpdate(() => (before = focusedKey()))
  onUpdated(() => {
    if (wanted !== null) return void reach(wanted)
    // An element that is moved or made anew loses the focus without a word.
    if (before === undefined || document.activeElement !== document.body || focusBox(before)) return
    if (indexOf(before) !== -1) wanted = before
  })

  function indexOf(key: string): number {
    return rows.value.findIndex((row) => row.key === key)
  }

  function focusedKey(): string | undefined {
    const { activeElement } = document
    return activeElement && list.value?.contains(activeElement) ? keyAround(activeElement) : undefined
  }

  function current(): ShownItem | null {
    const key = focusedKey()
    return key === undefined ? null : itemAt(key)
  }

  function groupInHand(): string | undefined {
    const key = focusedKey()
    const row = rows.value.find((one) => one.key === key)
    return row?.kind === 'item' ? row.group : row?.key
  }

  function focusRow(key: string): void {
    if (indexOf(key) === -1) return
    held.value = key
    wanted = key
    reach(key)
  }

  /** Now, or once it is drawn. */
  function reach(key: string): void {
    if (!focusBox(key)) return
    wanted = null
    scrollTo(indexOf(key))
  }

  function focusBox(key: string): boolean {
    const row = list.value?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`)
    row?.querySelector<HTMLElement>('input[data-todo], [data-fold]')?.focus({ preventScroll: true })
    return row !== null && row !== undefined
  }

  function move(step: 1 | -1): ShownItem | null {
    const key = focusedKey()
    const index = key === undefined ? -1 : indexOf(key)
    const target = index === -1 ? firstInWindow() : nextItem(rows.value, index, step)
    if (target) focusRow(target.key)
    return target
  }

  function firstInWindow(): ShownItem | null {
    const boxes = [...(list.value?.querySelectorAll<HTMLElement>('input[data-todo]') ?? [])]
    const box = boxes.find((one) => one.getBoundingClientRect().top > 0)
    const key = box ? keyAround(box) : undefined
    // Before anything is drawn the list begins at its top.
    return key === undefined ? (rows.value.find(isItem) ?? null) : itemAt(key)
  }

  function itemAt(key: string): ShownItem | null {
    const row = rows.value.find((one) => one.key === key)
    return row && isItem(row) ? row : null
  }

  watch(
    rows,
    async (after, before) => {
      const key = focusedKey()
      const element = document.activeElement?.closest<HTMLElement>('[data-row]')
      if (key === undefined || indexOfRow(after, key, drawnIndex(element)) !== -1) return
      const remaining = new Set(after.map((row) => row.key))
      const items = before.filter((row) => row.key === key || (isItem(row) && remaining.has(row.key)))
      const position = items.findIndex((row) => row.key === key)
      const successor = items[position + 1] ?? items[position - 1]
      await nextTick()
      if (successor) focusRow(successor.key)
    },
    { flush: 'pre' },
  )

  return { current, move, groupInHand, focusRow }
}

function isItem(row: ShownRow): row is ShownItem {
  return row.kind === 'item'
}

function nextItem(rows: readonly ShownRow[], index: number, step: 1 | -1): ShownItem | null {
  for (let at = index + step; at >= 0 && at < rows.length; at += step) {
    const row = rows[at]
    if (row && isItem(row)) return row
  }
  return null
}
