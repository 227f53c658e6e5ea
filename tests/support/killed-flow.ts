import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import type { StallPoint } from './stalling-proxy.ts'
import { StallingProxies } from './stalling-proxy.ts'

const SCRIPT = fileURLToPath(new URL('./run-flow.mjs', import.meta.url))
const DEADLINE_MS = 30_000
/**
 * Every run kills at each third point, beginning with another one each day, which takes a third of the minutes; with
 * `KILLS=all` at each (docs/testing.md).
 */
const STRIDE = process.env.KILLS === 'all' ? 1 : 3
const DAY_MS = 86_400_000
const BEFORE_ALL: StallPoint = { request: 1, moment: 'before' }

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
 * @returns at how many points it can be killed, with how many of them tried
 */
export async function killEverywhere<Stage>(
  name: FlowName,
  play: {
    prepare: () => Promise<Stage>
    args: (stage: Stage) => object
    settings?: (stage: Stage) => Record<string, string>
    /** Its points are few, and each has to be seen: all of them, each time. */
    isShort?: boolean
    /** Throws when what is left behind cannot be trusted. */
    judge: (stage: Stage, where: string, end: FlowEnd) => Promise<void>
  },
): Promise<{ points: number; tried: number }> {
  const stride = play.isShort ? 1 : STRIDE
  const start = Math.floor(Date.now() / DAY_MS) % stride
  let tried = 0
  for (let index = start; ; index += stride) {
    const point: StallPoint = index === 0 ? BEFORE_ALL : { request: index, moment: 'after' }
    const stage = await play.prepare()
    const end = await killFlow(name, play.args(stage), point, play.settings?.(stage))
    // It went through, before it came to this point: what it asked for, and the moment before all of that.
    if (!end.killed) {
      if (tried === 0) throw new Error(`${name} was never killed`)
      return { points: end.seen.length + 1, tried }
    }
    await play.judge(stage, `${point.moment} request ${point.request}, ${end.seen.at(-1)}`, end)
    tried += 1
  }
}
