import { z } from 'zod'
import {
  BlockRequestsSchema,
  CONTENT_SCHEMAS,
  CREATABLE_TYPES,
  type CreatableType,
  NESTABLE_TYPES,
} from './block-requests.ts'
import { schemaError, validationError } from './errors.ts'
import { iconFrom, IconRequestSchema } from './icons.ts'
import { freshId } from './ids.ts'
import type { BlockRecord } from './records.ts'
import { fromRequest, RichTextRequestSchema } from './rich-text.ts'
import type { Store } from './store.ts'

/** A checked block to create, with its checked children. */
export interface BlockDraft {
  type: CreatableType
  content: Record<string, unknown>
  children: BlockDraft[]
}

/** A request may carry two levels of children below its blocks (notion-api.md §5). */
const MAX_NESTED_LEVELS = 2
const MAX_BLOCKS_PER_REQUEST = 1000

const ChildrenPart = z.looseObject({ children: BlockRequestsSchema.optional() })

/**
 * Checks the `children` of a request.
 * @throws NotionApiError validation_error for an unknown type or field, too many blocks, or too deep nesting
 */
export function parseBlockDrafts(requests: z.output<typeof BlockRequestsSchema>): BlockDraft[] {
  const drafts = requests.map((request) => parseDraft(request, 0))
  if (countDrafts(drafts) > MAX_BLOCKS_PER_REQUEST)
    throw validationError(
      `body failed validation: a request may hold at most ${MAX_BLOCKS_PER_REQUEST} blocks.`,
    )
  return drafts
}

function countDrafts(drafts: BlockDraft[]): number {
  return drafts.reduce((sum, draft) => sum + 1 + countDrafts(draft.children), 0)
}

function parseDraft(request: Record<string, unknown>, level: number): BlockDraft {
  const { object, type: declared, ...rest } = request
  const keys = Object.keys(rest)
  const type = CREATABLE_TYPES.find((known) => known === keys[0])
  if (!type || keys.length !== 1 || (declared !== undefined && declared !== type))
    throw validationError('body failed validation: body.children should hold blocks of one known type each.')
  if (object !== undefined && object !== 'block')
    throw validationError('body failed validation: body.children.object should be `"block"`.')
  const { children, ...content } = parsePart(ChildrenPart, rest[type])
  if (children && (!NESTABLE_TYPES.has(type) || level >= MAX_NESTED_LEVELS))
    throw validationError(`body failed validation: body.children.${type}.children should be not present.`)
  requireColumns(type, children)
  return {
    type,
    content: parsePart<z.ZodType<Record<string, unknown>>>(CONTENT_SCHEMAS[type], content),
    children: (children ?? []).map((child) => parseDraft(child, level + 1)),
  }
}

function parsePart<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw schemaError('body', parsed.error)
  return parsed.data
}

/** Layouts cannot be empty: columns, rows and tabs come with their parent. */
function requireColumns(type: CreatableType, children: Record<string, unknown>[] | undefined): void {
  const inner = { column_list: 'column', table: 'table_row', tab: 'paragraph' } as const
  const wanted = type === 'column_list' || type === 'table' || type === 'tab' ? inner[type] : undefined
  if (wanted && !children?.every((child) => wanted in child))
    throw validationError(
      `body failed validation: body.children.${type}.children should be ${wanted} blocks.`,
    )
}

export interface WriteContext {
  store: Store
  workspaceId: string
  authorId: string
  now: string
}

/** Creates the drafted blocks under a parent and returns the top ones. */
export function createBlocks(
  context: WriteContext,
  drafts: BlockDraft[],
  parentId: string,
  afterId?: string | null,
): BlockRecord[] {
  let previous = afterId
  return drafts.map((draft) => {
    const block: BlockRecord = {
      kind: 'block',
      id: freshId(),
      workspaceId: context.workspaceId,
      parentId,
      inTrash: false,
      createdTime: context.now,
      createdBy: context.authorId,
      lastEditedTime: context.now,
      lastEditedBy: context.authorId,
      type: draft.type,
      content: { ...defaultsOf(draft.type), ...storedContent(context, draft.content) },
      childIds: [],
    }
    context.store.insert(block, previous)
    if (previous !== undefined) previous = block.id
    createBlocks(context, draft.children, block.id)
    return block
  })
}

const RICH_TEXT_KEYS = ['rich_text', 'caption', 'title']

/** Requested content in the form of replies: rich text completed, icons normalised. */
export function storedContent(
  context: Pick<WriteContext, 'store' | 'workspaceId'>,
  content: Record<string, unknown>,
): Record<string, unknown> {
  const stored: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(content)) {
    if (value === undefined) continue
    if (RICH_TEXT_KEYS.includes(key)) stored[key] = richTextFrom(context, value)
    else if (key === 'cells')
      stored[key] = z
        .array(z.unknown())
        .parse(value)
        .map((cell) => richTextFrom(context, cell))
    else if (key === 'icon') stored[key] = iconFrom(IconRequestSchema.nullable().parse(value ?? null))
    else if (key === 'synced_from' && value !== null) stored[key] = { type: 'block_id', ...Object(value) }
    else stored[key] = value
  }
  if ('external' in stored) stored['type'] = 'external'
  const target = ['page_id', 'database_id', 'comment_id'].find((key) => key in stored)
  if (target) stored['type'] = target
  return stored
}

function richTextFrom(context: Pick<WriteContext, 'store' | 'workspaceId'>, value: unknown): unknown {
  return fromRequest(RichTextRequestSchema.parse(value), context.store, context.workspaceId)
}

/** What Notion fills in when a creating request leaves it out. */
function defaultsOf(type: CreatableType): Record<string, unknown> {
  const fields = CONTENT_SCHEMAS[type].def.type === 'object' ? Object.keys(shapeOf(type)) : []
  const defaults: Record<string, unknown> = {
    color: 'default',
    checked: false,
    is_toggleable: false,
    caption: [],
    icon: null,
    has_column_header: false,
    has_row_header: false,
    name: '',
  }
  return Object.fromEntries(
    fields.filter((field) => field in defaults).map((field) => [field, defaults[field]]),
  )
}

function shapeOf(type: CreatableType): object {
  const schema = CONTENT_SCHEMAS[type]
  return 'shape' in schema ? schema.shape : {}
}
