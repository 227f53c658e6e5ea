import { z } from 'zod'
import { validationError } from './errors.ts'
import { compileFilter, FilterSchema, type RowTest } from './filters.ts'
import { findDataSource } from './lookup.ts'
import { pageReply } from './object-replies.ts'
import { bodyPaging } from './pagination.ts'
import type { DataSourceRecord, PageRecord } from './records.ts'
import { plainText } from './rich-text.ts'
import { type Call, endpoint } from './router.ts'
import type { Property } from './seed-format.ts'
import { toMinute } from './store.ts'
import { contentOf } from './value-replies.ts'

/** One query gives at most this many rows, however it is paged (notion-api.md §4). */
export const QUERY_ROW_LIMIT = 10_000

const direction = z.enum(['ascending', 'descending'])
const SortSchema = z.union([
  z.strictObject({ property: z.string(), direction }),
  z.strictObject({ timestamp: z.enum(['created_time', 'last_edited_time']), direction }),
])
type Sort = z.output<typeof SortSchema>

const QuerySchema = z.strictObject({
  filter: FilterSchema.optional(),
  sorts: z.array(SortSchema).max(100).optional(),
  ...bodyPaging,
  is_archived: z.boolean().optional(),
  result_type: z.enum(['page', 'data_source']).optional(),
})

export const filterProperties = z.strictObject({ filter_properties: z.array(z.string()).max(100).optional() })

export const queryEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/data_sources/{data_source_id}/query',
    capability: 'read',
    query: filterProperties,
    body: QuerySchema,
    handle(call, { query, body }) {
      const source = findDataSource(call, call.id('data_source_id'))
      const { start_cursor, page_size, ...question } = body
      requireProperties(source, query.filter_properties)
      const matching = matchingRows(call, source, question)
      const rows = matching.slice(0, QUERY_ROW_LIMIT)
      const scope = `query:${call.connection.botId}:${source.id}:${JSON.stringify(question)}`
      const slice = call.world.cursors.slice(rows, ({ id }) => id, { start_cursor, page_size }, scope)
      const cut = !slice.has_more && matching.length > QUERY_ROW_LIMIT
      return {
        object: 'list',
        type: 'page_or_data_source',
        page_or_data_source: {},
        results: slice.results.map((row) =>
          pageReply(row, call.world.store, call.version, query.filter_properties),
        ),
        next_cursor: slice.next_cursor,
        has_more: slice.has_more,
        request_status: cut
          ? { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' }
          : { type: 'complete' },
      }
    },
  }),
]

/** @throws NotionApiError validation_error when `filter_properties` names a column that is not there */
export function requireProperties(source: DataSourceRecord, wanted: string[] | undefined): void {
  const missing = wanted?.find((key) => !source.properties.some(({ id, name }) => id === key || name === key))
  if (missing !== undefined) throw validationError(`Could not find property with name or id: ${missing}`)
}

type Question = Omit<z.output<typeof QuerySchema>, 'start_cursor' | 'page_size'>

function matchingRows(call: Call, source: DataSourceRecord, question: Question): PageRecord[] {
  const { store, connections, clock } = call.world
  const context = { source, me: call.connection.userId, now: clock() }
  const test: RowTest = question.filter === undefined ? () => true : compileFilter(question.filter, context)
  const archived = question.is_archived ?? false
  const rows = source.rowIds
    .map((id) => store.page(id))
    .filter((row): row is PageRecord => row !== undefined && !row.inTrash && row.isArchived === archived)
    .filter((row) => connections.canSee(call.connection, row.id) && test(row))
  const compare = comparison(call, source, question.sorts ?? [])
  return question.sorts ? rows.sort(compare) : rows
}

type Comparison = (a: PageRecord, b: PageRecord) => number

/** Earlier sorts win; empty cells come last in either direction, as in Notion. */
function comparison(call: Call, source: DataSourceRecord, sorts: Sort[]): Comparison {
  const keys = sorts.map((sort) => ({
    key: sortKey(call, source, sort),
    descending: sort.direction === 'descending',
  }))
  return (a, b) => {
    for (const { key, descending } of keys) {
      const order = compareKeys(key(a), key(b), descending)
      if (order !== 0) return order
    }
    return 0
  }
}

type SortKey = string | number | null

function compareKeys(a: SortKey, b: SortKey, descending: boolean): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b === descending ? 1 : -1
}

function sortKey(call: Call, source: DataSourceRecord, sort: Sort): (page: PageRecord) => SortKey {
  if ('timestamp' in sort)
    return (page) => toMinute(sort.timestamp === 'created_time' ? page.createdTime : page.lastEditedTime)
  const property = source.properties.find(({ id, name }) => id === sort.property || name === sort.property)
  if (!property) throw validationError(`Could not find sort property with name or id: ${sort.property}`)
  return (page) => cellKey(call, property, page)
}

function cellKey(call: Call, property: Property, page: PageRecord): SortKey {
  const value = page.properties[property.id]
  switch (value?.type) {
    case 'title':
    case 'rich_text':
      return plainText(value.value).toLowerCase() || null
    case 'number':
    case 'unique_id':
      return value.value
    case 'checkbox':
      return Number(value.value)
    case 'date':
      return value.value?.start ?? null
    case 'select':
    case 'status':
      return 'options' in property ? property.options.findIndex(({ id }) => id === value.value) : null
    case undefined:
      return property.type === 'checkbox' ? 0 : timeKey(call, property, page)
    default:
      return JSON.stringify(contentOf(property, page, call.world.store))
  }
}

function timeKey(call: Call, property: Property, page: PageRecord): SortKey {
  if (property.type !== 'created_time' && property.type !== 'last_edited_time') return null
  return String(contentOf(property, page, call.world.store))
}
