import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.ts'

const WORKER = fileURLToPath(new URL('../../scripts/worker.mjs', import.meta.url))
const START_DEADLINE_MS = 60_000

export interface Worker {
  pid: number
  stop: () => Promise<void>
  /** `kill -9`: no handler of ours runs. */
  kill: () => Promise<void>
}

/** Starts a process that takes jobs and serves nothing, and waits until it does. */
export async function startWorker(environment: Record<string, string>): Promise<Worker> {
  const child = spawn(process.execPath, [WORKER], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text))
  const ended = once(child, 'exit')
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await ended
  }
  await eventually(
    'the worker',
    () => {
      if (child.exitCode !== null) throw new Error(`The worker ended:\n${printed}`)
      return Promise.resolve(printed.includes('Worker: taking jobs'))
    },
    START_DEADLINE_MS,
  )
  return { pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}
