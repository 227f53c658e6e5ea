import { z } from 'zod'
import {
  BlockTypeSchema,
  CoverSchema,
  IconSchema,
  PropertySchema,
  PropertyValueSchema,
  RichTextSchema,
  TokenSeedSchema,
  UserSeedSchema,
} from './seed-format.ts'

/** What the stand-in keeps in memory and in its state file: one flat record for each Notion object. */

const common = {
  id: z.string(),
  workspaceId: z.string(),
  /** The containing page, block, database or data source; null at the top of the workspace. */
  parentId: z.string().nullable(),
  inTrash: z.boolean(),
  createdTime: z.string(),
  createdBy: z.string(),
  lastEditedTime: z.string(),
  lastEditedBy: z.string(),
}

export const BlockRecordSchema = z.strictObject({
  kind: z.literal('block'),
  ...common,
  type: BlockTypeSchema,
  content: z.record(z.string(), z.unknown()),
  childIds: z.array(z.string()),
})

export const PageRecordSchema = z.strictObject({
  kind: z.literal('page'),
  ...common,
  properties: z.record(z.string(), PropertyValueSchema),
  icon: IconSchema.nullable(),
  cover: CoverSchema.nullable(),
  childIds: z.array(z.string()),
  isArchived: z.boolean(),
  isLocked: z.boolean(),
  isPrivate: z.boolean(),
})

export const DatabaseRecordSchema = z.strictObject({
  kind: z.literal('database'),
  ...common,
  title: z.array(RichTextSchema),
  description: z.array(RichTextSchema),
  icon: IconSchema.nullable(),
  cover: CoverSchema.nullable(),
  isInline: z.boolean(),
  isLocked: z.boolean(),
  isPrivate: z.boolean(),
  dataSourceIds: z.array(z.string()),
})

export const DataSourceRecordSchema = z.strictObject({
  kind: z.literal('data_source'),
  ...common,
  title: z.array(RichTextSchema),
  icon: IconSchema.nullable(),
  properties: z.array(PropertySchema),
  rowIds: z.array(z.string()),
})

export const NodeRecordSchema = z.discriminatedUnion('kind', [
  BlockRecordSchema,
  PageRecordSchema,
  DatabaseRecordSchema,
  DataSourceRecordSchema,
])

export const WorkspaceRecordSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  icon: z.string().nullable(),
  plan: z.enum(['free', 'plus', 'business', 'enterprise']),
  users: z.array(UserSeedSchema),
  tokens: z.array(TokenSeedSchema),
})

export const CapabilitiesSchema = z.strictObject({
  read: z.boolean(),
  update: z.boolean(),
  insert: z.boolean(),
  users: z.boolean(),
  emails: z.boolean(),
})

/** One bot in one workspace: an installed OAuth connection, an internal connection or a personal token. */
export const ConnectionRecordSchema = z.strictObject({
  botId: z.string(),
  kind: z.enum(['oauth', 'internal', 'personal']),
  workspaceId: z.string(),
  userId: z.string(),
  /** Ids of the pages and databases shared; what lies beneath is shared with them. */
  rootIds: z.array(z.string()),
  /** Everything that is not private is shared (internal and personal tokens of the demo). */
  everything: z.boolean(),
  unsharedIds: z.array(z.string()),
  capabilities: CapabilitiesSchema,
  connectedAt: z.number(),
})

export const TokenRecordSchema = z.strictObject({
  token: z.string(),
  use: z.enum(['access', 'refresh']),
  botId: z.string(),
  /** Access and refresh token of one reply share it, so that rotation retires both. */
  pairId: z.string(),
  issuedAt: z.number(),
  active: z.boolean(),
})

export type BlockRecord = z.infer<typeof BlockRecordSchema>
export type PageRecord = z.infer<typeof PageRecordSchema>
export type DatabaseRecord = z.infer<typeof DatabaseRecordSchema>
export type DataSourceRecord = z.infer<typeof DataSourceRecordSchema>
export type NodeRecord = z.infer<typeof NodeRecordSchema>
export type WorkspaceRecord = z.infer<typeof WorkspaceRecordSchema>
export type Capabilities = z.infer<typeof CapabilitiesSchema>
export type ConnectionRecord = z.infer<typeof ConnectionRecordSchema>
export type TokenRecord = z.infer<typeof TokenRecordSchema>
