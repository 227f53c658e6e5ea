import { LIST_NAME_MAX_LENGTH } from '#shared/schemas/todo-list'
import { VIEW_NAME_MAX_LENGTH } from '#shared/schemas/view'
import { useLibraryStore } from '~/stores/library'
import { useViewStore } from '~/stores/view'
import { useOpenView } from './useOpenView'

/** A name that the person gave to what they see, and can change. */
export interface ScreenName {
  name: string
  maxLength: number
  /** @throws ApiError */
  rename: (name: string) => Promise<unknown>
}

/** The name of the saved view or of the list that is on the screen; `null` where the name is not theirs. */
export function useScreenName(listId: () => number | undefined) {
  const views = useViewStore()
  const library = useLibraryStore()
  const view = useOpenView()

  return computed<ScreenName | null>(() => {
    const saved = view.value
    if (saved) {
      const rename = (name: string) => views.changeSaved(saved, name)
      return { name: saved.name, maxLength: VIEW_NAME_MAX_LENGTH, rename }
    }
    const list = library.lists.find(({ id }) => id === listId())
    if (!list) return null
    const rename = (name: string) => library.changeList(list.id, { name, databaseIds: list.databaseIds })
    return { name: list.name, maxLength: LIST_NAME_MAX_LENGTH, rename }
  })
}
