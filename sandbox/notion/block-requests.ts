import { z } from 'zod'
import { IconRequestSchema } from './icons.ts'
import { IdSchema } from './ids.ts'
import { ColorSchema, MAX_ARRAY_ITEMS, RichTextRequestSchema } from './rich-text.ts'

/** What may be sent as a block: one strict schema for each type, for creating and for updating. */

const color = ColorSchema.optional()
const richText = RichTextRequestSchema
const caption = RichTextRequestSchema.optional()
const media = z.strictObject({
  type: z.literal('external').optional(),
  external: z.strictObject({ url: z.url().max(2000) }),
  caption,
})
const link = z.strictObject({ url: z.string().max(2000), caption })
const heading = z.strictObject({ rich_text: richText, color, is_toggleable: z.boolean().optional() })
const text = z.strictObject({ rich_text: richText, color })
const textWithIcon = text.extend({ icon: IconRequestSchema.nullish() })
const empty = z.strictObject({})
const syncedFrom = z.strictObject({ type: z.literal('block_id').optional(), block_id: IdSchema }).nullable()

/** The content of each type a client may create, without children. */
export const CONTENT_SCHEMAS = {
  paragraph: textWithIcon,
  heading_1: heading,
  heading_2: heading,
  heading_3: heading,
  heading_4: heading,
  bulleted_list_item: text,
  numbered_list_item: text,
  quote: text,
  toggle: text,
  to_do: text.extend({ checked: z.boolean().optional() }),
  template: z.strictObject({ rich_text: richText }),
  callout: textWithIcon,
  code: z.strictObject({ rich_text: richText, language: z.string(), caption }),
  equation: z.strictObject({ expression: z.string().max(1000) }),
  divider: empty,
  breadcrumb: empty,
  tab: empty,
  table_of_contents: z.strictObject({ color }),
  table: z.strictObject({
    table_width: z.int().min(1),
    has_column_header: z.boolean().optional(),
    has_row_header: z.boolean().optional(),
  }),
  table_row: z.strictObject({ cells: z.array(richText) }),
  column_list: empty,
  column: z.strictObject({ width_ratio: z.number().optional() }),
  synced_block: z.strictObject({ synced_from: syncedFrom }),
  link_to_page: z.union([
    z.strictObject({ type: z.literal('page_id').optional(), page_id: IdSchema }),
    z.strictObject({ type: z.literal('database_id').optional(), database_id: IdSchema }),
    z.strictObject({ type: z.literal('comment_id').optional(), comment_id: IdSchema }),
  ]),
  bookmark: link,
  embed: link,
  image: media,
  video: media,
  pdf: media,
  audio: media,
  file: media.extend({ name: z.string().optional() }),
} as const

export type CreatableType = keyof typeof CONTENT_SCHEMAS
export const CREATABLE_TYPES = Object.keys(CONTENT_SCHEMAS).filter(
  (key): key is CreatableType => key in CONTENT_SCHEMAS,
)

/** The types that take `children` inside their own object when they are created. */
export const NESTABLE_TYPES: ReadonlySet<string> = new Set([
  'paragraph',
  'heading_1',
  'heading_2',
  'heading_3',
  'heading_4',
  'bulleted_list_item',
  'numbered_list_item',
  'quote',
  'toggle',
  'to_do',
  'template',
  'callout',
  'synced_block',
  'table',
  'column_list',
  'column',
  'tab',
])

/** A block to create, checked level by level by `parseBlockRequest`. */
export const BlockRequestsSchema = z
  .array(z.record(z.string(), z.unknown()))
  .max(MAX_ARRAY_ITEMS, `length should be ≤ \`${MAX_ARRAY_ITEMS}\``)

const partialText = text.partial()
const partialHeading = heading.partial()
const partialMedia = media.partial()

/** The content of each type a client may update; what is left out stays as it is. */
export const UPDATE_SCHEMAS = {
  ...CONTENT_SCHEMAS,
  paragraph: textWithIcon.partial(),
  heading_1: partialHeading,
  heading_2: partialHeading,
  heading_3: partialHeading,
  heading_4: partialHeading,
  bulleted_list_item: partialText,
  numbered_list_item: partialText,
  quote: partialText,
  toggle: partialText,
  to_do: CONTENT_SCHEMAS.to_do.partial(),
  callout: textWithIcon.partial(),
  code: CONTENT_SCHEMAS.code.partial(),
  table: CONTENT_SCHEMAS.table.omit({ table_width: true }),
  bookmark: link.partial(),
  embed: link.partial(),
  image: partialMedia,
  video: partialMedia,
  pdf: partialMedia,
  audio: partialMedia,
  file: CONTENT_SCHEMAS.file.partial(),
} as const

/** `PATCH /v1/blocks/{id}`: at most one type's content, and the trash state. */
export const BlockUpdateSchema = z.strictObject({
  type: z.string().optional(),
  in_trash: z.boolean().optional(),
  ...(Object.fromEntries(CREATABLE_TYPES.map((type) => [type, UPDATE_SCHEMAS[type].optional()])) as {
    [T in CreatableType]: z.ZodOptional<(typeof UPDATE_SCHEMAS)[T]>
  }),
})

/** The same before 2026-03-11, when the trash was called the archive. */
export const OldBlockUpdateSchema = BlockUpdateSchema.extend({ archived: z.boolean().optional() })
