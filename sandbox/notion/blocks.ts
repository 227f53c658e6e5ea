import { z } from 'zod'
import { blockReply, childBlocks } from './block-replies.ts'
import {
  BlockRequestsSchema,
  BlockUpdateSchema,
  CREATABLE_TYPES,
  OldBlockUpdateSchema,
} from './block-requests.ts'
import { createBlocks, parseBlockDrafts, storedContent } from './block-writes.ts'
import { validationError } from './errors.ts'
import { IdSchema } from './ids.ts'
import { findBlock, findContainer } from './lookup.ts'
import { queryPaging } from './pagination.ts'
import type { BlockRecord } from './records.ts'
import { type Call, endpoint, nothing } from './router.ts'
import type { ContainerRecord } from './store.ts'

const AppendSchema = z.strictObject({
  children: BlockRequestsSchema,
  position: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('after_block'), after_block: z.strictObject({ id: IdSchema }) }),
      z.strictObject({ type: z.literal('start') }),
      z.strictObject({ type: z.literal('end') }),
    ])
    .optional(),
  after: z.undefined().optional(),
})

/** Before 2026-03-11 the place was given as `after`. */
const OldAppendSchema = z.strictObject({
  children: BlockRequestsSchema,
  position: z.undefined().optional(),
  after: IdSchema.optional(),
})

function listReply(results: object[], next_cursor: string | null = null, has_more = false): object {
  return { object: 'list', results, next_cursor, has_more, type: 'block', block: {} }
}

export const blockEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/blocks/{block_id}',
    capability: 'read',
    query: nothing,
    body: nothing,
    handle: (call) =>
      blockReply(findBlock(call, call.id('block_id'), { evenTrashed: true }), call.world.store, call.version),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/blocks/{block_id}/children',
    capability: 'read',
    query: z.strictObject(queryPaging),
    body: nothing,
    handle(call, { query }) {
      const parent = findContainer(call, call.id('block_id'))
      const { store, cursors } = call.world
      const scope = `children:${call.connection.botId}:${parent.id}`
      const slice = cursors.slice(childBlocks(parent, store), ({ id }) => id, query, scope)
      const results = slice.results.map((child) => blockReply(child, store, call.version))
      return listReply(results, slice.next_cursor, slice.has_more)
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/blocks/{block_id}/children',
    capability: 'insert',
    query: nothing,
    body: (version): z.ZodUnion<[typeof AppendSchema, typeof OldAppendSchema]> | typeof AppendSchema =>
      version === '2026-03-11' ? AppendSchema : z.union([AppendSchema, OldAppendSchema]),
    handle(call, { body }) {
      const parent = findContainer(call, call.id('block_id'))
      requireChildless(parent)
      const { store } = call.world
      const drafts = parseBlockDrafts(body.children)
      const created = createBlocks(writeContext(call), drafts, parent.id, placeOf(parent, body))
      return listReply(created.map((block) => blockReply(block, store, call.version)))
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/blocks/{block_id}',
    capability: 'update',
    query: nothing,
    body: (version) =>
      version === '2026-03-11'
        ? BlockUpdateSchema.extend({ archived: z.never().optional() })
        : OldBlockUpdateSchema,
    handle(call, { body }) {
      const { type, in_trash, archived, ...contents } = body
      const trash = in_trash ?? archived
      const block = findBlock(call, call.id('block_id'), { evenTrashed: trash !== undefined })
      const given = CREATABLE_TYPES.filter((key) => contents[key] !== undefined)
      if (given.length > 1 || (type !== undefined && given.length === 1 && type !== given[0]))
        throw validationError('body failed validation: body should hold the content of one type.')
      const [key] = given
      if (key !== undefined) updateContent(call, block, key, contents[key] ?? {})
      if (trash !== undefined) block.inTrash = trash
      touch(call, block)
      return blockReply(block, call.world.store, call.version)
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/blocks/{block_id}',
    capability: 'update',
    query: nothing,
    body: nothing,
    handle(call) {
      const block = findBlock(call, call.id('block_id'))
      block.inTrash = true
      touch(call, block)
      return blockReply(block, call.world.store, call.version)
    },
  }),
]

function writeContext(call: Call) {
  const { world, connection } = call
  return {
    store: world.store,
    workspaceId: connection.workspaceId,
    authorId: connection.botId,
    now: world.nowIso(),
  }
}

/** A content edit through the API moves the block's own time, not the page's (notion-api.md §12). */
function touch(call: Call, node: { lastEditedTime: string; lastEditedBy: string }): void {
  node.lastEditedTime = call.world.nowIso()
  node.lastEditedBy = call.connection.botId
  call.world.store.changed()
}

function updateContent(call: Call, node: ReturnType<typeof findBlock>, type: string, content: object): void {
  const actual = node.kind === 'block' ? node.type : node.kind === 'page' ? 'child_page' : 'child_database'
  if (node.kind !== 'block' || actual !== type)
    throw validationError(`Block is of type ${actual}: body.${type} should be not present.`)
  if (type === 'to_do' && 'rich_text' in content) call.world.ledger.countFlattening()
  Object.assign(
    node.content,
    storedContent({ store: call.world.store, workspaceId: node.workspaceId }, { ...content }),
  )
}

const CHILDLESS: ReadonlySet<string> = new Set<BlockRecord['type']>([
  'divider',
  'breadcrumb',
  'table_of_contents',
  'equation',
  'code',
  'table_row',
  'link_to_page',
  'bookmark',
  'embed',
  'image',
  'video',
  'pdf',
  'file',
  'audio',
  'link_preview',
  'unsupported',
])

function requireChildless(parent: ContainerRecord): void {
  if (parent.kind === 'block' && CHILDLESS.has(parent.type))
    throw validationError(`Block type ${parent.type} does not support children.`)
}

interface Place {
  position?:
    { type: 'after_block'; after_block: { id: string } } | { type: 'start' } | { type: 'end' } | undefined
  after?: string | undefined
}

function placeOf(parent: ContainerRecord, { position, after }: Place): string | null | undefined {
  if (position?.type === 'start') return null
  const sibling = position?.type === 'after_block' ? position.after_block.id : after
  if (sibling !== undefined && !parent.childIds.includes(sibling))
    throw validationError(`Block with ID ${sibling} is not a child of ${parent.id}.`)
  return sibling
}
