import type { HistoryEntryReply, HistoryReply } from '#shared/schemas/history'
import type { Db } from '#server/db/client'
import { listEntryChanges, listHistoryEntries } from '#server/db/history'
import { AppError } from '#server/errors/app-error'

const PAGE_SIZE = 30

/** A page of a user's history, newest first. @throws {DatabaseError} */
export async function readHistory(
  db: Db,
  userId: string,
  { before, limit = PAGE_SIZE }: { before?: string | undefined; limit?: number | undefined },
): Promise<HistoryReply> {
  // One more than is shown says whether there is more.
  const found = await listHistoryEntries(db, userId, {
    before: before === undefined ? undefined : Number(before),
    limit: limit + 1,
  })
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    entries: shown.map(({ entry }) => entry),
    next: found.length > limit && last ? String(last.position) : null,
  }
}

/**
 * One entry with all its changes.
 *
 * @throws {AppError} NOT_FOUND when it is not this user's
 * @throws {DatabaseError}
 */
export async function readHistoryEntry(db: Db, userId: string, entry: string): Promise<HistoryEntryReply> {
  const found = await listEntryChanges(db, userId, entry)
  if (!found) throw new AppError('NOT_FOUND')
  const [shown] = await listHistoryEntries(db, userId, { before: found.position + 1, limit: 1 })
  if (!shown) throw new AppError('NOT_FOUND')
  return { entry: shown.entry, changes: found.changes }
}
