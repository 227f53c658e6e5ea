import { ApiError, type FailureCode } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import type { Workspace } from '#shared/schemas/connection'
import type { CountingBody, CountingReply, Database, SearchNotionReply } from '#shared/schemas/database'
import type { TodoList, TodoListBody } from '#shared/schemas/todo-list'

/** What this device keeps of it, so that lists have names without a network. */
export interface KeptLibrary {
  workspaces: Workspace[]
  databases: Database[]
  lists: TodoList[]
}

/** What to-dos come from: workspaces, their databases, and the lists made of them. */
export const useLibraryStore = defineStore('library', () => {
  const api = useApi()
  const workspaces = shallowRef<Workspace[]>([])
  const databases = shallowRef<Database[]>([])
  const lists = shallowRef<TodoList[]>([])
  const loaded = ref(false)
  const failure = ref<FailureCode | null>(null)
  let loading: Promise<void> | null = null
  /** An answer that was asked for before `clear` is about somebody else. */
  let generation = 0

  const databaseById = computed(() => new Map(databases.value.map((database) => [database.id, database])))

  /** Loads all three once; concurrent callers share one round. Failures end in `failure`. */
  function ensure(): Promise<void> {
    if (loaded.value) return Promise.resolve()
    loading ??= load()
    return loading
  }

  async function load(): Promise<void> {
    const mine = generation
    failure.value = null
    try {
      const [connection, listing] = await Promise.all([
        api('GET /api/auth-notion'),
        api('GET /api/todo-lists'),
      ])
      if (mine !== generation) return
      workspaces.value = connection.workspaces
      lists.value = listing.lists
      if (connection.workspaces.length > 0) await nameDatabases(connection.workspaces)
      else databases.value = []
      if (mine === generation) loaded.value = true
    } catch (thrown) {
      if (!(thrown instanceof ApiError)) throw thrown
      if (mine === generation) failure.value = thrown.code
    } finally {
      if (mine === generation) loading = null
    }
  }

  /** What this device kept from the last time, until the server has answered. */
  function restore(kept: KeptLibrary): void {
    if (loaded.value) return
    workspaces.value = kept.workspaces
    databases.value = kept.databases
    lists.value = kept.lists
  }

  /** Of workspaces that were all disconnected there may be nothing left to name. @throws ApiError */
  async function nameDatabases(all: readonly Workspace[]): Promise<void> {
    try {
      await searchDatabases()
    } catch (thrown) {
      const isOver = all.every(({ status }) => status === 'disconnected')
      if (!isOver || !(thrown instanceof ApiError) || thrown.code !== 'NOTION_NOT_CONNECTED') throw thrown
      databases.value = []
    }
  }

  /** @throws ApiError */
  async function searchDatabases(options: { refresh?: boolean } = {}): Promise<SearchNotionReply> {
    const query = options.refresh ? { refresh: true } : {}
    const mine = generation
    const reply = await api('GET /api/search-notion', { query })
    if (mine === generation) databases.value = reply.databases
    return reply
  }

  /** @throws ApiError */
  async function createList(body: TodoListBody): Promise<TodoList> {
    const { list } = await api('POST /api/todo-lists', { body })
    lists.value = [...lists.value, list]
    return list
  }

  /** Gives a list another name or other databases. @throws ApiError */
  async function changeList(id: number, body: TodoListBody): Promise<TodoList> {
    const { list } = await api('PUT /api/todo-lists/:id', { body, params: { id } })
    lists.value = lists.value.map((one) => (one.id === id ? list : one))
    return list
  }

  /** Says what counts as a to-do in a database. @throws ApiError */
  async function chooseCounting(id: string, body: CountingBody): Promise<CountingReply> {
    const reply = await api('PUT /api/databases/:id/counting', { body, params: { id } })
    databases.value = databases.value.map((one) => (one.id === id ? reply.database : one))
    return reply
  }

  /** @throws ApiError */
  async function deleteList(id: number): Promise<void> {
    await api('DELETE /api/todo-lists/:id', { params: { id } })
    lists.value = lists.value.filter((list) => list.id !== id)
  }

  /** After a workspace was connected: what is known is no longer true. */
  function invalidate(): void {
    loaded.value = false
  }

  function clear(): void {
    workspaces.value = []
    databases.value = []
    lists.value = []
    loaded.value = false
    failure.value = null
    loading = null
    generation += 1
  }

  return {
    workspaces,
    databases,
    lists,
    loaded,
    failure,
    databaseById,
    ensure,
    restore,
    searchDatabases,
    createList,
    changeList,
    chooseCounting,
    deleteList,
    invalidate,
    clear,
  }
})
