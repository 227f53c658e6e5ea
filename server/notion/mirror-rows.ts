import type { Client } from '@notionhq/client'
import { z } from 'zod'
import type { MirroredTodo } from '#shared/todo/mirrored-todo'
import { normaliseNotionId } from '#shared/todo/notion-id'
import { toPlainText } from '#shared/todo/rich-text'
import { fetchAllDatabasePages } from '#server/utils/notion-pagination'
import { NotionError, toNotionError } from './errors'
import { ReplyIdSchema } from './fields'
import type { ColumnIds } from './mirror-columns'
import { STATUS_NAME } from './mirror-columns'
import { rowProperties } from './mirror-values'
import { PAGE_SIZE, readList } from './pagination'
import { RichTextSchema } from './rich-text'

/** Where the rows of a mirror are. */
export interface MirrorTable {
  dataSourceId: string
  columns: ColumnIds
}

/** A row as it stands in Notion. */
export interface SeenRow {
  pageId: string
  /** The to-do it stands for; empty in a row that somebody added themselves. */
  todoId: string
  /** What somebody who looks at it takes for done; null where the columns do not say. */
  box: boolean
  status: boolean | null
  /** Who edited it last. */
  editedBy: string
}

const RowSchema = z.looseObject({
  id: ReplyIdSchema,
  last_edited_by: z.looseObject({ id: ReplyIdSchema }),
  properties: z.record(z.string(), z.looseObject({ id: z.string() })),
})
const WrittenSchema = z.looseObject({
  id: ReplyIdSchema,
  last_edited_by: z.looseObject({ id: ReplyIdSchema }),
})
const BoxSchema = z.looseObject({ checkbox: z.boolean() })
const SelectSchema = z.looseObject({ select: z.looseObject({ name: z.string() }) })
const TextSchema = z.looseObject({ rich_text: RichTextSchema })

/** What Notion says of a row after writing it. */
export interface WrittenRow {
  pageId: string
  /** Who Notion takes us for: edits by anybody else are not ours. */
  writer: string
}

/**
 * Makes a row. It is not known whether it was made when this throws anything but a refusal: see `isRefusal`.
 * @throws NotionError
 */
export async function createRow(client: Client, table: MirrorTable, todo: MirroredTodo): Promise<WrittenRow> {
  const reply: unknown = await client.pages
    .create({
      parent: { type: 'data_source_id', data_source_id: table.dataSourceId },
      properties: rowProperties(todo, table.columns),
      filter_properties: [table.columns.todoId],
    })
    .catch(rethrow)
  return toWritten(reply)
}

/**
 * Writes a row anew.
 * @param restore takes it out of the trash as well
 * @throws NotionError `not_found`, or `invalid_request` for a row that is in the trash
 */
export async function updateRow(
  client: Client,
  table: MirrorTable,
  pageId: string,
  todo: MirroredTodo,
  restore = false,
): Promise<WrittenRow> {
  const reply: unknown = await client.pages
    .update({
      page_id: pageId,
      properties: rowProperties(todo, table.columns),
      ...(restore && { in_trash: false }),
    })
    .catch(rethrow)
  return toWritten(reply)
}

/** Puts a row into the trash. One that is there already, or gone, is no failure. @throws NotionError */
export async function trashRow(client: Client, pageId: string): Promise<void> {
  try {
    await client.pages.update({ page_id: pageId, in_trash: true })
  } catch (cause) {
    const error = toNotionError(cause)
    if (error.kind !== 'not_found' && error.kind !== 'invalid_request') throw error
  }
}

/** Did Notion say no before it did anything? Everything else may have been carried out (notion-api.md §8). */
export function isRefusal({ kind }: NotionError): boolean {
  switch (kind) {
    case 'token_invalid':
    case 'access_denied':
    case 'not_found':
    case 'rate_limited':
    case 'invalid_request':
    case 'blocked':
    case 'plan_limit':
    case 'oauth_refused':
      return true
    case 'conflict':
    case 'unavailable':
    case 'api_error':
    case 'invalid_reply':
    case 'aborted':
      return false
  }
}

/** How many to-dos are looked up with one question. */
export const LOOK_UP_MAX = 50

/**
 * The rows that stand for these to-dos, by the column that holds their ids.
 * @param todoIds at most LOOK_UP_MAX
 * @throws NotionError
 */
export async function findRows(client: Client, table: MirrorTable, todoIds: string[]): Promise<SeenRow[]> {
  const { dataSourceId, columns } = table
  const { items } = await readList((cursor) =>
    client.dataSources.query({
      data_source_id: dataSourceId,
      page_size: PAGE_SIZE,
      filter: { or: todoIds.map((id) => ({ property: columns.todoId, rich_text: { equals: id } })) },
      filter_properties: lookedAt(columns),
      ...(cursor === undefined ? {} : { start_cursor: cursor }),
    }),
  )
  return items.flatMap((item) => toSeenRow(item, columns) ?? [])
}

/**
 * All rows, or those edited since.
 * @returns whether all of them came
 * @throws NotionError
 */
export async function listRows(
  client: Client,
  table: MirrorTable,
  options: { editedSince: string | null; signal: AbortSignal; onRows: (rows: SeenRow[]) => void },
): Promise<boolean> {
  const { wasLimited } = await fetchAllDatabasePages(client, table.dataSourceId, {
    filterProperties: lookedAt(table.columns),
    signal: options.signal,
    ...(options.editedSince !== null && { editedOnOrAfter: options.editedSince }),
    onBatch: (pages) => options.onRows(pages.flatMap((page) => toSeenRow(page, table.columns) ?? [])),
  })
  return !wasLimited
}

function lookedAt(columns: ColumnIds): string[] {
  return [columns.todoId, columns.done, columns.status]
}

function toSeenRow(page: unknown, columns: ColumnIds): SeenRow | null {
  const row = RowSchema.safeParse(page)
  if (!row.success) return null
  const value = (id: string) => Object.values(row.data.properties).find((property) => property.id === id)
  const box = BoxSchema.safeParse(value(columns.done))
  const text = TextSchema.safeParse(value(columns.todoId))
  if (!box.success || !text.success) return null
  return {
    pageId: row.data.id,
    todoId: normaliseNotionId(toPlainText(text.data.rich_text).trim()) ?? '',
    box: box.data.checkbox,
    status: toStatus(value(columns.status)),
    editedBy: row.data.last_edited_by.id,
  }
}

function toStatus(property: unknown): boolean | null {
  const select = SelectSchema.safeParse(property)
  if (!select.success) return null
  const { name } = select.data.select
  return name === STATUS_NAME.done ? true : name === STATUS_NAME.open ? false : null
}

function toWritten(reply: unknown): WrittenRow {
  const row = WrittenSchema.safeParse(reply)
  if (!row.success) throw new NotionError('invalid_reply')
  return { pageId: row.data.id, writer: row.data.last_edited_by.id }
}

function rethrow(cause: unknown): never {
  throw toNotionError(cause)
}
