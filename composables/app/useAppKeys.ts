import { useAllTodos } from '~/composables/views/useAllTodos'
import { useListStore } from '~/stores/list'
import { useKeys } from './useKeys'

/** Keys that do the same on every screen (interface.md, "Keys"). */
export function useAppKeys(): void {
  const list = useListStore()
  const allTodos = useAllTodos()

  useKeys({
    '?': () => (list.isKeysOpen = true),
    'g a': () => void navigateTo(allTodos.to.value),
    'g t': () => void navigateTo('/today'),
    'g m': () => void navigateTo('/mine'),
    'g c': () => void navigateTo('/completed'),
    'g h': () => void navigateTo('/history'),
  })
}
