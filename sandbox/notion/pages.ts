import { filterProperties, requireProperties } from './data-sources-query.ts'
import { findPage } from './lookup.ts'
import { pageReply } from './object-replies.ts'
import { endpoint, nothing } from './router.ts'

export const pageEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/pages/{page_id}',
    capability: 'read',
    query: filterProperties,
    body: nothing,
    handle(call, { query }) {
      const page = findPage(call, call.id('page_id'), { evenTrashed: true })
      const source = call.world.store.dataSource(page.parentId ?? '')
      if (source) requireProperties(source, query.filter_properties)
      return pageReply(page, call.world.store, call.version, query.filter_properties)
    },
  }),
]
