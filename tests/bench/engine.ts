import { readFile } from 'node:fs/promises'
import { openAccessToken } from '#server/connections/tokens'
import { appContext } from '#server/context'
import { findSealedToken } from '#server/db/connections'
import { claimSyncJob, findSyncJob, finishSyncJob } from '#server/db/sync-jobs'
import { createNotionClient } from '#server/notion/client'
import { createGate } from '#server/notion/gate'
import { readConnection } from '#server/sync/run'

/** Often enough to meet the most that is held at once, seldom enough not to slow the run down. */
const LOOK_INTERVAL_MS = 1_000

/** The most memory that something still refers to, in bytes: what is left on the heap after each collection. */
function watchLiveMemory(): () => number {
  let most = 0
  const look = (): number => {
    globalThis.gc?.()
    most = Math.max(most, process.memoryUsage().heapUsed)
    return most
  }
  look()
  setInterval(look, LOOK_INTERVAL_MS).unref()
  return look
}

/**
 * One run of the real engine in a process of its own, with a gate whose budget the bench sets, so that its memory
 * can be measured and it can be killed. Prints one line of JSON.
 */
export async function main(options: string[]): Promise<void> {
  const [connectionId = 0, jobId = 0, budgetPerWindow = 1_000_000, windowMs = 60_000] = options.map(Number)
  const context = { ...appContext(), log: { info() {}, warn() {}, error() {} } }
  await claimSyncJob(context.db, jobId, undefined)
  const job = await findSyncJob(context.db, jobId)
  const token = await findSealedToken(context.db, connectionId)
  if (!job || !token) throw new Error('There is no such run')
  const gate = createGate({ budgetPerWindow, windowMs })
  const { signal } = new AbortController()
  const client = createNotionClient({
    token: await openAccessToken(context, token),
    apiUrl: context.environment.NOTION_API_URL,
    gate,
    priority: 'background',
  })
  const livePeak = watchLiveMemory()
  process.stdout.write('begun\n')
  const startedAt = performance.now()
  const complete = await readConnection({ context, client, gate, job, timeZone: 'UTC', signal })
  const tookMs = performance.now() - startedAt
  await finishSyncJob(context.db, jobId, { state: 'done', complete })
  const status = await readFile('/proc/self/status', 'utf8')
  const peakBytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024
  process.stdout.write(`${JSON.stringify({ tookMs, peakBytes, liveBytes: livePeak(), complete })}\n`)
}
