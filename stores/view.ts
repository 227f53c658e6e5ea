import {
  DEFAULT_VIEW,
  QUERY_MAX_LENGTH,
  STORED_QUERY_MAX_LENGTH,
  type NamedRule,
  type RuleBody,
  type SavedView,
  type TodoView,
} from '#shared/schemas/view'
import { bindNames, directoryOf, showNames, type Sources } from '#shared/todo/query/directory'
import { scopedQuery, type TodoScope } from '#shared/todo/scope'
import { parseQuery } from '#shared/todo/query/parse'
import { printQuery } from '#shared/todo/query/print'
import { toApiError, type FailureCode } from '~/composables/api/api-error'
import { useApi } from '~/composables/api/useApi'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'

/** What this device keeps of it, so that a list is shown as its person wants it before the server has answered. */
export interface KeptViews {
  views: SavedView[]
  rules: NamedRule[]
  sources: Sources
}

const NO_SOURCES: Sources = { databases: [], workspaces: [], me: [] }

/**
 * How the person looks at their to-dos just now, and what they have saved of that. What is changed in `view` ends
 * up in the URL of the page (`useViewUrl`), which is where it survives a reload.
 */
export const useViewStore = defineStore('view', () => {
  const api = useApi()
  const library = useLibraryStore()
  const todos = useTodosStore()

  const view = ref<TodoView>({ ...DEFAULT_VIEW })
  /** What stands in the filter line while the list has yet to follow it (`useGlance`); null once it has. */
  const ahead = ref<string | null>(null)
  /** What the list on the screen is about; null where there is none (`useShownScope`). */
  const scope = shallowRef<TodoScope | null>(null)
  /** What is open below the bar of the list; `save`: the saved views, to add this one. */
  const panel = ref<'saved' | 'save' | 'more' | null>(null)
  const saved = shallowRef<SavedView[]>([])
  /** Places that are kept out of all lists, and exceptions. */
  const rules = shallowRef<NamedRule[]>([])
  const stored = shallowRef<Sources>(NO_SOURCES)
  const loaded = ref(false)
  /** From the server, or from this device: what is saved is known. Without that, nothing saved is not "none". */
  const known = ref(false)
  const failure = ref<FailureCode | null>(null)
  let loading: Promise<void> | null = null
  /** An answer that was asked for before `clear` is about somebody else. */
  let generation = 0

  /** What the filter line means, as far as it can be understood, and what is wrong with it. */
  const parsed = computed(() => parseQuery(view.value.query, QUERY_MAX_LENGTH))
  const sources = computed(() => mergeSources(stored.value, library))
  /** The reader's own ids in Notion. */
  const me = computed(() => sources.value.me)
  /** Everything a query can name, looked up only when somebody asks. */
  const directory = computed(() => directoryOf(todos.todos, sources.value))
  /** Where the person begins. */
  const standard = computed(() => {
    const begin = saved.value.find(({ isDefault }) => isDefault)
    return begin ? shownAs(begin) : DEFAULT_VIEW
  })

  /** Loads what is saved, once; concurrent callers share one round. Failures end in `failure`. */
  function ensure(): Promise<void> {
    if (loaded.value) return Promise.resolve()
    loading ??= load()
    return loading
  }

  async function load(): Promise<void> {
    const mine = generation
    failure.value = null
    try {
      const reply = await api('GET /api/views')
      if (mine !== generation) return
      show(reply)
      loaded.value = true
    } catch (thrown) {
      if (mine === generation) failure.value = toApiError(thrown).code
    } finally {
      if (mine === generation) loading = null
    }
  }

  function show({ views, rules: places, sources: from }: KeptViews): void {
    saved.value = views
    rules.value = places
    stored.value = from
    known.value = true
  }

  /** What this device kept from the last time, until the server has answered. */
  function restore(kept: KeptViews): void {
    if (!loaded.value) show(kept)
  }

  /** For this device to keep; null while nothing is known. */
  function toKeep(): KeptViews | null {
    return known.value ? { views: saved.value, rules: rules.value, sources: stored.value } : null
  }

  function change(changes: Partial<TodoView>): void {
    view.value = { ...view.value, ...changes }
    ahead.value = null
  }

  /** The line is typed in faster than a long list can follow. `change` is to come, or null where nothing will. */
  function lookAhead(line: string | null): void {
    ahead.value = line
  }

  /** A saved view as it is shown: with today's names in place of ids. */
  function shownAs({ view: one }: SavedView): TodoView {
    const { query } = parseQuery(one.query, STORED_QUERY_MAX_LENGTH)
    return { ...one, query: printQuery(showNames(query, directory.value)).slice(0, QUERY_MAX_LENGTH) }
  }

  /**
   * The current view as it is stored: with ids in place of names, and only what is understood of its line.
   *
   * @param scope of the screen it was made on, to be part of it
   */
  function toStored(scope: TodoScope = {}): TodoView {
    const query = scopedQuery(scope, parsed.value.query)
    const bound = printQuery(bindNames(query, directory.value))
    return {
      ...view.value,
      ...scope.view,
      query: bound.length <= STORED_QUERY_MAX_LENGTH ? bound : printQuery(query),
    }
  }

  /** Saves the current view of a screen under a name. @throws ApiError */
  async function save(name: string, scope: TodoScope): Promise<SavedView> {
    const { view: made } = await api('POST /api/views', { body: { name, view: toStored(scope) } })
    saved.value = [...saved.value, made]
    return made
  }

  /** Gives a saved view another name, or another state. @throws ApiError */
  async function changeSaved(one: SavedView, name: string, state: TodoView = one.view): Promise<void> {
    const body = { name, view: state }
    const { view: changed } = await api('PUT /api/views/:id', { body, params: { id: one.id } })
    saved.value = saved.value.map((other) => (other.id === one.id ? changed : other))
  }

  /** @throws ApiError */
  async function remove(id: number): Promise<void> {
    await api('DELETE /api/views/:id', { params: { id } })
    saved.value = saved.value.filter((other) => other.id !== id)
  }

  /** Moves a saved view one place up (-1) or down (1). @throws ApiError */
  async function move(id: number, step: 1 | -1): Promise<void> {
    const order = [...saved.value]
    const from = order.findIndex((one) => one.id === id)
    const [moved] = order.splice(from, 1)
    if (!moved) return
    order.splice(Math.max(0, from + step), 0, moved)
    const before = saved.value
    saved.value = order
    try {
      await api('PUT /api/views/order', { body: { ids: order.map((one) => one.id) } })
    } catch (thrown) {
      saved.value = before
      throw thrown
    }
  }

  /** Begin with this view; with none of them for `null`. @throws ApiError */
  async function setDefault(id: number | null): Promise<void> {
    await api('PUT /api/views/default', { body: { id } })
    saved.value = saved.value.map((one) => ({ ...one, isDefault: one.id === id }))
  }

  /** Keeps a database or page out of all lists, shows it all the same, or (`null`) neither. @throws ApiError */
  async function setRule(target: NamedRule['target'], effect: RuleBody['effect']): Promise<void> {
    rules.value = (await api('PUT /api/views/rules', { body: { effect, target } })).rules
  }

  function clear(): void {
    view.value = { ...DEFAULT_VIEW }
    ahead.value = null
    panel.value = null
    saved.value = []
    rules.value = []
    stored.value = NO_SOURCES
    loaded.value = false
    known.value = false
    failure.value = null
    loading = null
    generation += 1
  }

  return {
    view,
    ahead,
    scope,
    panel,
    parsed,
    directory,
    me,
    saved,
    standard,
    rules,
    loaded,
    known,
    failure,
    ensure,
    restore,
    toKeep,
    change,
    lookAhead,
    shownAs,
    toStored,
    save,
    changeSaved,
    remove,
    move,
    setDefault,
    setRule,
    clear,
  }
})

/** What the server knows (ended workspaces too), and what this browser has learnt since. */
function mergeSources(stored: Sources, library: ReturnType<typeof useLibraryStore>): Sources {
  const databases = library.databases.map(({ id, name, workspace }) => ({
    id,
    name,
    workspaceId: String(workspace.connectionId),
  }))
  const workspaces = library.workspaces.map(({ connectionId, name }) => ({ id: String(connectionId), name }))
  return {
    databases: [...databases, ...missingFrom(databases, stored.databases)],
    workspaces: [...workspaces, ...missingFrom(workspaces, stored.workspaces)],
    me: stored.me,
  }
}

function missingFrom<Entry extends { id: string }>(known: Entry[], entries: readonly Entry[]): Entry[] {
  const ids = new Set(known.map(({ id }) => id))
  return entries.filter(({ id }) => !ids.has(id))
}
