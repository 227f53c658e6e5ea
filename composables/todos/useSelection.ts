import type { ItemRow } from '#shared/todo/arrange'
import { useListStore } from '~/stores/list'
import { useTodosStore, type ShownTodo } from '~/stores/todos'
import type { ShownRow } from './useTodoRows'

/** Choosing several to-dos: by range as in any list, one by one, or a group at once. */
export function useSelection(rows: Readonly<Ref<readonly ShownRow[]>>) {
  const list = useListStore()
  const store = useTodosStore()
  /** Where a range begins: the row that was last chosen, or left, without Shift. */
  let anchor: string | null = null
  const { polite } = useAnnouncer()
  const { t, n } = useI18n()

  /** In the order of the list; what has left meanwhile is not selected any more. */
  const selected = computed<ShownTodo[]>(() =>
    [...list.selected].flatMap((id) => {
      const todo = store.todo(id)
      return todo ? [todo] : []
    }),
  )

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

  /** Every to-do of a group, the groups inside it included. */
  function selectGroup(key: string): void {
    const begin = rows.value.findIndex((row) => row.key === key)
    const heading = rows.value[begin]
    if (heading?.kind !== 'group') return
    const end = rows.value.findIndex(
      (row, index) => index > begin && row.kind === 'group' && row.level <= heading.level,
    )
    list.select(rows.value.slice(begin, end === -1 ? undefined : end).flatMap(idOf))
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
