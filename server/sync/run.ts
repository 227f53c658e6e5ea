import type { Client } from '@notionhq/client'
import type { AppContext } from '#server/context'
import type { Listing } from '#server/db/listings'
import { planListings } from '#server/db/listings'
import type { SyncJob } from '#server/db/sync-jobs'
import { claimSyncJob, findSyncJob, finishSyncJob, readTimeZone } from '#server/db/sync-jobs'
import { toAppError } from '#server/errors/to-app-error'
import { describeError } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'
import type { Gate } from '#server/notion/gate'
import { withConnection } from '#server/connections/vault'
import { requestStaleMirrors } from '#server/mirror/request'
import type { BodyReader } from './bodies'
import { startBodies } from './bodies'
import { listRows } from './listing'
import { startPulse } from './pulse'
import { searchRecent } from './recency'
import { sweep } from './sweep'

/** A run under way: what its steps share. */
export interface Run {
  context: AppContext
  client: Client
  gate: Gate
  job: SyncJob
  /** Where the person is, by their profile. */
  timeZone: string
  signal: AbortSignal
}

/** Which run, and who works on it. */
export interface RunRequest {
  connectionId: number
  jobId: number
  /** This process among the workers (server/jobs/presence.ts); without it only its pulse shows that it lives. */
  worker?: number
}

/**
 * Brings a connection up to date, and once more for as long as it was asked for again meanwhile. Everything is
 * stored as it arrives, so that a run which dies is continued where it stopped.
 *
 * @param signal ends the run; it stays live and is taken up again later
 * @throws {NotionError} `aborted` only; every other failure is recorded on the run
 */
export async function runSync(context: AppContext, request: RunRequest, signal: AbortSignal): Promise<void> {
  for (let jobId: number | null = request.jobId; jobId !== null;) {
    if (!(await claimSyncJob(context.db, jobId, request.worker))) return
    const job = await findSyncJob(context.db, jobId)
    if (!job) return
    jobId = await readAndFinish(context, job, request.worker, signal)
  }
}

async function readAndFinish(
  context: AppContext,
  job: SyncJob,
  worker: number | undefined,
  signal: AbortSignal,
): Promise<number | null> {
  const { id: jobId, connectionId } = job
  const stop = new AbortController()
  const ended = AbortSignal.any([signal, stop.signal])
  try {
    const timeZone = await readTimeZone(context.db, connectionId)
    const complete = await withConnection(
      context,
      connectionId,
      'background',
      async ({ client, gate }) => {
        const stopPulse = startPulse(context, { jobId, worker, gate, onLost: () => stop.abort() })
        try {
          return await readConnection({ context, client, gate, job, timeZone, signal: ended })
        } finally {
          stopPulse()
        }
      },
      ended,
    )
    const next = await finishSyncJob(context.db, jobId, { state: 'done', complete })
    context.log.info({ event: 'sync.done', jobId, connectionId, complete })
    await requestStaleMirrors(context, connectionId).catch((cause: unknown) => {
      context.log.error({ event: 'mirror.not_asked_for', connectionId, ...describeError(cause) })
    })
    return next
  } catch (cause) {
    // Ended here because it is over (the workspace was disconnected) or another worker's by now.
    if (stop.signal.aborted) return null
    if (signal.aborted || (cause instanceof NotionError && cause.kind === 'aborted')) throw cause
    const { code } = toAppError(cause)
    context.log.error({ event: 'sync.failed', jobId, connectionId, ...describeError(cause) })
    return finishSyncJob(context.db, jobId, { state: 'failed', code })
  }
}

/** Rows are listed while bodies are walked already: the first to-dos are there after the first hundred rows. */
export async function readConnection(run: Run): Promise<boolean> {
  const stop = new AbortController()
  const own: Run = { ...run, signal: AbortSignal.any([run.signal, stop.signal]) }
  const bodies = startBodies(own)
  const listing = listEverything(own, bodies).finally(() => bodies.close())
  try {
    const [complete] = await Promise.all([listing, bodies.done])
    if (run.job.sweep) await sweep(own)
    return complete
  } finally {
    stop.abort()
    await Promise.allSettled([listing, bodies.done])
  }
}

/** @returns whether every data source could be listed whole */
async function listEverything(run: Run, bodies: BodyReader): Promise<boolean> {
  const { context, job } = run
  const read = new Set<number>()
  let complete = true
  // A list made while the run is under way brings data sources that it has not met yet.
  const unread = async () => (await planListings(context.db, job.id)).filter(({ id }) => !read.has(id))
  for (let found: Listing[] = await unread(); found.length > 0; found = await unread()) {
    for (const database of found) {
      read.add(database.id)
      const outcome = await listRows(run, database, bodies.wake)
      complete &&= outcome === 'complete'
    }
  }
  if (!job.full && !job.news) await searchRecent(run)
  bodies.wake()
  return complete
}
