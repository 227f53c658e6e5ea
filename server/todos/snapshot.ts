import { INCOMPLETE_PAGES_SHOWN, type SyncStatus } from '#shared/schemas/todo'
import type { Db } from '#server/db/client'
import { listWriteStates, readSnapshotJson } from '#server/db/snapshot'
import { listIncompletePages, listSourceIds } from '#server/db/todos'
import type { Meter } from '#server/gate/meter'
import { readSyncStatus } from '#server/sync/status'

/** Its third word, before anything that a person wrote. Looked for in what came, since looking into a joined text copies it. */
const WHOLE = /^\{"cursor" : "[^"]*", "seq" : \d+, "whole" : true,/

/**
 * All to-dos of a person, or what changed since the cursor, as the JSON text of a `SnapshotReply`; and whether it is all.
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
): Promise<{ json: string; isWhole: boolean }> {
  const { userId } = request
  const after = request.cursor === undefined ? null : parseCursor(request.cursor)
  // Read first: a reading that has ended has stored all its pages, so they are all seen below.
  const sync = await readStatus(db.user, userId, readMeters)
  const snapshot = await readSnapshotJson(db.service, userId, after)
  const isWhole = WHOLE.test(snapshot)
  // Read last: what is newer than the snapshot comes once more with the next answer, which does no harm.
  const writes = await listWriteStates(db.user, userId, isWhole ? 0 : (after?.seq ?? 0))
  const json = `{"snapshot":${snapshot},"writes":${JSON.stringify(writes)},"sync":${JSON.stringify(sync)}}`
  return { json, isWhole }
}

/** How far reading has come, and what could not be read whole. @throws {DatabaseError} */
export async function readStatus(
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
