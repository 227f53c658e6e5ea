import { notionUrl } from './rich-text.ts'
import type { DatabaseRecord, DataSourceRecord, NodeRecord, PageRecord } from './records.ts'
import { propertyConfig } from './schema-replies.ts'
import { toMinute, type Store } from './store.ts'
import { propertyValue } from './value-replies.ts'
import type { ApiVersion } from './world.ts'

/** How pages, databases and data sources look in replies. */

const user = (id: string) => ({ object: 'user', id }) as const

/** Times, authors and trash state; `archived` was its name before 2026-03-11. */
export function commonReply(node: NodeRecord, version: ApiVersion, inTrash = node.inTrash) {
  return {
    created_time: toMinute(node.createdTime),
    last_edited_time: toMinute(node.lastEditedTime),
    created_by: user(node.createdBy),
    last_edited_by: user(node.lastEditedBy),
    in_trash: inTrash,
    ...(version === '2025-09-03' ? { archived: inTrash } : {}),
  }
}

/** The `parent` of a page, block or database. */
export function parentReply(node: NodeRecord, store: Store): Record<string, unknown> {
  const parent = node.parentId === null ? undefined : store.node(node.parentId)
  switch (parent?.kind) {
    case undefined:
      return { type: 'workspace', workspace: true }
    case 'page':
      return { type: 'page_id', page_id: parent.id }
    case 'block':
      return { type: 'block_id', block_id: parent.id }
    case 'database':
      return { type: 'database_id', database_id: parent.id }
    case 'data_source':
      return { type: 'data_source_id', data_source_id: parent.id, database_id: parent.parentId }
  }
}

/** @param only ids or names of the properties wanted (`filter_properties`); all when left out */
export function pageReply(page: PageRecord, store: Store, version: ApiVersion, only?: string[]) {
  return {
    object: 'page',
    id: page.id,
    ...commonReply(page, version, store.isTrashed(page.id)),
    is_archived: page.isArchived,
    is_locked: page.isLocked,
    parent: parentReply(page, store),
    icon: page.icon,
    cover: page.cover,
    properties: pageProperties(page, store, only),
    url: notionUrl(page.id),
    public_url: null,
  }
}

function pageProperties(page: PageRecord, store: Store, only?: string[]): Record<string, unknown> {
  const source = page.parentId === null ? undefined : store.dataSource(page.parentId)
  if (!source) {
    const title = page.properties['title']
    return { title: { id: 'title', type: 'title', title: title?.value ?? [] } }
  }
  const wanted = source.properties.filter(
    ({ id, name }) => only === undefined || only.includes(id) || only.includes(name),
  )
  return Object.fromEntries(wanted.map((property) => [property.name, propertyValue(property, page, store)]))
}

export function databaseReply(database: DatabaseRecord, store: Store, version: ApiVersion) {
  const sources = database.dataSourceIds
    .map((id) => store.dataSource(id))
    .filter((source) => source !== undefined)
  return {
    object: 'database',
    id: database.id,
    ...commonReply(database, version, store.isTrashed(database.id)),
    title: database.title,
    description: database.description,
    parent: parentReply(database, store),
    is_inline: database.isInline,
    is_locked: database.isLocked,
    data_sources: sources
      .filter((source) => !source.inTrash)
      .map((source) => ({ id: source.id, name: source.title.map((run) => run.plain_text).join('') })),
    icon: database.icon,
    cover: database.cover,
    url: notionUrl(database.id),
    public_url: null,
  }
}

export function dataSourceReply(source: DataSourceRecord, store: Store, version: ApiVersion) {
  const database = source.parentId === null ? undefined : store.database(source.parentId)
  return {
    object: 'data_source',
    id: source.id,
    ...commonReply(source, version, store.isTrashed(source.id)),
    title: source.title,
    description: database?.description ?? [],
    parent: { type: 'database_id', database_id: source.parentId },
    database_parent: database ? parentReply(database, store) : { type: 'workspace', workspace: true },
    is_inline: database?.isInline ?? false,
    properties: Object.fromEntries(
      source.properties.map((property) => [property.name, propertyConfig(property, store)]),
    ),
    icon: source.icon ?? database?.icon ?? null,
    cover: database?.cover ?? null,
    url: notionUrl(source.parentId ?? source.id),
    public_url: null,
  }
}
