import { DEFAULT_VIEW, QUERY_MAX_LENGTH, type TodoView } from '#shared/schemas/view'
import { directoryOf, type Sources } from '#shared/todo/query/directory'
import { parseQuery } from '#shared/todo/query/parse'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'

/**
 * How the person looks at their to-dos just now. What is changed here ends up in the URL of the page
 * (`useViewUrl`), which is where it survives a reload.
 */
export const useViewStore = defineStore('view', () => {
  const library = useLibraryStore()
  const todos = useTodosStore()
  const view = ref<TodoView>({ ...DEFAULT_VIEW })

  /** What the filter line means, as far as it can be understood, and what is wrong with it. */
  const parsed = computed(() => parseQuery(view.value.query, QUERY_MAX_LENGTH))

  const sources = computed<Sources>(() => ({
    databases: library.databases.map(({ id, name, workspace }) => ({
      id,
      name,
      workspaceId: String(workspace.connectionId),
    })),
    workspaces: library.workspaces.map(({ connectionId, name }) => ({ id: String(connectionId), name })),
    me: [],
  }))
  /** Everything a query can name, looked up only when somebody asks. */
  const directory = computed(() => directoryOf(todos.todos, sources.value))

  function change(changes: Partial<TodoView>): void {
    view.value = { ...view.value, ...changes }
  }

  const show = computed({ get: () => view.value.show, set: (value) => change({ show: value }) })
  const text = computed({ get: () => view.value.query, set: (value) => change({ query: value }) })

  function clear(): void {
    view.value = { ...DEFAULT_VIEW }
  }

  return { view, parsed, directory, show, text, change, clear }
})
