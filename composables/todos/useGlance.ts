import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import { glanceAt } from '#shared/todo/arrange-glance'
import { parseQuery } from '#shared/todo/query/parse'
import { narrows } from '#shared/todo/query/narrowing'
import { compileView } from '#shared/todo/query/view-filter'
import { useViewFilter } from '~/composables/views/useViewFilter'
import { useViewStore } from '~/stores/view'
import type { ShownRow } from './useTodoRows'

/** More than any window shows. */
const ENOUGH_TODOS = 100

/**
 * The rows to draw: all of them; while the filter line is ahead of its list, what is sure to stay at its top. The
 * rest follows once that is on the screen.
 */
export function useGlance(rows: Readonly<Ref<readonly ShownRow[]>>) {
  const view = useViewStore()
  const { context } = useViewFilter()

  return computed<readonly ShownRow[]>(() => {
    if (view.ahead === null || rows.value.length <= ENOUGH_TODOS) return rows.value
    const { query } = parseQuery(view.ahead, QUERY_MAX_LENGTH)
    const { lingering = new Set(), rules } = context.value
    const { show } = view.view
    const asked = { show, rules, lingering }
    if (!narrows({ ...asked, query: view.parsed.query }, { ...asked, query })) return rows.value
    const top = glanceAt(rows.value, compileView(query, show, context.value), ENOUGH_TODOS)
    return top.length > 0 ? top : rows.value
  })
}
