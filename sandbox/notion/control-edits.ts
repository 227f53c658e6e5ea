import { z } from 'zod'
import { createBlocks, parseBlockDrafts } from './block-writes.ts'
import { objectNotFound, validationError } from './errors.ts'
import { IdSchema } from './ids.ts'
import type { BlockRecord, NodeRecord } from './records.ts'
import { textRun } from './rich-text.ts'
import { PropertyValueSchema } from './seed-format.ts'
import type { World } from './world.ts'

/** What a person may do in Notion while Roundup is looking elsewhere. */
export const EditSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('set_text'), block_id: IdSchema, text: z.string() }),
  z.strictObject({ op: z.literal('set_checked'), block_id: IdSchema, checked: z.boolean() }),
  z.strictObject({
    op: z.literal('add_block'),
    parent_id: IdSchema,
    block: z.record(z.string(), z.unknown()),
    /** Null puts it first; left out, last. */
    after_id: IdSchema.nullable().optional(),
  }),
  z.strictObject({ op: z.literal('trash'), id: IdSchema }),
  z.strictObject({ op: z.literal('restore'), id: IdSchema }),
  z.strictObject({
    op: z.literal('move_block'),
    block_id: IdSchema,
    parent_id: IdSchema,
    after_id: IdSchema.nullable().optional(),
  }),
  z.strictObject({
    op: z.literal('edit_row'),
    page_id: IdSchema,
    /** By property name; `title` for a page outside a database. */
    properties: z.record(z.string(), PropertyValueSchema),
  }),
  /** Takes an object away from one bot, or from all. */
  z.strictObject({ op: z.literal('unshare'), id: IdSchema, bot_id: IdSchema.optional() }),
  z.strictObject({ op: z.literal('share'), id: IdSchema, bot_id: IdSchema.optional() }),
])
export type Edit = z.output<typeof EditSchema>

/** Carries out an edit as a person would: unlike an API edit it moves the page's last edited time. */
export function editAsPerson(world: World, edit: Edit): object {
  switch (edit.op) {
    case 'set_text':
      return changeBlock(world, edit.block_id, { rich_text: [textRun(edit.text)] })
    case 'set_checked':
      return changeBlock(world, edit.block_id, { checked: edit.checked })
    case 'add_block':
      return addBlock(world, edit)
    case 'trash':
    case 'restore': {
      const node = known(world, edit.id)
      node.inTrash = edit.op === 'trash'
      return touched(world, node)
    }
    case 'move_block':
      return moveBlock(world, edit)
    case 'edit_row':
      return editRow(world, edit)
    case 'unshare':
    case 'share':
      return changeSharing(world, edit)
  }
}

function known(world: World, id: string): NodeRecord {
  const node = world.store.node(id)
  if (!node) throw objectNotFound('object', id)
  return node
}

function person(world: World, node: NodeRecord): string {
  return world.store.workspaces.get(node.workspaceId)?.users[0]?.id ?? node.lastEditedBy
}

function touched(world: World, node: NodeRecord): object {
  const stamp = { lastEditedTime: world.nowIso(), lastEditedBy: person(world, node) }
  Object.assign(node, stamp)
  const page = world.store.owningPage(node.id)
  if (page) Object.assign(page, stamp)
  world.store.changed()
  return { ok: true, id: node.id }
}

function changeBlock(world: World, id: string, content: Record<string, unknown>): object {
  const node = known(world, id)
  if (node.kind !== 'block') throw validationError(`${id} is not a block.`)
  for (const key of Object.keys(content))
    if (!(key in node.content)) throw validationError(`A ${node.type} block has no ${key}.`)
  Object.assign(node.content, content)
  return touched(world, node)
}

function addBlock(world: World, edit: Extract<Edit, { op: 'add_block' }>): object {
  const parent = world.store.container(edit.parent_id)
  if (!parent) throw objectNotFound('block', edit.parent_id)
  const context = {
    store: world.store,
    workspaceId: parent.workspaceId,
    authorId: person(world, parent),
    now: world.nowIso(),
  }
  const [created] = createBlocks(context, parseBlockDrafts([edit.block]), parent.id, edit.after_id)
  if (!created) throw validationError('There was no block to add.')
  return touched(world, created)
}

function moveBlock(world: World, edit: Extract<Edit, { op: 'move_block' }>): object {
  const block: NodeRecord = known(world, edit.block_id)
  const parent = world.store.container(edit.parent_id)
  if (block.kind !== 'block' || !parent)
    throw validationError('Only a block can be moved, into a page or block.')
  for (const around of world.store.lineage(parent.id))
    if (around.id === block.id) throw validationError('A block cannot be moved into itself.')
  touched(world, block)
  world.store.detach(block)
  const moved: BlockRecord = block
  moved.parentId = parent.id
  world.store.insert(moved, edit.after_id)
  return touched(world, moved)
}

function editRow(world: World, edit: Extract<Edit, { op: 'edit_row' }>): object {
  const page = world.store.page(edit.page_id)
  if (!page) throw objectNotFound('page', edit.page_id)
  const source = world.store.dataSource(page.parentId ?? '')
  for (const [name, value] of Object.entries(edit.properties)) {
    const property = source?.properties.find((candidate) => candidate.name === name)
    if (source && property?.type !== value.type)
      throw validationError(`There is no ${value.type} property "${name}".`)
    const named =
      property && 'options' in property
        ? property.options.find((option) => option.name === value.value)
        : undefined
    page.properties[property?.id ?? 'title'] = PropertyValueSchema.parse(
      named ? { type: value.type, value: named.id } : value,
    )
  }
  return touched(world, page)
}

function changeSharing(world: World, edit: Extract<Edit, { op: 'share' | 'unshare' }>): object {
  for (const bot of world.connections.bots.values()) {
    if (edit.bot_id !== undefined && bot.botId !== edit.bot_id) continue
    bot.unsharedIds = bot.unsharedIds.filter((id) => id !== edit.id)
    if (edit.op === 'unshare') {
      bot.unsharedIds.push(edit.id)
      bot.rootIds = bot.rootIds.filter((id) => id !== edit.id)
    } else bot.rootIds.push(edit.id)
  }
  world.store.changed()
  return { ok: true }
}
