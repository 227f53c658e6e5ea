import type { ErrorCode } from '#shared/schemas/error'
import type { Db } from './client'
import { done, rows } from './client'
import type { MirrorReport } from './mirrors'

/** Whose run of which mirror: what its writes are accepted by. */
export interface MirrorRunKey {
  mirrorId: number
  runId: string
}

/** Asks for a run. @returns false when there is nothing that could run @throws {DatabaseError} */
export async function requestMirrorRun(db: Db, mirrorId: number, full: boolean): Promise<boolean> {
  return rows('mirrors.request', await db.rpc('request_mirror', { p_mirror: mirrorId, p_full: full }))
}

/** Takes a waiting run, or one whose worker is gone; null when there is none to take. @throws {DatabaseError} */
export async function claimMirrorRun(
  db: Db,
  mirrorId: number,
  worker: number | undefined,
): Promise<MirrorRunKey | null> {
  const answer = await db.rpc('claim_mirror', {
    p_mirror: mirrorId,
    ...(worker !== undefined && { p_worker: worker }),
  })
  // null is an answer here, which rows() would refuse.
  if (!answer.error && answer.data === null) return null
  return { mirrorId, runId: rows('mirrors.claim', answer) }
}

/** A sign of life. @returns false when the run is over, or another's by now @throws {DatabaseError} */
export async function pulseMirrorRun(
  db: Db,
  { mirrorId, runId }: MirrorRunKey,
  progress: { done: number; total: number },
): Promise<boolean> {
  return rows(
    'mirrors.pulse',
    await db.rpc('pulse_mirror', {
      p_mirror: mirrorId,
      p_run: runId,
      p_done: progress.done,
      p_total: progress.total,
    }),
  )
}

/** How a run ended. */
export interface MirrorOutcome {
  /** Null when list and mirror are in step. */
  code: ErrorCode | null
  /** The database is gone in Notion, or no longer shared. */
  isMissing: boolean
  report: MirrorReport
  /** What was seen of the list and of the mirror; left out when nothing was. */
  seen?: { seq: number; sources: number[]; readUntil: string; full: boolean }
}

/** Ends a run. @returns whether another follows at once @throws {DatabaseError} */
export async function finishMirrorRun(
  db: Db,
  { mirrorId, runId }: MirrorRunKey,
  { code, isMissing, report, seen }: MirrorOutcome,
): Promise<boolean> {
  return rows(
    'mirrors.finish',
    await db.rpc('finish_mirror', {
      p_mirror: mirrorId,
      p_run: runId,
      p_missing: isMissing,
      p_report: { ...report },
      ...(code !== null && { p_code: code }),
      ...(seen && {
        p_seq: seen.seq,
        p_sources: seen.sources,
        p_read_until: seen.readUntil,
        p_full: seen.full,
      }),
    }),
  )
}

/** From here on a database may be there that nobody has heard of. @throws {DatabaseError} */
export async function noteDatabaseAttempt(db: Db, { mirrorId, runId }: MirrorRunKey): Promise<void> {
  const noted = { create_attempted_at: new Date().toISOString() }
  done('mirrors.attempt', await db.from('mirror').update(noted).eq('id', mirrorId).eq('run_id', runId))
}

/** @returns false when the mirror has another database by now @throws {DatabaseError} */
export async function recordMirrorDatabase(
  db: Db,
  { mirrorId, runId }: MirrorRunKey,
  database: { databaseId: string; dataSourceId: string; url: string },
): Promise<boolean> {
  return rows(
    'mirrors.recordDatabase',
    await db.rpc('record_mirror_database', {
      p_mirror: mirrorId,
      p_run: runId,
      p_database: database.databaseId,
      p_data_source: database.dataSourceId,
      p_url: database.url,
      p_columns: {},
    }),
  )
}

/** Remembers the ids of the columns, and that rows have to be written anew if one of them was empty. @throws {DatabaseError} */
export async function recordMirrorColumns(
  db: Db,
  mirrorId: number,
  columns: Readonly<Record<string, string>>,
  emptied: boolean,
): Promise<void> {
  // The rows first: should this end in between, they are merely written once more.
  if (emptied)
    done('mirrors.forget', await db.from('mirror_row').update({ hash: null }).eq('mirror_id', mirrorId))
  done(
    'mirrors.columns',
    await db
      .from('mirror')
      .update({ columns: { ...columns } })
      .eq('id', mirrorId),
  )
}

/** Remembers whom Notion takes us for when we write. @throws {DatabaseError} */
export async function recordMirrorWriters(db: Db, mirrorId: number, writers: string[]): Promise<void> {
  done('mirrors.writers', await db.from('mirror').update({ writers }).eq('id', mirrorId))
}

/** Mirrors that have something to do after a connection has been read. @throws {DatabaseError} */
export async function listStaleMirrors(db: Db, connectionId: number): Promise<number[]> {
  return rows('mirrors.stale', await db.rpc('list_stale_mirrors', { p_connection: connectionId }))
}

/** Mirrors whose run nobody works on. @throws {DatabaseError} */
export async function listOrphanedMirrors(db: Db): Promise<number[]> {
  return rows('mirrors.orphaned', await db.rpc('list_orphaned_mirrors'))
}
