import { z } from 'zod'
import { validationError } from './errors.ts'
import { findPage } from './lookup.ts'
import { queryPaging } from './pagination.ts'
import type { PageRecord } from './records.ts'
import { type Call, endpoint, nothing } from './router.ts'
import type { Property } from './seed-format.ts'
import { contentOf, isPaged } from './value-replies.ts'

const TITLE: Property = { type: 'title', id: 'title', name: 'title', description: null }

export const pagePropertyEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/pages/{page_id}/properties/{property_id}',
    capability: 'read',
    query: z.strictObject(queryPaging),
    body: nothing,
    handle(call, { query }) {
      const page = findPage(call, call.id('page_id'))
      const property = findProperty(call, page, call.param('property_id'))
      const content = contentOf(property, page, call.world.store)
      const { id, type } = property
      if (!isPaged(property) || !Array.isArray(content))
        return { object: 'property_item', id, type, [type]: content }
      const items = content.map((item: unknown, index) => ({ index, item }))
      const scope = `property:${call.connection.botId}:${page.id}:${id}`
      const slice = call.world.cursors.slice(items, ({ index }) => String(index), query, scope)
      return {
        object: 'list',
        results: slice.results.map(({ item }) => ({ object: 'property_item', id, type, [type]: item })),
        next_cursor: slice.next_cursor,
        has_more: slice.has_more,
        type: 'property_item',
        property_item: { id, type, [type]: {}, next_url: nextUrl(page.id, id, slice.next_cursor) },
      }
    },
  }),
]

function findProperty(call: Call, page: PageRecord, wanted: string): Property {
  const source = call.world.store.dataSource(page.parentId ?? '')
  const property = source
    ? source.properties.find(({ id }) => id === wanted)
    : wanted === 'title'
      ? TITLE
      : undefined
  if (!property) throw validationError(`Could not find property with id: ${wanted}`)
  return property
}

function nextUrl(pageId: string, propertyId: string, cursor: string | null): string | null {
  if (cursor === null) return null
  const query = new URLSearchParams({ start_cursor: cursor })
  return `https://api.notion.com/v1/pages/${pageId}/properties/${encodeURIComponent(propertyId)}?${query}`
}
