import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { poll } from './poll.ts'
import { errorCode, readIfPresent } from './private-file.ts'
import { identify, isRunning, ProcessIdentitySchema } from './process-identity.ts'
import { SandboxError } from './sandbox-error.ts'

const WAIT_MS = 60_000

/**
 * Runs `work` while no other launcher starts or stops parts of the same folder, so that two launchers
 * begun together do not both create the database. A lock left by a killed launcher is taken over.
 * @throws SandboxError when another launcher holds it for longer than a minute.
 */
export async function withStartLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const path = join(dir, 'start.lock')
  const taken = await poll(() => tryLock(path) || undefined, WAIT_MS)
  if (taken === undefined) throw new SandboxError(`Another launcher is still starting the sandbox in ${dir}.`)
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function tryLock(path: string): boolean {
  removeStaleLock(path)
  // Linking a finished file into place is atomic: nobody can read a lock without its owner in it.
  const mine = `${path}.${process.pid}.${crypto.randomUUID()}`
  writeFileSync(mine, JSON.stringify(identify(process.pid)), { mode: 0o600 })
  try {
    linkSync(mine, path)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(mine, { force: true })
  }
}

function removeStaleLock(path: string): void {
  const content = readIfPresent(path)
  if (content === undefined || isOwnerAlive(content)) return
  // Moved aside first: between reading and removing, another launcher may have put its own lock there.
  const aside = `${path}.${crypto.randomUUID()}`
  try {
    renameSync(path, aside)
    if (readIfPresent(aside) !== content) linkSync(aside, path)
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function isOwnerAlive(content: string): boolean {
  try {
    return isRunning(ProcessIdentitySchema.parse(JSON.parse(content)))
  } catch {
    return false
  }
}
