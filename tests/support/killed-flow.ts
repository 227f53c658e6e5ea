import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import type { StallPoint } from './stalling-proxy.ts'
import { StallingProxies } from './stalling-proxy.ts'

const SCRIPT = fileURLToPath(new URL('./run-flow.mjs', import.meta.url))
const DEADLINE_MS = 30_000

export type FlowName =
  'connect' | 'paste' | 'refresh' | 'disconnect' | 'revoke' | 'deleteAccount' | 'rotate' | 'mirror'

export interface FlowEnd {
  /** The flow got to the point and was killed there; otherwise it finished, or failed, before. */
  killed: boolean
  /** What it had asked of others by then. */
  seen: string[]
}

/**
 * Runs a flow in a process of its own and ends it with `kill -9` at a point of its conversation with the
 * database, the auth service and Notion.
 *
 * @throws when it fails by itself
 */
export async function killFlow(
  name: FlowName,
  args: object,
  point: StallPoint | null,
  settings: Record<string, string> = {},
): Promise<FlowEnd> {
  const environment = inject('environment')
  const proxies = new StallingProxies(point)
  const child = spawn(process.execPath, [SCRIPT, name, JSON.stringify(args)], {
    env: {
      PATH: process.env.PATH,
      ...environment,
      ...settings,
      SUPABASE_URL: await proxies.open(environment.SUPABASE_URL ?? ''),
      NOTION_API_URL: await proxies.open(environment.NOTION_API_URL ?? ''),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const ended = once(child, 'exit')
  const late = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS)
  let killed = false
  void proxies.stalled.then(() => {
    killed = true
    child.kill('SIGKILL')
  })
  const [code] = (await ended) as [number | null]
  clearTimeout(late)
  await proxies.close()
  if (!killed && code !== 0) throw new Error(`${name} ended with ${code}:\n${complaints}`)
  return { killed, seen: proxies.seen }
}

/**
 * Kills a flow before its first request leaves, and after each was carried out, each time on a stage of its own, and has
 * the outcome judged. Before the next one leaves is no point of its own: between two requests nothing happens outside the
 * process, which forgets what was inside it.
 *
 * @returns at how many points it was killed
 */
export async function killEverywhere<Stage>(
  name: FlowName,
  play: {
    prepare: () => Promise<Stage>
    args: (stage: Stage) => object
    settings?: (stage: Stage) => Record<string, string>
    /** Throws when what is left behind cannot be trusted. */
    judge: (stage: Stage, where: string, end: FlowEnd) => Promise<void>
  },
): Promise<number> {
  let point: StallPoint = { request: 1, moment: 'before' }
  for (let points = 0; ; points += 1) {
    const stage = await play.prepare()
    const end = await killFlow(name, play.args(stage), point, play.settings?.(stage))
    if (!end.killed) return points
    await play.judge(stage, `${point.moment} request ${point.request}, ${end.seen.at(-1)}`, end)
    point = { request: points + 1, moment: 'after' }
  }
}
