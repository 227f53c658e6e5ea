import { QUERY_MAX_LENGTH } from '#shared/schemas/view'
import { glanceAt } from '#shared/todo/arrange-glance'
import { parseQuery } from '#shared/todo/query/parse'
import { narrows } from '#shared/todo/query/narrowing'
import { compileView } from '#shared/todo/query/view-filter'
import { useViewFilter } from '~/composables/views/useViewFilter'
import { useViewStore } from '~/stores/view'
import type { ShownRow } from './useTodoRows'

/** More than any window shows; looking at so many rows takes some milliseconds. */
const LIMITS = { enough: 60, atMost: 5_000 }

/**
 * While the filter line is ahead of its list, what is sure to stay at the list's top, to be drawn until the rest follows;
 * null while there is no such thing, and all rows are to be drawn.
 */
export function useGlance(rows: Readonly<Ref<readonly ShownRow[]>>) {
  const view = useViewStore()
  const { asked, context } = useViewFilter()

  return computed<{ line: string; rows: readonly ShownRow[] } | null>(() => {
    const line = view.ahead
    if (line === null) return null
    const { query } = parseQuery(line, QUERY_MAX_LENGTH)
    if (!narrows(asked.value, { ...asked.value, query })) return null
    const top = glanceAt(rows.value, compileView(query, asked.value.show, context.value), LIMITS)
    return top && { line, rows: top }
  })
}
