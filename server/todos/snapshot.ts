import { INCOMPLETE_PAGES_SHOWN, type SyncStatus } from '#shared/schemas/todo'
import type { Db } from '#server/db/client'
import { listWriteStates, readSnapshotJson } from '#server/db/snapshot'
import { listIncompletePages, listSourceIds } from '#server/db/todos'
import type { Meter } from '#server/gate/meter'
import { readSyncStatus } from '#server/sync/status'

/**
 * All to-dos of a person, or what changed since the cursor, as the JSON text of a `SnapshotReply`.
 *
 * @param db.service passes row level security: the one function it is used for names the owner throughout
 * @param db.user sees only the user's own rows
 * @param request.userId from the session, never from the request
 * @throws {DatabaseError}
 */
export async function snapshotJson(
  db: { service: Db; user: Db },
  request: { userId: string; cursor?: string | undefined },
  readMeters: (connectionIds: readonly number[]) => Promise<Meter[]>,
): Promise<string> {
  const { userId } = request
  const after = request.cursor === undefined ? null : parseCursor(request.cursor)
  // Read first: a reading that has ended has stored all its pages, so they are all seen below.
  const sync = await readStatus(db.user, userId, readMeters)
  const snapshot = await readSnapshotJson(db.service, userId, after)
  // Read last: what is newer than the snapshot comes once more with the next answer, which does no harm.
  const writes = await listWriteStates(db.user, userId, isWhole(asSnapshot(snapshot)) ? 0 : (after?.seq ?? 0))
  return `${asSnapshot(snapshot)},"writes":${JSON.stringify(writes)},"sync":${JSON.stringify(sync)}}`
}

async function readStatus(
  userDb: Db,
  userId: string,
  readMeters: (connectionIds: readonly number[]) => Promise<Meter[]>,
): Promise<SyncStatus> {
  const [sync, databaseIds] = await Promise.all([
    readSyncStatus(userDb, userId, undefined, readMeters),
    listSourceIds(userDb, userId),
  ])
  const incompletePages = await listIncompletePages(userDb, userId, databaseIds, INCOMPLETE_PAGES_SHOWN)
  return { ...sync, incompletePages }
}

function parseCursor(cursor: string): { seq: number; sources: string } {
  const [seq = '', sources = ''] = cursor.split('-')
  return { seq: Number(seq), sources }
}

const asSnapshot = (snapshot: string) => `{"snapshot":${snapshot}`

/** Whether an answer of `snapshotJson` holds everything: its third word, before anything that a person wrote. */
export function isWhole(json: string): boolean {
  return /^\{"snapshot":\{"cursor" : "[^"]*", "seq" : \d+, "whole" : true,/.test(json)
}
