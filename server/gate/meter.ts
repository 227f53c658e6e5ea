import type { Budget } from '#shared/schemas/todo'
import { readMeters } from '#server/db/notion-gate'
import type { Sql } from '#server/db/pool'
import type { SyncJob } from '#server/db/sync-jobs'
import { WINDOW_MS } from '#server/notion/budget'
import { gateKey } from './gates'

/** What a connection has used of its budget. */
export interface Meter {
  connectionId: number
  used: number
  limit: number
  resetsAt: Date | null
  pausedUntil: Date | null
}

/** Several pages are read at a time, each a few tenths of a second away. */
const REQUEST_MS = 100

/** Reads the budgets of connections; none where they cannot be read, for a meter is not worth an error. */
export function meterReader(sql: Sql): (connectionIds: readonly number[]) => Promise<Meter[]> {
  return async (connectionIds) => {
    if (connectionIds.length === 0) return []
    const ids = new Map(connectionIds.map((id) => [gateKey(id), id]))
    const found = await readMeters(sql, [...ids.keys()]).catch(() => [])
    return found.flatMap(({ key, budget, ...rest }) => {
      const connectionId = ids.get(key)
      return connectionId === undefined ? [] : [{ ...rest, connectionId, limit: budget }]
    })
  }
}

/** The budget that most has been used of, among the connections being read if there are any. */
export function busiestMeter(meters: readonly Meter[], live: readonly SyncJob[]): Budget | null {
  const reading = new Set(live.map(({ connectionId }) => connectionId))
  const candidates = reading.size > 0 ? meters.filter((meter) => reading.has(meter.connectionId)) : meters
  const [busiest] = candidates.toSorted((a, b) => b.used / b.limit - a.used / a.limit)
  if (!busiest) return null
  return {
    used: busiest.used,
    limit: busiest.limit,
    resetsAt: busiest.resetsAt?.toISOString() ?? null,
    pausedUntil: busiest.pausedUntil?.toISOString() ?? null,
  }
}

/**
 * When the last of the runs under way will have read everything: pages left, times the requests a page has
 * cost so far, in the budget's windows.
 */
export function estimateFinish(
  live: readonly SyncJob[],
  meters: readonly Meter[],
  nowMs = Date.now(),
): string | null {
  const ends = live.map((job) => {
    const meter = meters.find(({ connectionId }) => connectionId === job.connectionId)
    return meter && job.pagesTotal > 0 ? finishOf(job, meter, nowMs) : null
  })
  const known = ends.filter((end) => end !== null)
  return known.length === 0 || known.length < ends.length ? null : new Date(Math.max(...known)).toISOString()
}

function finishOf(job: SyncJob, meter: Meter, nowMs: number): number {
  const pagesLeft = Math.max(0, job.pagesTotal - job.pagesDone)
  const requestsPerPage = job.pagesDone > 0 ? Math.max(1, job.requestsUsed / job.pagesDone) : 1
  const requestsLeft = Math.ceil(pagesLeft * requestsPerPage)
  const startMs = Math.max(nowMs, meter.pausedUntil?.getTime() ?? 0)
  const overdraft = requestsLeft - Math.max(0, meter.limit - meter.used)
  if (overdraft <= 0) return startMs + requestsLeft * REQUEST_MS
  const windows = Math.ceil(overdraft / meter.limit)
  const inLastWindow = overdraft - (windows - 1) * meter.limit
  const nextWindowMs = Math.max(startMs, meter.resetsAt?.getTime() ?? startMs)
  return nextWindowMs + (windows - 1) * WINDOW_MS + inLastWindow * REQUEST_MS
}
