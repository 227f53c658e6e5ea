import { z } from 'zod'
import { dataSourceReply, pageReply } from './object-replies.ts'
import { bodyPaging } from './pagination.ts'
import type { DataSourceRecord, PageRecord } from './records.ts'
import { plainText, titleRuns } from './rich-text.ts'
import { type Call, endpoint, nothing } from './router.ts'
import { toMinute } from './store.ts'

const SearchSchema = z.strictObject({
  query: z.string().optional(),
  ...bodyPaging,
  sort: z
    .union([
      z.strictObject({
        timestamp: z.literal('last_edited_time'),
        direction: z.enum(['ascending', 'descending']),
      }),
      z.strictObject({ property: z.literal('relevance') }),
    ])
    .optional(),
  filter: z
    .union([
      z.strictObject({
        property: z.literal('object'),
        value: z.enum(['page', 'data_source']),
        in_trash: z.boolean().optional(),
      }),
      z.strictObject({ in_trash: z.boolean() }),
    ])
    .optional(),
})

type Found = PageRecord | DataSourceRecord

export const searchEndpoints = [
  endpoint({
    method: 'POST',
    path: '/v1/search',
    capability: 'read',
    query: nothing,
    body: SearchSchema,
    handle(call, { body }) {
      const { store, cursors } = call.world
      const { start_cursor, page_size, ...question } = body
      const scope = `search:${call.connection.botId}:${JSON.stringify(question)}`
      const found = findByTitle(call, question)
      const slice = cursors.slice(found, ({ id }) => id, { start_cursor, page_size }, scope)
      return {
        object: 'list',
        type: 'page_or_data_source',
        page_or_data_source: {},
        results: slice.results.map((node) =>
          node.kind === 'page'
            ? pageReply(node, store, call.version)
            : dataSourceReply(node, store, call.version),
        ),
        next_cursor: slice.next_cursor,
        has_more: slice.has_more,
        request_status: { type: 'complete' },
      }
    },
  }),
]

type Question = Pick<z.output<typeof SearchSchema>, 'query' | 'sort' | 'filter'>

/** Only titles are searched; without a query everything shared is found, last edited first. */
function findByTitle(call: Call, { query, sort, filter }: Question): Found[] {
  const { store, connections } = call.world
  const wantedKind = filter && 'value' in filter ? filter.value : undefined
  const trashed = filter?.in_trash ?? false
  const needle = (query ?? '').trim().toLowerCase()
  const found: Found[] = []
  for (const node of store.nodes.values()) {
    if (node.kind !== 'page' && node.kind !== 'data_source') continue
    if (wantedKind !== undefined && node.kind !== wantedKind) continue
    const title = plainText(node.kind === 'page' ? titleRuns(node) : node.title)
    if (needle !== '' && !title.toLowerCase().includes(needle)) continue
    if (store.isTrashed(node.id) !== trashed) continue
    if (connections.canSee(call.connection, node.id) && isIndexed(call, node)) found.push(node)
  }
  const sign = sort && 'direction' in sort && sort.direction === 'ascending' ? 1 : -1
  const time = (node: Found) => toMinute(node.lastEditedTime)
  return found.sort((a, b) => (time(a) === time(b) ? 0 : time(a) < time(b) ? -sign : sign))
}

/** Right after connecting, only what was shared directly is certain to be found (notion-api.md §3). */
function isIndexed(call: Call, node: Found): boolean {
  const { clock, settings } = call.world
  const { connectedAt, rootIds } = call.connection
  if (clock() >= connectedAt + settings.searchLagMs) return true
  return rootIds.includes(node.id) || (node.kind === 'data_source' && rootIds.includes(node.parentId ?? ''))
}
