import { z } from 'zod'
import { Id, PropertySchema, PropertyValueSchema, RichTextSchema } from './seed-values.ts'

export * from './seed-values.ts'

/**
 * The form of a whole workspace as JSON: what the demo is written in, what `/_sandbox/seed` takes and what
 * test generators produce. Ids are UUIDs in dashed lower case; times are ISO strings.
 */

const Time = z.iso.datetime()

export const BLOCK_TYPES = [
  'paragraph',
  'heading_1',
  'heading_2',
  'heading_3',
  'heading_4',
  'bulleted_list_item',
  'numbered_list_item',
  'to_do',
  'toggle',
  'quote',
  'callout',
  'code',
  'equation',
  'divider',
  'breadcrumb',
  'table_of_contents',
  'tab',
  'table',
  'table_row',
  'column_list',
  'column',
  'synced_block',
  'template',
  'child_page',
  'child_database',
  'link_to_page',
  'meeting_notes',
  'bookmark',
  'embed',
  'image',
  'video',
  'pdf',
  'file',
  'audio',
  'link_preview',
  'unsupported',
] as const

export const BlockTypeSchema = z.enum(BLOCK_TYPES)
export type BlockType = z.infer<typeof BlockTypeSchema>

export const IconSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('emoji'), emoji: z.string() }),
  z.strictObject({ type: z.literal('external'), external: z.strictObject({ url: z.string() }) }),
  z.strictObject({
    type: z.literal('file'),
    file: z.strictObject({ url: z.string(), expiry_time: z.string() }),
  }),
  z.strictObject({
    type: z.literal('custom_emoji'),
    custom_emoji: z.strictObject({ id: Id, name: z.string(), url: z.string() }),
  }),
  z.strictObject({
    type: z.literal('icon'),
    icon: z.strictObject({ name: z.string(), color: z.string() }),
  }),
])
export type Icon = z.infer<typeof IconSchema>

export const CoverSchema = z.strictObject({
  type: z.literal('external'),
  external: z.strictObject({ url: z.string() }),
})
export type Cover = z.infer<typeof CoverSchema>

export interface BlockSeed {
  id: string
  type: BlockType
  /** The object under the block's type name in Notion's replies, without children. */
  content: Record<string, unknown>
  children?: BlockSeed[] | undefined
  in_trash?: boolean | undefined
}

export const BlockSeedSchema: z.ZodType<BlockSeed, BlockSeed> = z.strictObject({
  id: Id,
  type: BlockTypeSchema,
  content: z.record(z.string(), z.unknown()),
  get children() {
    return z.array(BlockSeedSchema).optional()
  },
  in_trash: z.boolean().optional(),
})

const ContainerParent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('workspace') }),
  z.strictObject({ type: z.literal('page_id'), page_id: Id }),
  z.strictObject({ type: z.literal('block_id'), block_id: Id }),
])

const times = { created_time: Time, last_edited_time: Time, created_by: Id, last_edited_by: Id }

export const PageSeedSchema = z.strictObject({
  id: Id,
  parent: z.discriminatedUnion('type', [
    ...ContainerParent.options,
    z.strictObject({ type: z.literal('data_source_id'), data_source_id: Id }),
  ]),
  /** By property name; a page outside a database has only `title`. */
  properties: z.record(z.string(), PropertyValueSchema),
  icon: IconSchema.nullable().default(null),
  cover: CoverSchema.nullable().default(null),
  blocks: z.array(BlockSeedSchema),
  in_trash: z.boolean().default(false),
  /** Belongs to somebody else: never offered when connecting, never shared. */
  private: z.boolean().default(false),
  ...times,
})
export type PageSeed = z.input<typeof PageSeedSchema>

export const DataSourceSeedSchema = z.strictObject({
  id: Id,
  title: z.array(RichTextSchema),
  icon: IconSchema.nullable().default(null),
  properties: z.array(PropertySchema),
})

export const DatabaseSeedSchema = z.strictObject({
  id: Id,
  parent: ContainerParent,
  title: z.array(RichTextSchema),
  description: z.array(RichTextSchema).default([]),
  icon: IconSchema.nullable().default(null),
  cover: CoverSchema.nullable().default(null),
  is_inline: z.boolean().default(false),
  in_trash: z.boolean().default(false),
  private: z.boolean().default(false),
  data_sources: z.array(DataSourceSeedSchema).min(1),
  ...times,
})
export type DatabaseSeed = z.input<typeof DatabaseSeedSchema>

export const UserSeedSchema = z.strictObject({
  id: Id,
  name: z.string(),
  email: z.string(),
  avatar_url: z.string().nullable().default(null),
})
export type UserSeed = z.input<typeof UserSeedSchema>

/** Fixed tokens for tests and for people who connect without OAuth (internal connection, personal token). */
export const TokenSeedSchema = z.strictObject({
  token: z.string().min(1),
  kind: z.enum(['internal', 'personal']),
  user_id: Id.optional(),
})

export const WorkspaceSeedSchema = z.strictObject({
  id: Id,
  name: z.string(),
  icon: z.string().nullable().default(null),
  /** Decides the request budget: 180 a minute, or 600 on the two larger plans (notion-api.md §8). */
  plan: z.enum(['free', 'plus', 'business', 'enterprise']).default('free'),
  users: z.array(UserSeedSchema).min(1),
  pages: z.array(PageSeedSchema),
  databases: z.array(DatabaseSeedSchema),
  tokens: z.array(TokenSeedSchema).default([]),
})
export type WorkspaceSeed = z.input<typeof WorkspaceSeedSchema>
