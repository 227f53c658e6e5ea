import { poll } from './poll.ts'
import { assertPortFree } from './ports.ts'
import { isRunning, terminate, type ProcessIdentity } from './process-identity.ts'
import { SandboxError } from './sandbox-error.ts'
import { tail, type SpawnedPart } from './spawn.ts'
import { readState, recordPart, type PartName } from './state.ts'

const READY_TIMEOUT_MS = 30_000
const ATTACH_TIMEOUT_MS = 3_000

export interface HttpPart {
  name: Exclude<PartName, 'postgres'>
  /** For messages: what the port is needed for, and the variable that moves it. */
  purpose: string
  variable: string
  port: number
  /** Everything the part is told at its start that may differ the next time. */
  inputs: string
  /** A real answer that proves the part of this very folder listens on the port. */
  isReady(port: number): Promise<boolean>
  spawn(): SpawnedPart
}

export interface RunningPart {
  port: number
  /** Set when this launcher started the part, or took it over from one that has died. */
  owned: ProcessIdentity | undefined
}

export interface LauncherContext {
  dir: string
  /** The launcher itself. */
  me: ProcessIdentity
  log: (line: string) => void
}

/**
 * Makes sure a part answers: finds the one that runs already, or starts it. Call it under the start lock.
 * @throws SandboxError when the port is taken by something else or the part does not come up.
 */
export async function startHttpPart(context: LauncherContext, part: HttpPart): Promise<RunningPart> {
  return (await attach(context, part)) ?? start(context, part)
}

async function attach({ dir, me, log }: LauncherContext, part: HttpPart): Promise<RunningPart | undefined> {
  const record = readState(dir)[part.name]
  if (record === undefined || !isRunning(record.process)) {
    // Without a record only the answer counts, and a part nobody knows is nobody's to end.
    return (await part.isReady(part.port)) ? { port: part.port, owned: undefined } : undefined
  }
  const isOrphan = !isRunning(record.owner)
  const isSame = record.inputs === part.inputs
  const isUsable =
    (isSame || !isOrphan) &&
    (await poll(async () => (await part.isReady(record.port)) || undefined, ATTACH_TIMEOUT_MS)) === true
  if (!isUsable) {
    // It hangs, or was told something else by a launcher that is gone.
    await terminate(record.process)
    return undefined
  }
  if (!isSame) log(`${part.purpose} was started by another launcher, with other settings: ${record.inputs}`)
  if (!isOrphan) return { port: record.port, owned: undefined }
  recordPart(dir, part.name, { ...record, owner: me })
  return { port: record.port, owned: record.process }
}

async function start({ dir, me }: LauncherContext, part: HttpPart): Promise<RunningPart> {
  await assertPortFree(part.port, part.variable, part.purpose)
  const started = part.spawn()
  const { port, inputs } = part
  recordPart(dir, part.name, { process: started.process, owner: me, port, inputs })
  const ready = await poll(async () => {
    if (started.ended() !== undefined) return false
    return (await part.isReady(port)) || undefined
  }, READY_TIMEOUT_MS)
  if (ready === true) return { port, owned: started.process }
  await terminate(started.process)
  throw new SandboxError(`${part.purpose} did not come up. ${tail({ dir, name: part.name })}`)
}

/** Asks a part's health address whether it is this service, on this folder. */
export async function answersFor(port: number, service: string, dir: string): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/_sandbox/health`, {
      signal: AbortSignal.timeout(2_000),
    })
    if (!answer.ok) return false
    const health: unknown = await answer.json()
    return (
      typeof health === 'object' &&
      health !== null &&
      'service' in health &&
      health.service === service &&
      'dir' in health &&
      typeof health.dir === 'string' &&
      (health.dir === dir || health.dir.startsWith(`${dir}/`))
    )
  } catch {
    return false
  }
}
