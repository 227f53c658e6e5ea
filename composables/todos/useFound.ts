import { useTimeoutFn } from '@vueuse/core'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'

/** Whoever types on is not interrupted. */
const QUIET_MS = 1_000

/**
 * How many to-dos the filter line has found; undefined while nothing is looked for. Screen readers are told when the
 * typing rests: of what is looked for, not of every tick in it.
 *
 * @param matches ids of all that the list shows
 */
export function useFound(matches: Readonly<Ref<ReadonlySet<number>>>) {
  const store = useTodosStore()
  const view = useViewStore()
  const { polite } = useAnnouncer()
  const { t, n } = useI18n()

  const found = computed(() => (view.view.query.trim() === '' ? undefined : matches.value.size))
  const soon = useTimeoutFn(tell, QUIET_MS, { immediate: false })
  watch(() => view.view.query, soon.start)

  function tell(): void {
    const count = found.value
    if (count !== undefined && store.loaded) polite(t('todos.found', { count: n(count) }, count))
  }

  return found
}
