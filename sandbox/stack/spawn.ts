import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readIfPresent } from './private-file.ts'
import { identify, type ProcessIdentity } from './process-identity.ts'
import { SandboxError } from './sandbox-error.ts'

const MAX_LOG_BYTES = 5 * 1024 * 1024
const QUOTED_LINES = 12

export interface SpawnOptions {
  dir: string
  name: string
  command: string
  args: string[]
  environment: Record<string, string>
  /** Run as this user and group; only root may ask for it. */
  uid?: number
  cwd?: string
}

export interface SpawnedPart {
  process: ProcessIdentity
  /** The reason it ended, once it has. */
  ended(): string | undefined
}

/**
 * Starts one part in a session of its own, writing to its own log. A key pressed in the terminal reaches
 * the launcher only, which then ends the app before the database beneath it.
 */
export function spawnPart(options: SpawnOptions): SpawnedPart {
  const log = openLog(options.dir, options.name)
  let end: string | undefined
  const child = spawn(options.command, options.args, {
    cwd: options.cwd ?? options.dir,
    env: { PATH: process.env.PATH ?? '', ...options.environment },
    stdio: ['ignore', log, log],
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  })
  closeSync(log)
  child.once('error', (error) => (end = error.message))
  child.once('exit', (code, signal) => (end = signal ?? `exit code ${code}`))
  child.unref()
  const running = child.pid === undefined ? undefined : identify(child.pid)
  if (running === undefined) throw new SandboxError(`${options.name} could not be started. ${tail(options)}`)
  return { process: running, ended: () => end }
}

/** The last lines of a part's log, for a message about why it did not come up. */
export function tail({ dir, name }: { dir: string; name: string }): string {
  const lines = (readIfPresent(logPath(dir, name)) ?? '').trimEnd().split('\n').slice(-QUOTED_LINES)
  return `Its log ${logPath(dir, name)} ends with:\n${lines.map((line) => `  ${line}`).join('\n')}`
}

const logPath = (dir: string, name: string) => join(dir, 'logs', `${name}.log`)

function openLog(dir: string, name: string): number {
  mkdirSync(join(dir, 'logs'), { recursive: true })
  const path = logPath(dir, name)
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > MAX_LOG_BYTES) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}
