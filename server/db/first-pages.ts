import type { Db } from './client'
import { rows } from './client'

/**
 * The pages that a user's plain list begins with, in its order, and how many to-dos are open in the database of each.
 *
 * @param serviceDb passes row level security; the function names the owner in every part
 * @returns none, too, for a list whose beginning only the whole of it tells
 * @throws {DatabaseError}
 */
export async function listFirstPages(
  serviceDb: Db,
  userId: string,
  count: number,
): Promise<{ pageId: number; databaseId: string; open: number }[]> {
  const found = rows('todos.first', await serviceDb.rpc('first_pages', { p_user: userId, p_count: count }))
  return found.map(({ page_id: pageId, data_source_id: databaseId, open }) => ({ pageId, databaseId, open }))
}
