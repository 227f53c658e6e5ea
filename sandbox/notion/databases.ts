import { z } from 'zod'
import { validationError } from './errors.ts'
import { coverFrom, CoverRequestSchema, iconFrom, IconRequestSchema } from './icons.ts'
import { freshId, IdSchema } from './ids.ts'
import { findContainer, findDatabase } from './lookup.ts'
import { databaseReply } from './object-replies.ts'
import type { DatabaseRecord, DataSourceRecord } from './records.ts'
import { fromRequest, RichTextRequestSchema } from './rich-text.ts'
import { type Call, endpoint, nothing } from './router.ts'
import { columnsFrom, PropertiesConfigSchema } from './schema-requests.ts'

const ParentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('page_id'), page_id: IdSchema }),
  z.strictObject({ type: z.literal('workspace'), workspace: z.literal(true) }),
])

const common = {
  title: RichTextRequestSchema.optional(),
  description: RichTextRequestSchema.optional(),
  is_inline: z.boolean().optional(),
  icon: IconRequestSchema.nullish(),
  cover: CoverRequestSchema.nullish(),
}

const CreateSchema = z.strictObject({
  parent: ParentSchema,
  ...common,
  initial_data_source: z.strictObject({ properties: PropertiesConfigSchema.optional() }).optional(),
})

const UpdateSchema = z.strictObject({
  ...common,
  in_trash: z.boolean().optional(),
  is_locked: z.boolean().optional(),
})

export const databaseEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/databases/{database_id}',
    capability: 'read',
    query: nothing,
    body: nothing,
    handle(call) {
      const database = findDatabase(call, call.id('database_id'), { evenTrashed: true })
      return databaseReply(database, call.world.store, call.version)
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/databases',
    capability: 'insert',
    query: nothing,
    body: CreateSchema,
    handle(call, { body }) {
      const parentId = body.parent.type === 'page_id' ? findContainer(call, body.parent.page_id).id : null
      if (parentId === null && call.connection.kind === 'internal')
        throw validationError('Internal connections cannot create databases at the top of the workspace.')
      const columns = columnsFrom(body.initial_data_source?.properties ?? { Name: { title: {} } })
      const { store } = call.world
      const database = newDatabase(call, parentId)
      applyChanges(call, database, body)
      store.insert(database)
      store.insert(newDataSource(call, database, columns))
      if (parentId === null) call.connection.rootIds.push(database.id)
      return databaseReply(database, store, call.version)
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/databases/{database_id}',
    capability: 'update',
    query: nothing,
    body: UpdateSchema,
    handle(call, { body }) {
      const database = findDatabase(call, call.id('database_id'), {
        evenTrashed: body.in_trash !== undefined,
      })
      applyChanges(call, database, body)
      database.inTrash = body.in_trash ?? database.inTrash
      database.isLocked = body.is_locked ?? database.isLocked
      database.lastEditedTime = call.world.nowIso()
      database.lastEditedBy = call.connection.botId
      call.world.store.changed()
      return databaseReply(database, call.world.store, call.version)
    },
  }),
]

function stamp(call: Call) {
  const now = call.world.nowIso()
  const { botId, workspaceId } = call.connection
  return {
    workspaceId,
    createdTime: now,
    createdBy: botId,
    lastEditedTime: now,
    lastEditedBy: botId,
    inTrash: false,
  }
}

function newDatabase(call: Call, parentId: string | null): DatabaseRecord {
  return {
    kind: 'database',
    id: freshId(),
    parentId,
    ...stamp(call),
    title: [],
    description: [],
    icon: null,
    cover: null,
    isInline: false,
    isLocked: false,
    isPrivate: false,
    dataSourceIds: [],
  }
}

/** A data source that is not yet listed anywhere. */
export function newDataSource(
  call: Call,
  database: DatabaseRecord,
  properties: DataSourceRecord['properties'],
): DataSourceRecord {
  const { title } = database
  return {
    kind: 'data_source',
    id: freshId(),
    parentId: database.id,
    ...stamp(call),
    title,
    icon: null,
    properties,
    rowIds: [],
  }
}

type Changes = Omit<z.output<typeof UpdateSchema>, 'in_trash' | 'is_locked'>

function applyChanges(call: Call, database: DatabaseRecord, changes: Changes): void {
  const { store } = call.world
  if (changes.title) database.title = fromRequest(changes.title, store, database.workspaceId)
  if (changes.description)
    database.description = fromRequest(changes.description, store, database.workspaceId)
  if (changes.icon !== undefined) database.icon = iconFrom(changes.icon)
  if (changes.cover !== undefined) database.cover = coverFrom(changes.cover)
  database.isInline = changes.is_inline ?? database.isInline
}
