import { toApiError, type FailureCode } from '~/composables/api/api-error'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'
import { LIST_NAME_MAX_LENGTH } from '#shared/schemas/todo-list'
import type { Database, SearchNotionReply } from '#shared/schemas/database'
import type { TodoList } from '#shared/schemas/todo-list'

/** While Notion is still putting a new connection into its search: how soon to look again, then ever later. */
const FIRST_INTERVAL_MS = 2_000
const LONGEST_INTERVAL_MS = 30_000
const SLOWING = 1.5

/** Names people give to the places where they keep what is to be done, in our two languages. */
const TODO_NAME =
  /\b(to-?dos?|tasks?|action items?|backlog|roadmap|sprints?|aufgaben?|checklists?|checklisten?|meetings?|protokolle?)\b/i

/** Databases that most probably hold to-dos. */
export function isLikely(database: Database): boolean {
  return database.accessible && (database.counts.rows || TODO_NAME.test(database.name))
}

/**
 * Choosing databases for a new list, or for one there is: what there is, what is ticked, and making the list of it.
 *
 * @param listId of the list that is changed; without it a new one is made
 */
export function useDatabaseChoice(listId: () => number | undefined = () => undefined) {
  const library = useLibraryStore()
  const todos = useTodosStore()
  const { t } = useI18n()

  const answer = shallowRef<SearchNotionReply | null>(null)
  const loading = ref(true)
  const failure = ref<FailureCode | null>(null)
  const chosen = ref(new Set<string>())
  const typedName = ref<string | null>(null)
  let touched = false

  const edited = computed(() => library.lists.find(({ id }) => id === listId()))
  const chosenDatabases = computed(() => library.databases.filter(({ id }) => chosen.value.has(id)))
  const suggestedName = computed(() => {
    const [first, ...others] = chosenDatabases.value
    if (library.lists.length === 0 || !first) return t('chooser.firstName')
    const name = first.name.trim() || t('database.untitled')
    return others.length === 0
      ? name
      : t('chooser.nameAndMore', { name, count: others.length }, others.length)
  })
  const name = computed({
    get: () => typedName.value ?? edited.value?.name ?? suggestedName.value,
    set: (value) => (typedName.value = value),
  })

  let intervalMs = FIRST_INTERVAL_MS

  /** What is ticked until the person ticks something: what their list reads, or what is likely for a first one. */
  function suggest(): void {
    if (touched) return
    if (edited.value) chosen.value = new Set(edited.value.databaseIds)
    else if (library.lists.length === 0)
      chosen.value = new Set(library.databases.filter(isLikely).map(({ id }) => id))
  }

  async function search(options: { refresh?: boolean } = {}): Promise<void> {
    again.stop()
    loading.value = true
    failure.value = null
    try {
      answer.value = await library.searchDatabases(options)
      suggest()
    } catch (thrown) {
      failure.value = toApiError(thrown).code
    } finally {
      loading.value = false
      if (answer.value?.indexing && failure.value === null) again.start()
    }
  }

  // The server says when there is no more reason to.
  const again = useTimeoutFn(
    () => {
      intervalMs = Math.min(LONGEST_INTERVAL_MS, intervalMs * SLOWING)
      return search({ refresh: true })
    },
    () => intervalMs,
    { immediate: false },
  )

  function choose(id: string, on: boolean): void {
    touched = true
    const next = new Set(chosen.value)
    if (on) next.add(id)
    else next.delete(id)
    chosen.value = next
  }

  /** Makes or changes the list, which starts its reading. `null` when it failed (see `failure`). */
  async function save(): Promise<TodoList | null> {
    failure.value = null
    const body = {
      name: (name.value.trim() || suggestedName.value).slice(0, LIST_NAME_MAX_LENGTH),
      databaseIds: [...chosen.value],
    }
    try {
      const list = await (edited.value ? library.changeList(edited.value.id, body) : library.createList(body))
      todos.startOver()
      return list
    } catch (thrown) {
      failure.value = toApiError(thrown).code
      return null
    }
  }

  onMounted(async () => {
    await library.ensure()
    suggest()
    await search()
  })

  return { answer, loading, failure, chosen, edited, name, search, choose, save }
}
