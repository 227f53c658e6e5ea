import { spawn, type ChildProcess } from 'node:child_process'
import { poll } from '../stack/poll.ts'

const START_TIMEOUT_MS = 120_000
const STOP_TIMEOUT_MS = 15_000
const PROBE_TIMEOUT_MS = 10_000
const SIGNAL_NUMBERS: Record<string, number> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }

export interface RunningApp {
  /** Settles with the exit code once the app has ended, by itself or asked to. */
  ended: Promise<number>
  /** Asks the app to end, and makes it after a while. */
  stop(): Promise<void>
}

/**
 * Runs the app in a process group of its own: Ctrl-C in the terminal then reaches the launcher alone, which
 * lets the app finish its requests while the database is still there.
 */
export function runApp(args: string[], project: string, environment: NodeJS.ProcessEnv): RunningApp {
  const child = spawn(process.execPath, args, {
    cwd: project,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code, signal) => resolve(code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0)))
  })
  return {
    ended,
    stop: async () => {
      signalGroup(child, 'SIGTERM')
      const force = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_TIMEOUT_MS)
      await ended
      clearTimeout(force)
    },
  }
}

/** Waits for the first answer of any kind. False when the app ended or stayed silent instead. */
export async function waitUntilAnswering(url: string, app: RunningApp): Promise<boolean> {
  let isEnded = false
  void app.ended.then(() => (isEnded = true))
  const answer = await poll(
    async () => (isEnded ? false : (await answers(url)) || undefined),
    START_TIMEOUT_MS,
  )
  return answer ?? false
}

async function answers(url: string): Promise<boolean> {
  try {
    await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    return true
  } catch {
    return false
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Gone already.
  }
}
