import type { NamedRule } from '#shared/schemas/view'
import { toApiError, type FailureCode } from '~/composables/api/api-error'
import type { ShownTodo } from '~/stores/todos'
import { useViewStore } from '~/stores/view'

/** A page that was kept out of the lists a moment ago, to be offered to be taken back. */
export interface Hiding {
  page: number
  name: string
  /** What had been said about the page before. */
  before: NamedRule['effect'] | null
  /** In ms since 1970. */
  at: number
  /** Why it could not be done, or not be taken back. */
  failure: FailureCode | null
}

/** Keeping the page of a to-do out of all lists; and bringing it back, from here or later from the filter dialog. */
export function useHiding() {
  const view = useViewStore()
  const { t } = useI18n()
  const { polite } = useAnnouncer()
  const last = useState<Hiding | null>('last-hiding', () => null)

  async function hide({ page: { id, title } }: ShownTodo): Promise<void> {
    const known = view.rules.find(({ target }) => 'page' in target && target.page === id)
    const name = title.trim() || t('page.untitled')
    const hiding: Hiding = { page: id, name, before: known?.effect ?? null, at: Date.now(), failure: null }
    await attempt(hiding, 'hide')
    if (last.value?.failure === null) polite(t('view.hidden.announce', { name }))
  }

  async function show(hiding: Hiding): Promise<void> {
    await attempt({ ...hiding, at: Date.now() }, hiding.before)
    if (last.value?.failure !== null) return
    last.value = null
    polite(t('view.hidden.back', { name: hiding.name }))
  }

  async function attempt(hiding: Hiding, effect: NamedRule['effect'] | null): Promise<void> {
    try {
      await view.setRule({ page: hiding.page }, effect)
      last.value = hiding
    } catch (thrown) {
      last.value = { ...hiding, failure: toApiError(thrown).code }
    }
  }

  return { hide, show, last }
}
