import { join } from 'node:path'
import { GATEWAY_SERVICE } from '../supabase/gateway.ts'
import { isPostgrestReady, spawnPostgrest } from '../supabase/postgrest.ts'
import type { Secrets } from '../supabase/secrets.ts'
import { answersFor, startHttpPart, type LauncherContext, type RunningPart } from './http-part.ts'
import { findFreePort, isPortFree } from './ports.ts'
import { spawnPart, type SpawnedPart } from './spawn.ts'
import { readState } from './state.ts'

const SANDBOX = join(import.meta.dirname, '..')
/** Where Node keeps what it has made of our TypeScript: a part then starts in about half the time. */
const COMPILED = join(SANDBOX, '..', 'node_modules', '.cache', 'roundup-sandbox')
const NOTION_SERVICE = 'roundup-notion-sandbox'

export interface PartOptions {
  supabasePort: number
  notionPort: number
  baseUrl: string
}

/** The REST interface, on a port of its own choosing that only the gateway needs to know. */
export async function startPostgrest(
  context: LauncherContext,
  secrets: Secrets,
  databasePort: number,
): Promise<RunningPart> {
  const { dir } = context
  const previous = readState(dir).postgrest?.port
  // The port of last time, so that a running gateway still finds it there.
  const port = previous !== undefined && (await isPortFree(previous)) ? previous : await findFreePort()
  return startHttpPart(context, {
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
  context: LauncherContext,
  { supabasePort: port, baseUrl }: PartOptions,
  ports: { databasePort: number; postgrestPort: number },
): Promise<RunningPart> {
  const { dir } = context
  return startHttpPart(context, {
    name: 'gateway',
    purpose: 'The Supabase stand-in',
    variable: 'SANDBOX_SUPABASE_PORT',
    port,
    inputs: JSON.stringify({ ...ports, baseUrl }),
    isReady: (at) => answersFor(at, GATEWAY_SERVICE, dir),
    spawn: () =>
      spawnProgram(dir, 'gateway', 'supabase/main.ts', {
        SANDBOX_SUPABASE_PORT: String(port),
        SANDBOX_DATABASE_PORT: String(ports.databasePort),
        SANDBOX_POSTGREST_PORT: String(ports.postgrestPort),
        BASE_URL: baseUrl,
      }),
  })
}

/** The Notion stand-in. */
export function startNotion(
  context: LauncherContext,
  { notionPort: port, baseUrl }: PartOptions,
): Promise<RunningPart> {
  const { dir } = context
  return startHttpPart(context, {
    name: 'notion',
    purpose: 'The Notion stand-in',
    variable: 'SANDBOX_NOTION_PORT',
    port,
    inputs: JSON.stringify({ baseUrl }),
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
    environment: {
      ...sandboxSettings(),
      ...environment,
      SANDBOX_DIR: dir,
      NODE_ENV: 'production',
      NODE_COMPILE_CACHE: COMPILED,
    },
  })
}

/** The settings of the stand-ins that are set here; no other variable reaches them. */
function sandboxSettings(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      name.startsWith('SANDBOX_') && value ? [[name, value]] : [],
    ),
  )
}
