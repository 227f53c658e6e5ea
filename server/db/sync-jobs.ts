import type { ErrorCode } from '#shared/schemas/error'
import { ErrorCodeSchema } from '#shared/schemas/error'
import type { Db } from './client'
import { rows } from './client'

export interface SyncJob {
  id: number
  connectionId: number
  state: 'queued' | 'running' | 'done' | 'failed'
  /** Everything is read again, changed or not. */
  full: boolean
  /** Also looks for what has vanished, and reads again what has not been read for longest. */
  sweep: boolean
  /** Reads only what Notion told about. */
  news: boolean
  pagesDone: number
  pagesTotal: number
  requestsUsed: number
  complete: boolean
  code: ErrorCode | null
  retryAt: string | null
  finishedAt: string | null
}

const JOB_COLUMNS =
  `id, connection_id, state, full_read, sweep, news, pages_done, pages_total, requests_used, complete,
  error_code, retry_at, finished_at` as const

/**
 * Starts a run for what Notion has marked as changed, or answers the one under way, which meets the marks or is
 * followed by one that does; null when no mark is left, or the connection is gone.
 *
 * @throws {DatabaseError}
 */
export async function startMarkedSyncJob(
  db: Db,
  connectionId: number,
): Promise<{ jobId: number; created: boolean } | null> {
  const started = rows(
    'syncJobs.startMarked',
    await db.rpc('start_sync_job', { p_connection: connectionId, p_full: false, p_marked: true }),
  )[0]
  return started ? { jobId: started.job_id, created: started.created } : null
}

/**
 * Starts a run, or answers the one under way, which another follows if it has begun to read; null when the
 * connection is gone.
 *
 * @throws {DatabaseError}
 */
export async function startSyncJob(
  db: Db,
  connectionId: number,
  full: boolean,
  sweep = false,
): Promise<{ jobId: number; created: boolean } | null> {
  const started = rows(
    'syncJobs.start',
    await db.rpc('start_sync_job', { p_connection: connectionId, p_full: full, p_sweep: sweep }),
  )[0]
  return started ? { jobId: started.job_id, created: started.created } : null
}

/** @throws {DatabaseError} */
export async function findSyncJob(db: Db, jobId: number): Promise<SyncJob | null> {
  const found = rows(
    'syncJobs.find',
    await db.from('integration_sync_jobs').select(JOB_COLUMNS).eq('id', jobId),
  )[0]
  return found ? toSyncJob(found) : null
}

/** The newest run of each connection of a user. @throws {DatabaseError} */
export async function listLatestSyncJobs(
  db: Db,
  userId: string,
  connectionIds: number[],
): Promise<SyncJob[]> {
  const found = await Promise.all(
    connectionIds.map(async (connectionId) =>
      rows(
        'syncJobs.latest',
        await db
          .from('integration_sync_jobs')
          .select(JOB_COLUMNS)
          .eq('user_id', userId)
          .eq('connection_id', connectionId)
          .order('id', { ascending: false })
          .limit(1),
      ),
    ),
  )
  return found.flat().map(toSyncJob)
}

/** Makes a live run this worker's own. @returns false while another one has it @throws {DatabaseError} */
export async function claimSyncJob(db: Db, jobId: number, worker: number | undefined): Promise<boolean> {
  return rows(
    'syncJobs.claim',
    await db.rpc('claim_sync_job', { p_job: jobId, ...(worker !== undefined && { p_worker: worker }) }),
  )
}

/**
 * A sign of life, and until when Notion has asked the run to wait.
 *
 * @returns false when the run is over, or another worker's by now
 * @throws {DatabaseError}
 */
export async function setSyncPause(
  db: Db,
  jobId: number,
  worker: number | undefined,
  retryAt: Date | null,
): Promise<boolean> {
  const update = db
    .from('integration_sync_jobs')
    .update({ retry_at: retryAt?.toISOString() ?? null })
    .eq('id', jobId)
    .eq('state', 'running')
  const own = worker === undefined ? update.is('worker', null) : update.eq('worker', worker)
  return rows('syncJobs.pause', await own.select('id')).length > 0
}

/**
 * Ends a run and says when its connection is read next.
 *
 * @returns the run that follows at once, if it was asked for meanwhile
 * @throws {DatabaseError}
 */
export async function finishSyncJob(
  db: Db,
  jobId: number,
  outcome: { state: 'done'; complete: boolean } | { state: 'failed'; code: ErrorCode },
): Promise<number | null> {
  const answer = await db.rpc('finish_sync_job', {
    p_job: jobId,
    p_state: outcome.state,
    p_complete: outcome.state === 'done' && outcome.complete,
    ...(outcome.state === 'failed' && { p_code: outcome.code }),
  })
  // null is an answer here, which rows() would refuse.
  if (!answer.error && answer.data === null) return null
  return rows('syncJobs.finish', answer)
}

/** The time zone of whoever owns a connection. @throws {DatabaseError} */
export async function readTimeZone(db: Db, connectionId: number): Promise<string> {
  const found = rows(
    'syncJobs.timeZone',
    await db.from('notion_access_token_user').select('user_id').eq('id', connectionId),
  )[0]
  if (!found) return 'UTC'
  const profile = rows(
    'syncJobs.timeZone',
    await db.from('profiles').select('time_zone').eq('id', found.user_id),
  )[0]
  return profile?.time_zone ?? 'UTC'
}

/** Has this run been asked for again since it began to read? @throws {DatabaseError} */
export async function isSyncWantedAgain(db: Db, jobId: number): Promise<boolean> {
  const found = rows('syncJobs.again', await db.from('integration_sync_jobs').select('again').eq('id', jobId))
  return found[0]?.again ?? false
}

/** Live runs that nobody works on. @throws {DatabaseError} */
export async function listOrphanedSyncJobs(
  db: Db,
): Promise<{ id: number; connectionId: number; sweep: boolean; state: SyncJob['state'] }[]> {
  return rows('syncJobs.orphaned', await db.rpc('list_orphaned_sync_jobs')).map((row) => ({
    id: row.job_id,
    connectionId: row.connection_id,
    sweep: row.sweep,
    state: toState(row.state),
  }))
}

/**
 * Takes the connections whose next reading is due, and puts each off to its next time.
 *
 * @throws {DatabaseError}
 */
export async function takeDueConnections(
  db: Db,
  limit: number,
): Promise<{ connectionId: number; sweep: boolean }[]> {
  return rows('syncJobs.due', await db.rpc('take_due_connections', { p_limit: limit })).map((row) => ({
    connectionId: row.connection_id,
    sweep: row.sweep,
  }))
}

interface JobRow {
  id: number
  connection_id: number
  state: string
  full_read: boolean
  sweep: boolean
  news: boolean
  pages_done: number
  pages_total: number
  requests_used: number
  complete: boolean
  error_code: string | null
  retry_at: string | null
  finished_at: string | null
}

function toSyncJob(row: JobRow): SyncJob {
  return {
    id: row.id,
    connectionId: row.connection_id,
    state: toState(row.state),
    full: row.full_read,
    sweep: row.sweep,
    news: row.news,
    pagesDone: row.pages_done,
    pagesTotal: row.pages_total,
    requestsUsed: row.requests_used,
    complete: row.complete,
    code: ErrorCodeSchema.nullable().catch('INTERNAL').parse(row.error_code),
    retryAt: row.retry_at,
    finishedAt: row.finished_at,
  }
}

function toState(state: string): SyncJob['state'] {
  if (state === 'queued' || state === 'running' || state === 'done') return state
  return 'failed'
}
