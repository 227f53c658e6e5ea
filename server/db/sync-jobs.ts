import type { ErrorCode } from '#shared/schemas/error'
import { ErrorCodeSchema } from '#shared/schemas/error'
import type { Db } from './client'
import { done, rows } from './client'

export interface SyncJob {
  id: number
  connectionId: number
  state: 'queued' | 'running' | 'done' | 'failed'
  full: boolean
  pagesDone: number
  pagesTotal: number
  requestsUsed: number
  complete: boolean
  code: ErrorCode | null
  retryAt: string | null
  finishedAt: string | null
}

const JOB_COLUMNS = `id, connection_id, state, full_read, pages_done, pages_total, requests_used, complete,
  error_code, retry_at, finished_at` as const

/** Starts a run, or answers the one under way; null when the connection is gone. @throws {DatabaseError} */
export async function startSyncJob(
  db: Db,
  connectionId: number,
  full: boolean,
): Promise<{ jobId: number; created: boolean } | null> {
  const started = rows(
    'syncJobs.start',
    await db.rpc('start_sync_job', { p_connection: connectionId, p_full: full }),
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

/** @throws {DatabaseError} */
export async function markSyncRunning(db: Db, jobId: number): Promise<void> {
  done(
    'syncJobs.running',
    await db
      .from('integration_sync_jobs')
      .update({ state: 'running', started_at: new Date().toISOString() })
      .eq('id', jobId)
      .in('state', ['queued', 'running']),
  )
}

/** A sign of life, and until when Notion has asked the run to wait. @throws {DatabaseError} */
export async function setSyncPause(db: Db, jobId: number, retryAt: Date | null): Promise<void> {
  done(
    'syncJobs.pause',
    await db
      .from('integration_sync_jobs')
      .update({ retry_at: retryAt?.toISOString() ?? null })
      .eq('id', jobId)
      .eq('state', 'running'),
  )
}

/** @throws {DatabaseError} */
export async function finishSyncJob(
  db: Db,
  jobId: number,
  outcome: { state: 'done'; complete: boolean } | { state: 'failed'; code: ErrorCode },
): Promise<void> {
  done(
    'syncJobs.finish',
    await db
      .from('integration_sync_jobs')
      .update({
        state: outcome.state,
        complete: outcome.state === 'done' && outcome.complete,
        error_code: outcome.state === 'failed' ? outcome.code : null,
        retry_at: null,
        finished_at: new Date().toISOString(),
      })
      .eq('id', jobId),
  )
}

/** Live runs that nobody has touched for a while: their worker died, or never heard of them. @throws {DatabaseError} */
export async function listStalledSyncJobs(
  db: Db,
  untouchedSince: Date,
): Promise<{ id: number; connectionId: number }[]> {
  const found = rows(
    'syncJobs.stalled',
    await db
      .from('integration_sync_jobs')
      .select('id, connection_id')
      .in('state', ['queued', 'running'])
      .lt('updated_at', untouchedSince.toISOString()),
  )
  return found.map((row) => ({ id: row.id, connectionId: row.connection_id }))
}

interface JobRow {
  id: number
  connection_id: number
  state: string
  full_read: boolean
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
