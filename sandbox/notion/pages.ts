import { z } from 'zod'
import { createBlocks, parseBlockDrafts } from './block-writes.ts'
import { BlockRequestsSchema } from './block-requests.ts'
import { filterProperties, requireProperties } from './data-sources-query.ts'
import { validationError } from './errors.ts'
import { coverFrom, CoverRequestSchema, iconFrom, IconRequestSchema } from './icons.ts'
import { freshId, IdSchema } from './ids.ts'
import { findContainer, findDatabase, findDataSource, findPage } from './lookup.ts'
import { pageReply } from './object-replies.ts'
import { cellsFrom, PropertiesRequestSchema, titleOnly } from './property-requests.ts'
import type { PageRecord } from './records.ts'
import { type Call, endpoint, nothing } from './router.ts'
import type { PropertyValue } from './seed-format.ts'

const ParentSchema = z.union([
  z.strictObject({ type: z.literal('page_id').optional(), page_id: IdSchema }),
  z.strictObject({ type: z.literal('data_source_id').optional(), data_source_id: IdSchema }),
  z.strictObject({ type: z.literal('database_id').optional(), database_id: IdSchema }),
  z.strictObject({ type: z.literal('workspace').optional(), workspace: z.literal(true) }),
])

/** Markdown bodies, templates and uploads are not part of the stand-in and are refused like any unknown field. */
const CreateSchema = z.strictObject({
  parent: ParentSchema.optional(),
  properties: PropertiesRequestSchema.optional(),
  icon: IconRequestSchema.nullish(),
  cover: CoverRequestSchema.nullish(),
  children: BlockRequestsSchema.optional(),
})

const UpdateSchema = z.strictObject({
  properties: PropertiesRequestSchema.optional(),
  icon: IconRequestSchema.nullish(),
  cover: CoverRequestSchema.nullish(),
  in_trash: z.boolean().optional(),
  is_archived: z.boolean().optional(),
  is_locked: z.boolean().optional(),
  erase_content: z.boolean().optional(),
})
const OldUpdateSchema = UpdateSchema.extend({ archived: z.boolean().optional() })
const NewUpdateSchema = UpdateSchema.extend({ archived: z.never().optional() })

export const pageEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/pages/{page_id}',
    capability: 'read',
    query: filterProperties,
    body: nothing,
    handle(call, { query }) {
      const page = findPage(call, call.id('page_id'), { evenTrashed: true })
      return replyWith(call, page, query.filter_properties)
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/pages',
    capability: 'insert',
    query: filterProperties,
    body: CreateSchema,
    handle(call, { query, body }) {
      const page = newPage(call, body.parent ?? { workspace: true })
      page.properties = cellsFor(call, page, body.properties ?? {})
      page.icon = iconFrom(body.icon ?? null)
      page.cover = coverFrom(body.cover ?? null)
      numberRow(call, page)
      const drafts = parseBlockDrafts(body.children ?? [])
      const { store } = call.world
      store.insert(page)
      const author = { authorId: call.connection.botId, now: call.world.nowIso() }
      createBlocks({ store, workspaceId: page.workspaceId, ...author }, drafts, page.id)
      return replyWith(call, page, query.filter_properties)
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/pages/{page_id}',
    capability: 'update',
    query: filterProperties,
    body: (version): typeof NewUpdateSchema | typeof OldUpdateSchema =>
      version === '2026-03-11' ? NewUpdateSchema : OldUpdateSchema,
    handle(call, { query, body }) {
      const trash = body.in_trash ?? body.archived
      const page = findPage(call, call.id('page_id'), { evenTrashed: trash !== undefined })
      if (body.properties) Object.assign(page.properties, cellsFor(call, page, body.properties))
      if (body.icon !== undefined) page.icon = iconFrom(body.icon)
      if (body.cover !== undefined) page.cover = coverFrom(body.cover)
      if (trash !== undefined) page.inTrash = trash
      page.isArchived = body.is_archived ?? page.isArchived
      page.isLocked = body.is_locked ?? page.isLocked
      if (body.erase_content) eraseContent(call, page)
      page.lastEditedTime = call.world.nowIso()
      page.lastEditedBy = call.connection.botId
      call.world.store.changed()
      return replyWith(call, page, query.filter_properties)
    },
  }),
]

function replyWith(call: Call, page: PageRecord, only: string[] | undefined): object {
  const { store } = call.world
  const source = store.dataSource(page.parentId ?? '')
  if (source) requireProperties(source, only)
  return pageReply(page, store, call.version, only)
}

function newPage(call: Call, parent: z.output<typeof ParentSchema>): PageRecord {
  const now = call.world.nowIso()
  const { botId, workspaceId } = call.connection
  const page: PageRecord = {
    kind: 'page',
    id: freshId(),
    workspaceId,
    parentId: parentIdFor(call, parent),
    inTrash: false,
    createdTime: now,
    createdBy: botId,
    lastEditedTime: now,
    lastEditedBy: botId,
    properties: {},
    icon: null,
    cover: null,
    childIds: [],
    isArchived: false,
    isLocked: false,
    isPrivate: false,
  }
  if (page.parentId === null) call.connection.rootIds.push(page.id)
  return page
}

/** @throws NotionApiError 400 for the top of the workspace with an internal connection (notion-api.md §6) */
function parentIdFor(call: Call, parent: z.output<typeof ParentSchema>): string | null {
  if ('page_id' in parent) return findContainer(call, parent.page_id).id
  if ('data_source_id' in parent) return findDataSource(call, parent.data_source_id).id
  if ('database_id' in parent) {
    const [only, ...others] = findDatabase(call, parent.database_id).dataSourceIds
    if (only === undefined || others.length > 0)
      throw validationError('The database has several data sources: use a data_source_id as parent.')
    return only
  }
  if (call.connection.kind === 'internal')
    throw validationError('Internal connections cannot create pages at the top of the workspace.')
  return null
}

function cellsFor(
  call: Call,
  page: PageRecord,
  request: Record<string, unknown>,
): Record<string, PropertyValue> {
  const { store } = call.world
  const source = store.dataSource(page.parentId ?? '')
  return source ? cellsFrom(request, source, store) : titleOnly(request, page, store)
}

/** Gives a new row its number where the table counts its rows. */
function numberRow(call: Call, page: PageRecord): void {
  const { store } = call.world
  const source = store.dataSource(page.parentId ?? '')
  const counter = source?.properties.find(({ type }) => type === 'unique_id')
  if (!source || !counter) return
  const numbers = source.rowIds.map((id) => store.page(id)?.properties[counter.id])
  const highest = Math.max(0, ...numbers.map((value) => (value?.type === 'unique_id' ? value.value : 0)))
  page.properties[counter.id] = { type: 'unique_id', value: highest + 1 }
}

function eraseContent(call: Call, page: PageRecord): void {
  for (const child of call.world.store.visibleChildren(page)) child.inTrash = true
}
