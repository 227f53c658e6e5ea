import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { startSyncJob } from '#server/db/sync-jobs'
import type { Lab, Reader } from './lab.ts'

const BENCH = fileURLToPath(new URL('../../scripts/bench.ts', import.meta.url))

/** Otherwise Node lets garbage lie where there is room, and its peak says nothing about what is held on to. */
const HEAP = ['--max-old-space-size=192', '--expose-gc']

const ResultSchema = z.object({
  tookMs: z.number(),
  /** Of the process as the system sees it. */
  peakBytes: z.number(),
  /** Of the heap, right after a collection. */
  liveBytes: z.number(),
  complete: z.boolean(),
})

export interface EngineRun extends z.infer<typeof ResultSchema> {
  requests: number
  rateLimited: number
}

/** Starts a run's row, as asking for it does, without handing it to a worker. */
export async function beginRun({ db }: Lab, { connectionId }: Reader, full = false): Promise<number> {
  const started = await startSyncJob(db, connectionId, full)
  if (!started) throw new Error('The connection is gone')
  return started.jobId
}

/** Spawns the engine on a run. `killAfterMs` counts from its first step. @returns null when it was killed */
export async function spawnEngine(
  lab: Lab,
  reader: Reader,
  jobId: number,
  options: { budget?: number; windowMs?: number; killAfterMs?: number } = {},
): Promise<z.infer<typeof ResultSchema> | null> {
  const { budget = 1_000_000, windowMs = 60_000, killAfterMs } = options
  const child = spawn(
    process.execPath,
    [...HEAP, BENCH, 'engine', ...[reader.connectionId, jobId, budget, windowMs].map(String)],
    { env: { PATH: process.env.PATH, ...lab.environment }, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let printed = ''
  let timer: NodeJS.Timeout | undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    if (killAfterMs !== undefined && printed.includes('begun'))
      timer ??= setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  })
  await once(child, 'close')
  clearTimeout(timer)
  const line = printed.split('\n').find((text) => text.startsWith('{'))
  if (line) return ResultSchema.parse(JSON.parse(line))
  if (killAfterMs === undefined) throw new Error(`The engine ended early: ${printed}`)
  return null
}

/** A whole run in a fresh process, with the requests Notion got. */
export async function runEngine(
  lab: Lab,
  reader: Reader,
  options: { budget?: number; windowMs?: number; full?: boolean } = {},
): Promise<EngineRun> {
  const jobId = await beginRun(lab, reader, options.full)
  lab.notion.world.ledger.clear()
  const result = await spawnEngine(lab, reader, jobId, options)
  if (!result) throw new Error('The engine was killed')
  const { total, rateLimited } = lab.notion.world.ledger.counters()
  return { ...result, requests: total, rateLimited }
}
