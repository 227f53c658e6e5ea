import type { HistoryChange, HistoryEntry } from '#shared/schemas/history'
import { HistoryChangeSchema, HistoryEntrySchema } from '#shared/schemas/history'
import type { Db } from './client'
import { rows } from './client'

/**
 * Entries of a user's history, newest first.
 *
 * @param before the position the last page ended at; from the top without it
 * @returns each with its position
 * @throws {DatabaseError}
 */
export async function listHistoryEntries(
  db: Db,
  userId: string,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<{ position: number; entry: HistoryEntry }[]> {
  const found = rows(
    'history.entries',
    await db.rpc('history_entries', { p_user: userId, p_before: before, p_limit: limit }),
  )
  return found.map((row) => ({
    position: row.head_id,
    entry: HistoryEntrySchema.parse({
      entry: row.entry,
      at: row.created_at,
      source: row.source,
      undoOf: row.undo_of,
      size: row.size,
      counts: row.counts,
      undoable: row.undoable,
      preview: row.preview,
    }),
  }))
}

/**
 * All changes of one entry in their order, and the entry's position; null when it is not this user's.
 *
 * @throws {DatabaseError}
 */
export async function listEntryChanges(
  db: Db,
  userId: string,
  entry: string,
): Promise<{ position: number; changes: HistoryChange[] } | null> {
  const found = rows('history.changes', await db.rpc('history_changes', { p_user: userId, p_entry: entry }))
  const first = found[0]
  if (!first) return null
  return {
    position: first.change_id,
    changes: found.map(({ shown }) => HistoryChangeSchema.parse(shown)),
  }
}
