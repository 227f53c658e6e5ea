import { useSessionStorage } from '@vueuse/core'
import { skipHydrate } from 'pinia'

/**
 * What the person did to the list itself, not to the to-dos: kept while they move between views, forgotten with
 * the tab. What is folded outlives a reload of it.
 */
export const useListStore = defineStore('list', () => {
  /** Keys of the groups that are folded. The server knows of none, and must not be believed. */
  const folded = skipHydrate(
    useSessionStorage<ReadonlySet<string>>('roundup-folded', new Set(), {
      shallow: true,
      listenToStorageChanges: false,
      serializer: { read: readFolded, write: writeFolded },
    }),
  )
  /** Ids of the to-dos that the next action is about, as far as the list shows them (`useSelection`). */
  const selected = shallowRef<ReadonlySet<number>>(new Set())
  /** Key of the row that has the focus, or had it last. */
  const inHand = ref<string | null>(null)
  /** The to-do that is looked at in the pane beside the list. */
  const detailId = ref<number | null>(null)
  const isPaletteOpen = ref(false)
  const isKeysOpen = ref(false)
  /** Whether the filter panel is open, and what somebody opened it for. */
  const filterPanel = ref<'criteria' | 'hidden' | null>(null)

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
    inHand.value = null
    detailId.value = null
    isPaletteOpen.value = false
    isKeysOpen.value = false
    filterPanel.value = null
  }

  return {
    folded,
    selected,
    inHand,
    detailId,
    isPaletteOpen,
    isKeysOpen,
    filterPanel,
    fold,
    select,
    toggleSelected,
    clear,
  }
})

/** Groups whose key is somebody's own words: nothing of a to-do is written down outside the encrypted store. */
const IN_WORDS = /^(heading|tag):/

function writeFolded(keys: ReadonlySet<string>): string {
  return JSON.stringify([...keys].filter((key) => !IN_WORDS.test(key)))
}

/** Anything else that somebody may have put there means nothing. */
function readFolded(text: string): ReadonlySet<string> {
  try {
    const keys: unknown = JSON.parse(text)
    return new Set(Array.isArray(keys) ? keys.filter((key) => typeof key === 'string') : [])
  } catch {
    return new Set()
  }
}

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
