import type { Edit } from './control-edits.ts'
import type { NodeRecord, PageRecord } from './records.ts'
import type { ChangeEvent } from './webhooks.ts'
import type { World } from './world.ts'

type Author = ChangeEvent['authors'][number]

/** Tells the subscriber what a person's edit changed. Sharing and unsharing tell nothing, as with Notion. */
export function announceEdit(world: World, edit: Edit): void {
  const id = editedId(edit)
  const node = id === undefined ? undefined : world.store.node(id)
  if (!node) return
  const author: Author = { id: node.lastEditedBy, type: 'person' }
  if (edit.op === 'trash' || edit.op === 'restore') {
    announceTrash(world, node, author, edit.op === 'trash')
  } else if (edit.op === 'edit_row') {
    announceProperties(world, node.id, author, Object.keys(edit.properties))
  } else {
    announceContent(world, node.id, author)
  }
}

function editedId(edit: Edit): string | undefined {
  switch (edit.op) {
    case 'set_text':
    case 'set_checked':
    case 'move_block':
      return edit.block_id
    case 'add_block':
      return edit.parent_id
    case 'trash':
    case 'restore':
      return edit.id
    case 'edit_row':
      return edit.page_id
    case 'share':
    case 'unshare':
      return undefined
  }
}

/** One successful request that wrote something. */
export interface Write {
  method: string
  /** As the endpoint declares it, such as `/v1/blocks/{id}`. */
  endpoint: string
  /** What was written or, for children, what it was written into. */
  id: string
  botId: string
  body: unknown
}

/** Tells the subscriber what a request through the API changed. */
export function announceWrite(world: World, { method, endpoint, id, botId, body }: Write): void {
  const author: Author = { id: botId, type: 'bot' }
  const node = world.store.node(id)
  if (!node) return
  if (endpoint.startsWith('/v1/blocks/')) {
    if (method === 'DELETE' && node.kind !== 'block') announceTrash(world, node, author, true)
    else announceContent(world, id, author)
    return
  }
  if (endpoint === '/v1/pages' && node.kind === 'page') {
    world.webhooks.emit(pageEvent(world, node, author, 'page.created', {}), world.clock())
    return
  }
  if (!endpoint.startsWith('/v1/pages/') || method !== 'PATCH' || typeof body !== 'object' || body === null)
    return
  if ('in_trash' in body) announceTrash(world, node, author, body.in_trash === true)
  if ('properties' in body && typeof body.properties === 'object' && body.properties !== null)
    announceProperties(world, id, author, Object.keys(body.properties))
}

function announceContent(world: World, id: string, author: Author): void {
  const page = world.store.owningPage(id)
  if (!page) return
  const updated = { updated_blocks: [{ id, type: world.store.node(id)?.kind === 'page' ? 'page' : 'block' }] }
  world.webhooks.emit(pageEvent(world, page, author, 'page.content_updated', updated), world.clock())
}

function announceProperties(world: World, id: string, author: Author, names: string[]): void {
  const page = world.store.page(id)
  if (!page) return
  const updated = { updated_properties: names }
  world.webhooks.emit(pageEvent(world, page, author, 'page.properties_updated', updated), world.clock())
}

function announceTrash(world: World, node: NodeRecord, author: Author, isGone: boolean): void {
  const what = isGone ? 'deleted' : 'undeleted'
  if (node.kind === 'block') announceContent(world, node.id, author)
  else if (node.kind === 'page')
    world.webhooks.emit(pageEvent(world, node, author, `page.${what}`, {}), world.clock())
  else world.webhooks.emit(eventFor(world, node, author, `${node.kind}.${what}`, {}), world.clock())
}

function pageEvent(
  world: World,
  page: PageRecord,
  author: Author,
  type: string,
  data: Omit<ChangeEvent['data'], 'parent'>,
): ChangeEvent {
  return eventFor(world, page, author, type, data)
}

function eventFor(
  world: World,
  node: Exclude<NodeRecord, { kind: 'block' }>,
  author: Author,
  type: string,
  data: Omit<ChangeEvent['data'], 'parent'>,
): ChangeEvent {
  const bots = [...world.connections.bots.values()].filter(
    (bot) => bot.kind === 'oauth' && world.connections.canSee(bot, node.id),
  )
  return {
    type,
    workspaceId: node.workspaceId,
    workspaceName: world.store.workspaces.get(node.workspaceId)?.name ?? '',
    entity: { id: node.id, type: node.kind },
    authors: [author],
    accessibleBy: bots.map(({ botId }) => ({ id: botId, type: 'bot' })),
    data: { parent: parentOf(world, node), ...data },
  }
}

function parentOf(world: World, node: NodeRecord): ChangeEvent['data']['parent'] {
  const parent = node.parentId === null ? undefined : world.store.node(node.parentId)
  if (!parent) return { id: node.workspaceId, type: 'space' }
  if (parent.kind !== 'data_source') return { id: parent.id, type: parent.kind }
  return { id: parent.parentId ?? parent.id, type: 'database', data_source_id: parent.id }
}
