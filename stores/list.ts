/**
 * What the person did to the list itself, not to the to-dos: kept while they move between views, forgotten with
 * the tab.
 */
export const useListStore = defineStore('list', () => {
  /** Keys of the groups that are folded. */
  const folded = shallowRef<ReadonlySet<string>>(new Set())
  /** Ids of the to-dos that the next action is about. */
  const selected = shallowRef<ReadonlySet<number>>(new Set())
  /** The to-do that is looked at in the pane beside the list. */
  const detailId = ref<number | null>(null)
  const isPaletteOpen = ref(false)
  const isKeysOpen = ref(false)

  function fold(key: string, isFolded = !folded.value.has(key)): void {
    folded.value = withOrWithout(folded.value, key, isFolded)
  }

  function select(ids: Iterable<number>): void {
    selected.value = new Set(ids)
  }

  function toggleSelected(id: number): void {
    selected.value = withOrWithout(selected.value, id, !selected.value.has(id))
  }

  function clear(): void {
    folded.value = new Set()
    selected.value = new Set()
    detailId.value = null
    isPaletteOpen.value = false
    isKeysOpen.value = false
  }

  return { folded, selected, detailId, isPaletteOpen, isKeysOpen, fold, select, toggleSelected, clear }
})

function withOrWithout<Value>(
  values: ReadonlySet<Value>,
  value: Value,
  isIncluded: boolean,
): ReadonlySet<Value> {
  const changed = new Set(values)
  if (isIncluded) changed.add(value)
  else changed.delete(value)
  return changed
}
