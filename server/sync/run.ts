import type { Client } from '@notionhq/client'
import type { AppContext } from '#server/context'
import type { SelectedDatabase } from '#server/db/databases'
import { listSelectedDatabases } from '#server/db/databases'
import type { SyncJob } from '#server/db/sync-jobs'
import { findSyncJob, finishSyncJob, markSyncRunning } from '#server/db/sync-jobs'
import { toAppError } from '#server/errors/to-app-error'
import { describeError } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'
import { withConnection } from '#server/connections/vault'
import { readBodies } from './bodies'
import { listRows } from './listing'
import { startPulse } from './pulse'

/** A run under way: what its steps share. */
export interface Run {
  context: AppContext
  client: Client
  job: SyncJob
  signal: AbortSignal
}

/**
 * Reads every selected database of a connection: rows first, since they are cheap, then bodies, newest
 * first. Everything is stored as it arrives, so a run that dies is continued where it stopped.
 *
 * @param signal ends the run; it stays live and is taken up again later
 * @throws {NotionError} `aborted` only; every other failure is recorded on the run
 */
export async function runSync(
  context: AppContext,
  request: { connectionId: number; jobId: number },
  signal: AbortSignal,
): Promise<void> {
  const job = await findSyncJob(context.db, request.jobId)
  if (!job || job.state === 'done' || job.state === 'failed') return
  await markSyncRunning(context.db, job.id)
  try {
    const complete = await withConnection(
      context,
      request.connectionId,
      'background',
      async ({ client, gate }) => {
        const stopPulse = startPulse(context, job.id, gate)
        try {
          return await readConnection({ context, client, job, signal })
        } finally {
          stopPulse()
        }
      },
      signal,
    )
    await finishSyncJob(context.db, job.id, { state: 'done', complete })
    context.log.info({ event: 'sync.done', jobId: job.id, connectionId: job.connectionId, complete })
  } catch (cause) {
    if (signal.aborted || (cause instanceof NotionError && cause.kind === 'aborted')) throw cause
    const { code } = toAppError(cause)
    context.log.error({
      event: 'sync.failed',
      jobId: job.id,
      connectionId: job.connectionId,
      ...describeError(cause),
    })
    await finishSyncJob(context.db, job.id, { state: 'failed', code })
  }
}

/** @returns whether all of it could be read whole */
async function readConnection(run: Run): Promise<boolean> {
  const read = new Set<number>()
  let complete = true
  // A list made while the run is under way brings databases that it has not met yet.
  for (let found = await unread(run, read); found.length > 0; found = await unread(run, read)) {
    const listed: SelectedDatabase[] = []
    for (const database of found) {
      read.add(database.id)
      const outcome = await listRows(run, database)
      if (outcome !== 'lost') listed.push(database)
      complete &&= outcome === 'complete'
    }
    complete =
      (await readBodies(
        run,
        listed.filter(({ countsBoxes }) => countsBoxes),
      )) && complete
  }
  return complete
}

async function unread(run: Run, read: ReadonlySet<number>): Promise<SelectedDatabase[]> {
  const selected = await listSelectedDatabases(run.context.db, run.job.connectionId)
  return selected.filter(({ id }) => !read.has(id))
}
