import { join } from 'node:path'
import { GATEWAY_SERVICE } from '../supabase/gateway.ts'
import { isPostgrestReady, spawnPostgrest } from '../supabase/postgrest.ts'
import type { Secrets } from '../supabase/secrets.ts'
import { answersFor, startHttpPart, type RunningPart } from './http-part.ts'
import { findFreePort, isPortFree } from './ports.ts'
import type { ProcessIdentity } from './process-identity.ts'
import { spawnPart, type SpawnedPart } from './spawn.ts'
import { readState } from './state.ts'

const SANDBOX = join(import.meta.dirname, '..')
const NOTION_SERVICE = 'roundup-notion-sandbox'

export interface PartOptions {
  dir: string
  supabasePort: number
  notionPort: number
  baseUrl: string
}

/** The REST interface, on a port of its own choosing that only the gateway needs to know. */
export async function startPostgrest(
  dir: string,
  me: ProcessIdentity,
  secrets: Secrets,
  databasePort: number,
): Promise<RunningPart> {
  const previous = readState(dir).postgrest?.port
  // The port of last time, so that a running gateway still finds it there.
  const port = previous !== undefined && (await isPortFree(previous)) ? previous : await findFreePort()
  return startHttpPart(dir, me, {
    name: 'postgrest',
    purpose: 'The local REST interface',
    variable: 'SANDBOX_DIR',
    port,
    inputs: JSON.stringify({ databasePort }),
    isReady: (at) => isPostgrestReady(at, secrets),
    spawn: () => spawnPostgrest({ dir, port, databasePort, secrets }),
  })
}

/** The one address the app and browsers use for auth, REST and mail. */
export function startGateway(
  options: PartOptions,
  me: ProcessIdentity,
  ports: { databasePort: number; postgrestPort: number },
): Promise<RunningPart> {
  const { dir, supabasePort: port, baseUrl } = options
  return startHttpPart(dir, me, {
    name: 'gateway',
    purpose: 'The Supabase stand-in',
    variable: 'SANDBOX_SUPABASE_PORT',
    port,
    inputs: JSON.stringify(ports),
    isReady: (at) => answersFor(at, GATEWAY_SERVICE, dir),
    spawn: () =>
      spawnProgram(dir, 'gateway', 'supabase/main.ts', {
        SANDBOX_SUPABASE_PORT: String(port),
        SANDBOX_DATABASE_PORT: String(ports.databasePort),
        SANDBOX_POSTGREST_PORT: String(ports.postgrestPort),
        BASE_URL: baseUrl,
        ...chosen('SANDBOX_AUTOCONFIRM', 'SANDBOX_MAIL_INTERVAL_SECONDS'),
      }),
  })
}

/** The Notion stand-in. */
export function startNotion(options: PartOptions, me: ProcessIdentity): Promise<RunningPart> {
  const { dir, notionPort: port, baseUrl } = options
  return startHttpPart(dir, me, {
    name: 'notion',
    purpose: 'The Notion stand-in',
    variable: 'SANDBOX_NOTION_PORT',
    port,
    inputs: '',
    isReady: (at) => answersFor(at, NOTION_SERVICE, dir),
    spawn: () =>
      spawnProgram(dir, 'notion', 'notion/main.ts', { SANDBOX_NOTION_PORT: String(port), BASE_URL: baseUrl }),
  })
}

function spawnProgram(
  dir: string,
  name: 'gateway' | 'notion',
  file: string,
  environment: Record<string, string>,
): SpawnedPart {
  return spawnPart({
    dir,
    name,
    command: process.execPath,
    args: [join(SANDBOX, file)],
    environment: { ...environment, SANDBOX_DIR: dir, NODE_ENV: 'production' },
  })
}

/** Those of our own variables that are set here. */
function chosen(...names: string[]): Record<string, string> {
  return Object.fromEntries(
    names
      .map((name) => [name, process.env[name]] as const)
      .filter((pair): pair is [string, string] => !!pair[1]),
  )
}
