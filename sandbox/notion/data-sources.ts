import { z } from 'zod'
import { newDataSource } from './databases.ts'
import { iconFrom, IconRequestSchema } from './icons.ts'
import { IdSchema } from './ids.ts'
import { findDatabase, findDataSource } from './lookup.ts'
import { dataSourceReply } from './object-replies.ts'
import { queryPaging } from './pagination.ts'
import { fromRequest, RichTextRequestSchema } from './rich-text.ts'
import { endpoint, nothing } from './router.ts'
import { changedColumns, columnsFrom, PropertiesConfigSchema } from './schema-requests.ts'

const CreateSchema = z.strictObject({
  parent: z.strictObject({ type: z.literal('database_id').optional(), database_id: IdSchema }),
  properties: PropertiesConfigSchema,
  title: RichTextRequestSchema.optional(),
  icon: IconRequestSchema.nullish(),
})

const UpdateSchema = z.strictObject({
  title: RichTextRequestSchema.optional(),
  icon: IconRequestSchema.nullish(),
  properties: PropertiesConfigSchema.optional(),
  in_trash: z.boolean().optional(),
})

export const dataSourceEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/data_sources/{data_source_id}',
    capability: 'read',
    query: nothing,
    body: nothing,
    handle(call) {
      const source = findDataSource(call, call.id('data_source_id'), { evenTrashed: true })
      return dataSourceReply(source, call.world.store, call.version)
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/data_sources',
    capability: 'insert',
    query: nothing,
    body: CreateSchema,
    handle(call, { body }) {
      const { store } = call.world
      const database = findDatabase(call, body.parent.database_id)
      const source = newDataSource(call, database, columnsFrom(body.properties))
      source.title = fromRequest(body.title ?? [], store, database.workspaceId)
      source.icon = iconFrom(body.icon ?? null)
      store.insert(source)
      return dataSourceReply(source, store, call.version)
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/data_sources/{data_source_id}',
    capability: 'update',
    query: nothing,
    body: UpdateSchema,
    handle(call, { body }) {
      const { store } = call.world
      const source = findDataSource(call, call.id('data_source_id'), {
        evenTrashed: body.in_trash !== undefined,
      })
      if (body.properties) source.properties = changedColumns(source.properties, body.properties)
      if (body.title) source.title = fromRequest(body.title, store, source.workspaceId)
      if (body.icon !== undefined) source.icon = iconFrom(body.icon)
      source.inTrash = body.in_trash ?? source.inTrash
      source.lastEditedTime = call.world.nowIso()
      source.lastEditedBy = call.connection.botId
      store.changed()
      return dataSourceReply(source, store, call.version)
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/data_sources/{data_source_id}/templates',
    capability: 'read',
    query: z.strictObject({ name: z.string().optional(), ...queryPaging }),
    body: nothing,
    handle(call) {
      findDataSource(call, call.id('data_source_id'))
      return { templates: [], has_more: false, next_cursor: null }
    },
  }),
]
