import { createHash } from 'node:crypto'
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** "nobody" on Linux. PostgreSQL refuses to run as root, so for root it runs as this user. */
const NOBODY = 65534
const SEARCH_BY_OTHERS = 0o001
/** For root, and only root can make things there; unlike /var/tmp nothing in it is tidied away. */
const ROOT_STATE = '/var/lib/roundup-sandbox'

export interface DatabaseHome {
  /** The folder that holds the cluster's own folder. */
  path: string
  /** The user PostgreSQL runs as; undefined: the same as ours. */
  uid: number | undefined
}

/**
 * Where the database keeps its files and as whom it runs. For an ordinary user that is `dir` and himself.
 * For root it is `dir` and nobody; and where nobody cannot reach `dir` (a project below /root, which is
 * closed), a folder of its own below /var/lib.
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

/** Where root puts what nobody must be able to reach. */
export function openRootState(): string {
  mkdirSync(ROOT_STATE, { recursive: true })
  chmodSync(ROOT_STATE, 0o711)
  return ROOT_STATE
}

function outsideHome(dir: string): string {
  const path = join(openRootState(), createHash('sha256').update(dir).digest('hex').slice(0, 16))
  mkdirSync(path, { recursive: true, mode: 0o700 })
  chownSync(path, NOBODY, NOBODY)
  return path
}
