import { objectNotFound } from './errors.ts'
import type { DatabaseRecord, DataSourceRecord, NodeRecord, PageRecord } from './records.ts'
import type { Call } from './router.ts'
import type { ContainerRecord } from './store.ts'

/** Looking objects up for a connection: what it may not see is answered as if it were not there. */

interface Wanted {
  /** Retrieving something in the trash is allowed; changing or listing it is not (notion-api.md §12). */
  evenTrashed?: boolean
}

function visible(call: Call, id: string, kind: string, { evenTrashed = false }: Wanted): NodeRecord {
  const { store, connections } = call.world
  const node = store.node(id)
  if (!node || !connections.canSee(call.connection, id)) throw objectNotFound(kind, id)
  if (!evenTrashed && store.isTrashed(id)) throw objectNotFound(kind, id)
  return node
}

/** @throws NotionApiError 404 object_not_found, as for every function here */
export function findPage(call: Call, id: string, wanted: Wanted = {}): PageRecord {
  const node = visible(call, id, 'page', wanted)
  if (node.kind !== 'page') throw objectNotFound('page', id)
  return node
}

export function findDatabase(call: Call, id: string, wanted: Wanted = {}): DatabaseRecord {
  const node = visible(call, id, 'database', wanted)
  if (node.kind !== 'database') throw objectNotFound('database', id)
  return node
}

export function findDataSource(call: Call, id: string, wanted: Wanted = {}): DataSourceRecord {
  const node = visible(call, id, 'data source', wanted)
  if (node.kind !== 'data_source') throw objectNotFound('data source', id)
  return node
}

/** A block; pages and databases are blocks too. */
export function findBlock(
  call: Call,
  id: string,
  wanted: Wanted = {},
): Exclude<NodeRecord, DataSourceRecord> {
  const node = visible(call, id, 'block', wanted)
  if (node.kind === 'data_source') throw objectNotFound('block', id)
  return node
}

/** A page or block whose children can be listed or added to. */
export function findContainer(call: Call, id: string): ContainerRecord {
  const node = visible(call, id, 'block', {})
  if (node.kind !== 'page' && node.kind !== 'block') throw objectNotFound('block', id)
  return node
}
