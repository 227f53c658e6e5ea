import type { Client } from '@notionhq/client'
import { withConnection } from '#server/connections/vault'
import type { AppContext } from '#server/context'
import type { MirrorOutcome, MirrorRunKey } from '#server/db/mirror-runs'
import { claimMirrorRun, finishMirrorRun, pulseMirrorRun, recordMirrorWriters } from '#server/db/mirror-runs'
import type { MirrorRecord } from '#server/db/mirrors'
import { findMirror } from '#server/db/mirrors'
import { listSourceIds, readChangeSeq } from '#server/db/todos'
import { toAppError } from '#server/errors/to-app-error'
import { describeError } from '#server/logging/logger'
import { NotionError } from '#server/notion/errors'
import { compareAll } from './compare'
import { ensureTable, MirrorMissing } from './database'
import { readListing } from './listing'
import { Tally } from './tally'

/** A run under way: what its steps share. */
export interface MirrorRun {
  context: AppContext
  client: Client
  key: MirrorRunKey
  mirror: MirrorRecord
  tally: Tally
  /** Whom Notion takes us for when we write. */
  writers: Set<string>
  /** How long to wait after a request whose fate is unknown before what Notion shows is believed. */
  settleMs: number
  signal: AbortSignal
}

/** Which mirror, and who works on it. */
export interface MirrorRequest {
  mirrorId: number
  /** This process among the workers (server/jobs/presence.ts); without it only its pulse shows that it lives. */
  worker?: number
  /** Shorter for tests only. */
  settleMs?: number
}

const PULSE_MS = 2_000
/** Notion may show what it has stored a little late (field.md §3). */
const SETTLE_MS = 10_000

/**
 * Brings a mirror in step with its list, and once more for as long as it was asked for again meanwhile. What is
 * written is remembered row by row, so that a run which dies is continued where it stopped.
 *
 * @param signal ends the run; it stays under way and is taken up again later
 * @throws {NotionError} `aborted` only; every other failure is recorded on the mirror
 */
export async function runMirror(
  context: AppContext,
  request: MirrorRequest,
  signal: AbortSignal,
): Promise<void> {
  for (let again = true; again;) {
    const key = await claimMirrorRun(context.db, request.mirrorId, request.worker)
    const mirror = key && (await findMirror(context.db, request.mirrorId))
    if (!mirror) return
    again = await runOnce(context, { key, mirror, settleMs: request.settleMs ?? SETTLE_MS }, signal)
  }
}

async function runOnce(
  context: AppContext,
  { key, mirror, settleMs }: Pick<MirrorRun, 'key' | 'mirror' | 'settleMs'>,
  signal: AbortSignal,
): Promise<boolean> {
  const stop = new AbortController()
  const ended = AbortSignal.any([signal, stop.signal])
  let tally = new Tally()
  const stopPulse = startPulse(
    context,
    key,
    () => tally,
    () => stop.abort(),
  )
  try {
    const seen = await withConnection(
      context,
      mirror.connectionId,
      'mirror',
      ({ client }) => {
        // After a refresh of the token everything is compared again.
        tally = new Tally()
        const writers = new Set(mirror.writers)
        return keepInStep({ context, client, key, mirror, tally, writers, settleMs, signal: ended })
      },
      ended,
    )
    const outcome = { code: tally.worst, isMissing: false, report: tally.report(), seen }
    context.log.info({ event: 'mirror.done', mirrorId: mirror.id, code: outcome.code })
    return await finishMirrorRun(context.db, key, outcome)
  } catch (cause) {
    // Ended here because it is over (stopped, disconnected, its list deleted) or another worker's by now.
    if (stop.signal.aborted) return false
    if (signal.aborted || (cause instanceof NotionError && cause.kind === 'aborted')) throw cause
    return await finishMirrorRun(context.db, key, failure(context, mirror, tally, cause))
  } finally {
    stopPulse()
  }
}

async function keepInStep(run: MirrorRun): Promise<NonNullable<MirrorOutcome['seen']>> {
  const { context, mirror } = run
  const { db } = context
  // The counter is read first: a change that lands while we compare is met by the next run.
  const seq = await readChangeSeq(db, mirror.userId)
  const sources = (await listSourceIds(db, mirror.userId, mirror.listId)).sort((one, other) => one - other)
  const table = await ensureTable(run)
  const readUntil = new Date().toISOString()
  const listing = await readListing(run, table)
  await compareAll(run, table, sources, listing)
  if (run.writers.size > mirror.writers.length) await recordMirrorWriters(db, mirror.id, [...run.writers])
  return { seq, sources, readUntil, full: listing.whole }
}

function failure(context: AppContext, mirror: MirrorRecord, tally: Tally, cause: unknown): MirrorOutcome {
  const isMissing = cause instanceof MirrorMissing
  const code = isMissing ? 'NOTION_DATABASE_NOT_FOUND' : toAppError(cause).code
  const event = isMissing ? 'mirror.missing' : 'mirror.failed'
  context.log.warn({ event, mirrorId: mirror.id, code, ...describeError(cause) })
  return { code, isMissing, report: tally.report() }
}

/** Says every few seconds that the run is worked on, and how far it is. @returns ends it */
function startPulse(
  context: AppContext,
  key: MirrorRunKey,
  tally: () => Tally,
  onLost: () => void,
): () => void {
  const beat = async () => {
    const { done, total } = tally()
    if (!(await pulseMirrorRun(context.db, key, { done, total }))) onLost()
  }
  const timer = setInterval(() => {
    beat().catch((error: unknown) => {
      context.log.warn({ event: 'mirror.pulse_failed', mirrorId: key.mirrorId, ...describeError(error) })
    })
  }, PULSE_MS)
  return () => clearInterval(timer)
}
