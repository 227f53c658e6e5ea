import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'

/** After workspaces changed: their lists and their to-dos are asked for anew. Failures end in the stores. */
export function useLibraryReload(): () => Promise<void> {
  const library = useLibraryStore()
  const todos = useTodosStore()
  return async () => {
    library.invalidate()
    todos.startOver()
    await library.ensure()
  }
}
