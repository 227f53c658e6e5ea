import { findDatabase, findDataSource } from './lookup.ts'
import { databaseReply, dataSourceReply } from './object-replies.ts'
import { endpoint, nothing } from './router.ts'

export const databaseEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/databases/{database_id}',
    capability: 'read',
    query: nothing,
    body: nothing,
    handle: (call) =>
      databaseReply(
        findDatabase(call, call.id('database_id'), { evenTrashed: true }),
        call.world.store,
        call.version,
      ),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/data_sources/{data_source_id}',
    capability: 'read',
    query: nothing,
    body: nothing,
    handle: (call) =>
      dataSourceReply(
        findDataSource(call, call.id('data_source_id'), { evenTrashed: true }),
        call.world.store,
        call.version,
      ),
  }),
]
