import { z } from 'zod'

/**
 * The form of a whole workspace as JSON: what the demo is written in, what `/_sandbox/seed` takes and what
 * test generators produce. Ids are UUIDs in dashed lower case; times are ISO strings.
 */

const Id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)
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

export const AnnotationsSchema = z.strictObject({
  bold: z.boolean(),
  italic: z.boolean(),
  strikethrough: z.boolean(),
  underline: z.boolean(),
  code: z.boolean(),
  color: z.string(),
})

const richTextCommon = {
  plain_text: z.string(),
  href: z.string().nullable(),
  annotations: AnnotationsSchema,
}

/** One run of rich text, in the shape of Notion's replies. */
export const RichTextSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    text: z.strictObject({ content: z.string(), link: z.strictObject({ url: z.string() }).nullable() }),
    ...richTextCommon,
  }),
  z.strictObject({
    type: z.literal('mention'),
    mention: z.looseObject({ type: z.string() }),
    ...richTextCommon,
  }),
  z.strictObject({
    type: z.literal('equation'),
    equation: z.strictObject({ expression: z.string() }),
    ...richTextCommon,
  }),
])
export type RichText = z.infer<typeof RichTextSchema>

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

export const OptionSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  color: z.string(),
  description: z.string().nullable(),
})
export type Option = z.infer<typeof OptionSchema>

const propertyCommon = { id: z.string(), name: z.string(), description: z.string().nullable().default(null) }
const bare = <T extends string>(type: T) => z.strictObject({ type: z.literal(type), ...propertyCommon })

/** A column of a data source. */
export const PropertySchema = z.discriminatedUnion('type', [
  bare('title'),
  bare('rich_text'),
  bare('date'),
  bare('people'),
  bare('files'),
  bare('checkbox'),
  bare('url'),
  bare('email'),
  bare('phone_number'),
  bare('created_time'),
  bare('created_by'),
  bare('last_edited_time'),
  bare('last_edited_by'),
  bare('number').extend({ format: z.string().default('number') }),
  bare('select').extend({ options: z.array(OptionSchema) }),
  bare('multi_select').extend({ options: z.array(OptionSchema) }),
  bare('status').extend({
    options: z.array(OptionSchema),
    groups: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        color: z.string(),
        option_ids: z.array(z.string()),
      }),
    ),
  }),
  bare('relation').extend({ data_source_id: Id, synced_property_id: z.string().nullable().default(null) }),
  bare('unique_id').extend({ prefix: z.string().nullable().default(null) }),
  bare('formula').extend({ expression: z.string() }),
])
export type Property = z.infer<typeof PropertySchema>
export type PropertyType = Property['type']

export const DateValueSchema = z.strictObject({
  start: z.string(),
  end: z.string().nullable().default(null),
  time_zone: z.string().nullable().default(null),
})
export type DateValue = z.infer<typeof DateValueSchema>

const valueOf = <T extends string, V extends z.ZodType>(type: T, value: V) =>
  z.strictObject({ type: z.literal(type), value })

/** A cell. Options are held by option id (a seed may also give the option's name); people and relations by id. */
export const PropertyValueSchema = z.discriminatedUnion('type', [
  valueOf('title', z.array(RichTextSchema)),
  valueOf('rich_text', z.array(RichTextSchema)),
  valueOf('number', z.number().nullable()),
  valueOf('select', z.string().nullable()),
  valueOf('status', z.string().nullable()),
  valueOf('multi_select', z.array(z.string())),
  valueOf('date', DateValueSchema.nullable()),
  valueOf('people', z.array(Id)),
  valueOf('files', z.array(z.strictObject({ name: z.string(), url: z.string() }))),
  valueOf('checkbox', z.boolean()),
  valueOf('url', z.string().nullable()),
  valueOf('email', z.string().nullable()),
  valueOf('phone_number', z.string().nullable()),
  valueOf('relation', z.array(Id)),
  valueOf('unique_id', z.number()),
  valueOf('formula', z.string().nullable()),
])
export type PropertyValue = z.infer<typeof PropertyValueSchema>

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
export type DataSourceSeed = z.input<typeof DataSourceSeedSchema>

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
