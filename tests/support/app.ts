import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const SERVER = fileURLToPath(new URL('../../.output/server/index.mjs', import.meta.url))
const START_DEADLINE_MS = 30_000
const STOP_DEADLINE_MS = 10_000

export interface App {
  url: string
  pid: number
  /** Everything the process has printed so far. */
  output: () => string
  stop: () => Promise<void>
  /** `kill -9`: no handler of ours runs. */
  kill: () => Promise<void>
}

/**
 * Starts the production build with these settings and waits until it is ready to serve. `BASE_URL` may name
 * another origin than the one it listens on: a second instance, or one behind a proxy.
 */
export async function startApp(port: number, environment: Record<string, string>): Promise<App> {
  const url = `http://localhost:${port}`
  const child = spawn(process.execPath, [SERVER], {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: String(port),
      BASE_URL: url,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    const forced = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS)
    await ended
    clearTimeout(forced)
  }
  const deadline = Date.now() + START_DEADLINE_MS
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error(`The app ended with code ${child.exitCode}:\n${printed}`)
    if (Date.now() > deadline) {
      await end('SIGKILL')
      throw new Error(`The app did not become ready:\n${printed}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    pid: child.pid ?? 0,
    output: () => printed,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/api/health`)).ok
  } catch {
    return false
  }
}
