import type { SavedView, SavedViewBody } from '#shared/schemas/view'
import { GroupBySchema, SortBySchema, TodoViewSchema } from '#shared/schemas/view'
import type { Database } from '#shared/types/database.types'
import type { Db } from './client'
import { done, rows } from './client'

const VIEW_COLUMNS = 'id, name, query, group_by, sort_by, show, is_default' as const

/** A user's views in their order, or one of them. @throws {DatabaseError} */
export async function listSavedViews(db: Db, userId: string, id?: number): Promise<SavedView[]> {
  let query = db.from('saved_view').select(VIEW_COLUMNS).eq('user_id', userId).order('position').order('id')
  if (id !== undefined) query = query.eq('id', id)
  return rows('savedViews.list', await query).map(toSavedView)
}

/** Stores a view behind those there are. @throws {DatabaseError} */
export async function insertSavedView(
  db: Db,
  userId: string,
  view: SavedViewBody,
  position: number,
): Promise<SavedView> {
  const inserted = await db
    .from('saved_view')
    .insert({ user_id: userId, position, ...toColumns(view) })
    .select(VIEW_COLUMNS)
    .single()
  return toSavedView(rows('savedViews.insert', inserted))
}

/** @returns null when the user has no such view @throws {DatabaseError} */
export async function updateSavedView(
  db: Db,
  userId: string,
  id: number,
  view: SavedViewBody,
): Promise<SavedView | null> {
  const updated = await db
    .from('saved_view')
    .update(toColumns(view))
    .eq('user_id', userId)
    .eq('id', id)
    .select(VIEW_COLUMNS)
  const found = rows('savedViews.update', updated)[0]
  return found ? toSavedView(found) : null
}

/** With its feeds. @returns whether there was such a view of this user @throws {DatabaseError} */
export async function deleteSavedView(db: Db, userId: string, id: number): Promise<boolean> {
  const deleted = await db.from('saved_view').delete().eq('user_id', userId).eq('id', id).select('id')
  return rows('savedViews.delete', deleted).length > 0
}

/** @param id null for none @returns whether there is such a view of this user @throws {DatabaseError} */
export async function setDefaultView(db: Db, userId: string, id: number | null): Promise<boolean> {
  // The generator does not know that the argument may be null.
  const args = { p_user: userId, p_view: id } as DefaultArguments
  return rows('savedViews.setDefault', await db.rpc('set_default_view', args))
}

/** Puts a user's views into this order; what is not theirs is passed over. @throws {DatabaseError} */
export async function orderSavedViews(db: Db, userId: string, ids: number[]): Promise<void> {
  done('savedViews.order', await db.rpc('order_views', { p_user: userId, p_views: ids }))
}

type DefaultArguments = Database['public']['Functions']['set_default_view']['Args']

interface ViewRow {
  id: number
  name: string
  query: string
  group_by: string
  sort_by: string
  show: string
  is_default: boolean
}

function toSavedView(row: ViewRow): SavedView {
  return {
    id: row.id,
    name: row.name,
    view: {
      query: row.query,
      group: GroupBySchema.parse(row.group_by),
      sort: SortBySchema.parse(row.sort_by),
      show: TodoViewSchema.shape.show.parse(row.show),
    },
    isDefault: row.is_default,
  }
}

function toColumns({ name, view }: SavedViewBody) {
  return { name, query: view.query, group_by: view.group, sort_by: view.sort, show: view.show }
}
