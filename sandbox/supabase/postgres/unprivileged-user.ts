import { createHash } from 'node:crypto'
import { chmodSync, chownSync, lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SandboxError } from '../../stack/sandbox-error.ts'

/** "nobody" on Linux. PostgreSQL refuses to run as root, so for root it runs as this user. */
const NOBODY = 65534
const SEARCH_BY_OTHERS = 0o001
const PERSISTENT_TEMP = '/var/tmp'

export interface DatabaseHome {
  /** The folder that holds the cluster's own folder. */
  path: string
  /** The user PostgreSQL runs as; undefined: the same as ours. */
  uid: number | undefined
}

/**
 * Where the database keeps its files and as whom it runs. For an ordinary user that is `dir` and himself.
 * For root it is `dir` and nobody; and where nobody cannot reach `dir` (a project below /root, which is
 * closed), a folder of its own in /var/tmp, which survives a restart of the machine.
 * @throws SandboxError when somebody else owns that folder.
 */
export function findDatabaseHome(dir: string): DatabaseHome {
  if (process.getuid?.() !== 0) return { path: dir, uid: undefined }
  // To pass through, not to list: what lies in it is readable by its owner only.
  chmodSync(dir, statSync(dir).mode | SEARCH_BY_OTHERS)
  return { path: isReachableByOthers(dir) ? dir : outsideHome(dir), uid: NOBODY }
}

/** True when a user who owns none of them may pass through this directory and all above it. */
export function isReachableByOthers(directory: string): boolean {
  const parent = dirname(directory)
  if ((statSync(directory).mode & SEARCH_BY_OTHERS) === 0) return false
  return parent === directory || isReachableByOthers(parent)
}

function outsideHome(dir: string): string {
  const hash = createHash('sha256').update(dir).digest('hex').slice(0, 16)
  const path = join(PERSISTENT_TEMP, `roundup-sandbox-${hash}`)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const found = lstatSync(path)
  if (!found.isDirectory() || (found.uid !== 0 && found.uid !== NOBODY)) {
    throw new SandboxError(`${path} belongs to somebody else. Set SANDBOX_DIR to another folder.`)
  }
  chownSync(path, NOBODY, NOBODY)
  return path
}
