import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'

/**
 * Names one process for as long as it lives. A pid alone is not enough: after a crash or a reboot the
 * number is given to somebody else, and ending that process would be our fault.
 */
export const ProcessIdentitySchema = z.strictObject({
  pid: z.number().int().positive(),
  started: z.string().min(1),
})

export type ProcessIdentity = z.infer<typeof ProcessIdentitySchema>

const POLL_MS = 20

/** The identity of a living process; undefined when there is none, or only a zombie nobody has reaped. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = process.platform === 'linux' ? startedOnLinux(pid) : startedByPs(pid)
  return started === undefined ? undefined : { pid, started }
}

/** True while exactly this process (not a later one with its number) is running. */
export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started
}

/**
 * Ends a process: politely first, with SIGKILL when it has not gone after `graceMs`.
 * Does nothing when the number belongs to another process by now.
 */
export async function terminate(
  identity: ProcessIdentity,
  { signal = 'SIGTERM', graceMs = 10_000 }: { signal?: NodeJS.Signals; graceMs?: number } = {},
): Promise<void> {
  if (!send(identity, signal)) return
  const deadline = Date.now() + graceMs
  while (isRunning(identity)) {
    if (Date.now() > deadline) send(identity, 'SIGKILL')
    await wait(POLL_MS)
  }
}

function send(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false
  try {
    return process.kill(identity.pid, signal)
  } catch {
    return false // gone between the two lines
  }
}

function startedOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name is in brackets and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state] = fields
    const startTicks = fields[19]
    if (state === 'Z' || state === 'X' || startTicks === undefined) return undefined
    return `${bootId()}:${startTicks}`
  } catch {
    return undefined
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

function startedByPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '')
  } catch {
    return undefined
  }
}
