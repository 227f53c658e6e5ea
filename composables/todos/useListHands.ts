import { useKeys } from '~/composables/app/useKeys'
import { useListStore } from '~/stores/list'
import type { ShownTodo } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { useListActions } from './useListActions'
import type { ListFocus } from './useListFocus'
import type { useSelection } from './useSelection'

interface Screen {
  /** Of the list that is shown; there is none while nothing is. */
  focus: () => ListFocus | undefined
  selection: ReturnType<typeof useSelection>
  search: () => void
  refresh: () => void
}

/** All that keys do on a list (interface.md, "Keys"); those of every screen are in `useAppKeys`. */
export function useListHands({ focus, selection, search, refresh }: Screen): void {
  const list = useListStore()
  const view = useViewStore()
  const actions = useListActions()

  const current = () => focus()?.current() ?? null
  /** The selection if there is one, else the to-do in hand. */
  function targets(): readonly ShownTodo[] {
    if (selection.selected.value.length > 0) return selection.selected.value
    const row = current()
    return row ? [row.todo] : []
  }

  /** Somebody was quicker than the list; it begins where they wanted to. */
  let early: 1 | -1 | null = null
  watch(
    () => focus() !== undefined,
    (isThere) => {
      if (isThere && early !== null) move(early)
      early = null
    },
    { flush: 'post' },
  )

  function move(step: 1 | -1): void {
    if (!focus()) early = step
    const row = focus()?.move(step)
    if (!row) return
    selection.startAt(row.key)
    // What is looked at follows the hand.
    if (list.detailId !== null) list.detailId = row.todo.id
  }

  function extend(step: 1 | -1): void {
    const from = current()
    const row = focus()?.move(step)
    if (row) selection.extendTo(row.key, selection.selected.value.length === 0 ? from?.key : undefined)
  }

  function tick(): void {
    const todos = targets()
    actions.finish(
      todos,
      todos.some((todo) => !todo.checked),
    )
    selection.clear()
  }

  function withCurrent(act: (todo: ShownTodo) => void): () => void {
    return () => {
      const row = current()
      if (row) act(row.todo)
    }
  }

  function fold(isFolded: boolean): void {
    const key = focus()?.groupInHand()
    if (key === undefined) return
    list.fold(key, isFolded)
    if (isFolded) focus()?.focusRow(key)
  }

  /** One thing at a time, the nearest first. */
  function leave(): void {
    if (selection.selected.value.length > 0) selection.clear()
    else list.detailId = null
  }

  useKeys({
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    'shift-ArrowDown': () => extend(1),
    'shift-ArrowUp': () => extend(-1),
    J: () => extend(1),
    K: () => extend(-1),
    x: tick,
    e: withCurrent(actions.openDetail),
    ArrowRight: withCurrent(actions.openDetail),
    o: withCurrent(actions.openInNotion),
    u: actions.undo,
    h: () => view.change({ show: view.view.show === 'open' ? 'all' : 'open' }),
    '[': () => fold(true),
    ']': () => fold(false),
    '/': search,
    r: refresh,
    Escape: leave,
  })
}
