import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { useFocusBack } from './useFocusBack'
import type { ShownRow } from './useTodoRows'

/**
 * When the list takes the place of the rows that came with the page, whoever was at one of those is at the same row of
 * the list; where that one is not there (it has just been done), at the next that is.
 */
export function useFocusHandedOn(rows: Readonly<Ref<readonly ShownRow[]>>): void {
  const todos = useTodosStore()
  const list = useListStore()
  const focusBack = useFocusBack()

  watch(
    () => todos.loaded,
    () => {
      const held = document.activeElement?.closest<HTMLElement>('[data-row]')
      if (!held) return
      const before = [...document.querySelectorAll<HTMLElement>('[data-row]')]
      const at = before.indexOf(held)
      const near = [...before.slice(at), ...before.slice(0, at).reverse()]
      const isThere = new Set(rows.value.map(({ key }) => key))
      list.inHand = near.find(({ dataset }) => isThere.has(dataset.row ?? ''))?.dataset.row ?? null
      void focusBack()
    },
  )
}
