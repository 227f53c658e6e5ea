import type { ItemRow } from '#shared/todo/arrange'
import { useListStore } from '~/stores/list'
import { useTodosStore, type ShownTodo } from '~/stores/todos'
import type { ShownRow } from './useTodoRows'

/**
 * Choosing several to-dos: by range as in any list, one by one, or a group at once. It is about one list as it is
 * shown, and forgotten with it.
 *
 * @param matches ids of all that the list shows, folded away or not
 * @param viewKey when it changes, it is another list
 */
export function useSelection(
  rows: Readonly<Ref<readonly ShownRow[]>>,
  matches: Readonly<Ref<ReadonlySet<number>>>,
  viewKey: () => string,
) {
  const list = useListStore()
  const store = useTodosStore()
  /** Where a range begins: the row that was last chosen, or left, without Shift. */
  let anchor: string | null = null
  const { polite } = useAnnouncer()
  const { t, n } = useI18n()

  /** Parents that are only there for what stands below them can be chosen one by one. */
  const context = computed(() => {
    const ids = new Set<number>()
    for (const row of rows.value) if (row.kind === 'item' && row.context) ids.add(row.todo.id)
    return ids
  })
  /**
   * What has left the list meanwhile is not selected any more: nobody acts on what they cannot see. What they folded
   * away themselves they have seen, and the bar counts it.
   */
  const selected = computed<ShownTodo[]>(() =>
    [...list.selected].flatMap((id) => {
      const todo = matches.value.has(id) || context.value.has(id) ? store.todo(id) : undefined
      return todo ? [todo] : []
    }),
  )

  watch(viewKey, clear)
  onBeforeUnmount(clear)
  watch(
    () => selected.value.length,
    (count) => {
      if (count > 0) polite(t('select.count', { count: n(count) }, count))
    },
  )

  /** Selects everything from where the selection began to this row, and nothing else. */
  function extendTo(key: string, from = anchor): void {
    anchor = from ?? key
    const ends = [anchor, key].map((end) => rows.value.findIndex((row) => row.key === end))
    const [first, last] = [Math.min(...ends), Math.max(...ends)]
    if (first === -1) {
      anchor = key
      return extendTo(key, key)
    }
    list.select(rows.value.slice(first, last + 1).flatMap(idOf))
  }

  function toggle({ key, todo }: ItemRow<ShownTodo>): void {
    anchor = key
    list.toggleSelected(todo.id)
  }

  /** Every to-do of a group, the groups inside it included; unfolded, so that one sees what was chosen. */
  function selectGroup(key: string): void {
    // Once for itself, and once for the groups that it shows then.
    unfold(rowsOfGroup(key))
    unfold(rowsOfGroup(key))
    list.select(rowsOfGroup(key).flatMap(idOf))
  }

  function unfold(shown: readonly ShownRow[]): void {
    for (const row of shown) if (row.kind === 'group' && row.folded) list.fold(row.key, false)
  }

  /** Its heading, and everything down to the next heading that is not inside it. */
  function rowsOfGroup(key: string): readonly ShownRow[] {
    const begin = rows.value.findIndex((row) => row.key === key)
    const heading = rows.value[begin]
    if (heading?.kind !== 'group') return []
    const end = rows.value.findIndex(
      (row, index) => index > begin && row.kind === 'group' && row.level <= heading.level,
    )
    return rows.value.slice(begin, end === -1 ? undefined : end)
  }

  function startAt(key: string): void {
    anchor = key
  }

  function clear(): void {
    anchor = null
    list.select([])
  }

  return { selected, extendTo, toggle, selectGroup, startAt, clear }
}

function idOf(row: ShownRow): number[] {
  return row.kind === 'item' && !row.context ? [row.todo.id] : []
}
