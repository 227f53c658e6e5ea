import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stopPart } from '../stack.ts'
import { isRunning } from '../stack/process-identity.ts'
import { SandboxError } from '../stack/sandbox-error.ts'
import { withStartLock } from '../stack/start-lock.ts'
import { readState } from '../stack/state.ts'
import { findDatabaseHome } from '../supabase/postgres/unprivileged-user.ts'

/**
 * Forgets everything: ends the parts that run on this folder and deletes what it holds.
 * @throws SandboxError when the folder holds anything but a sandbox, which a mistyped SANDBOX_DIR would.
 */
export async function resetSandbox(dir: string): Promise<void> {
  if (!existsSync(dir) || readdirSync(dir).length === 0) return
  if (!existsSync(join(dir, 'secrets.json'))) {
    throw new SandboxError(`${dir} does not look like a sandbox, so it is left alone.`)
  }
  await withStartLock(dir, async () => {
    for (const name of ['notion', 'gateway', 'postgrest', 'postgres'] as const) {
      const record = readState(dir)[name]
      if (record !== undefined && isRunning(record.process)) await stopPart(dir, name, record.process)
    }
    const { path: databaseHome } = findDatabaseHome(dir)
    if (databaseHome !== dir) rmSync(databaseHome, { recursive: true, force: true })
    // The keys go last: as long as they are there, an interrupted reset can be run again.
    const entries = readdirSync(dir).filter((name) => name !== 'secrets.json' && name !== 'start.lock')
    for (const name of entries) rmSync(join(dir, name), { recursive: true, force: true })
    rmSync(join(dir, 'secrets.json'), { force: true })
  })
}
