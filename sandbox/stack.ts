import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { applyMigrations } from '../scripts/migrate.ts'
import { writePrivateFile } from './stack/private-file.ts'
import { identify, isRunning, terminate, type ProcessIdentity } from './stack/process-identity.ts'
import { withStartLock } from './stack/start-lock.ts'
import { readState, recordPart, type PartName } from './stack/state.ts'
import type { LauncherContext } from './stack/http-part.ts'
import { startGateway, startNotion, startPostgrest } from './stack/parts.ts'
import { bootstrapDatabase } from './supabase/postgres/bootstrap.ts'
import { databaseUrl, startPostgres } from './supabase/postgres/cluster.ts'
import { ensureSecrets, type Secrets } from './supabase/secrets.ts'

const MIGRATIONS = join(import.meta.dirname, '..', 'supabase', 'migrations')
/** Public constants, not secrets: the Notion stand-in knows one app, and it is this one. */
const NOTION_CLIENT_ID = '00000000-0000-4000-8000-000000000d0d'
const NOTION_CLIENT_SECRET = 'secret_sandbox_client'

export interface StackOptions {
  /** Where data, keys and logs live; made if missing. */
  dir: string
  supabasePort: number
  databasePort: number
  notionPort: number
  parts: { supabase: boolean; notion: boolean }
  /** The app's own address: where mails and the consent page lead back to. */
  baseUrl: string
  log?: (line: string) => void
}

export interface Stack {
  /** What the app needs to be told to use the parts. */
  environment: Record<string, string>
  /** Ends what this call started, and nothing else. */
  stop(): Promise<void>
}

interface Run {
  options: StackOptions
  context: LauncherContext
  secrets: Secrets
  owned: Map<PartName, ProcessIdentity>
}

/**
 * Starts the stand-ins asked for, or attaches to those that already serve the same folder; brings the
 * database up to the newest migration.
 * @throws SandboxError for what a person can put right: a port taken, a missing program.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  const dir = realpathSync(options.dir)
  const me = identify(process.pid)
  if (me === undefined) throw new Error('this process cannot be identified')
  const owned: Run['owned'] = new Map()
  try {
    const environment = await withStartLock(dir, async () => {
      const run: Run = {
        options,
        context: { dir, me, log: options.log ?? (() => undefined) },
        secrets: await ensureSecrets(dir),
        owned,
      }
      return {
        ...(options.parts.supabase ? await startSupabase(run) : {}),
        ...(options.parts.notion ? await startNotionStandIn(run) : {}),
      }
    })
    writePrivateFile(
      join(dir, 'environment'),
      Object.entries(environment)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    return { environment, stop: () => stopOwned(dir, owned) }
  } catch (error) {
    await stopOwned(dir, owned)
    throw error
  }
}

async function startSupabase(run: Run): Promise<Record<string, string>> {
  const { options, context, secrets } = run
  const postgresPort = await startDatabase(run)
  await bootstrapDatabase(postgresPort, secrets.passwords)
  const url = databaseUrl(postgresPort, 'postgres', secrets.passwords.postgres)
  const applied = await applyMigrations({ databaseUrl: url, directory: MIGRATIONS })
  if (applied.length > 0) context.log(`Applied ${applied.length} migration(s) to the local database.`)
  const postgrest = await startPostgrest(context, secrets, postgresPort)
  remember(run, 'postgrest', postgrest.owned)
  const gateway = await startGateway(context, options, {
    databasePort: postgresPort,
    postgrestPort: postgrest.port,
  })
  remember(run, 'gateway', gateway.owned)
  return {
    SUPABASE_URL: `http://127.0.0.1:${gateway.port}`,
    SUPABASE_KEY: secrets.publishableKey,
    SUPABASE_SECRET_KEY: secrets.secretKey,
    DATABASE_URL: url,
    CREDENTIAL_ENCRYPTION_KEY: secrets.credentialEncryptionKey,
  }
}

async function startDatabase({ options, context: { dir, me }, secrets, owned }: Run): Promise<number> {
  const previous = readState(dir).postgres
  const running = await startPostgres({
    dir,
    port: options.databasePort,
    superuserPassword: secrets.passwords.supabase_admin,
  })
  const isOrphan = previous === undefined || !isRunning(previous.owner)
  if (running.startedHere || isOrphan) {
    recordPart(dir, 'postgres', { process: running.process, owner: me, port: running.port, inputs: '' })
    owned.set('postgres', running.process)
  }
  return running.port
}

async function startNotionStandIn(run: Run): Promise<Record<string, string>> {
  const notion = await startNotion(run.context, run.options)
  remember(run, 'notion', notion.owned)
  return {
    NOTION_OAUTH_CLIENT_ID: NOTION_CLIENT_ID,
    NOTION_OAUTH_CLIENT_SECRET: NOTION_CLIENT_SECRET,
    NOTION_API_URL: `http://127.0.0.1:${notion.port}`,
  }
}

function remember({ owned }: Run, name: PartName, process: ProcessIdentity | undefined): void {
  if (process !== undefined) owned.set(name, process)
}

/** Ends the owned parts, those that use others first. */
async function stopOwned(dir: string, owned: Map<PartName, ProcessIdentity>): Promise<void> {
  if (owned.size === 0) return
  await withStartLock(dir, async () => {
    for (const name of ['notion', 'gateway', 'postgrest', 'postgres'] as const) {
      const process = owned.get(name)
      owned.delete(name)
      if (process !== undefined) await stopPart(dir, name, process)
    }
  })
}

/** Ends one part of a folder and forgets it. */
export async function stopPart(dir: string, name: PartName, process: ProcessIdentity): Promise<void> {
  // For PostgreSQL, SIGINT is the "fast" shutdown: it does not wait for clients to leave by themselves.
  await terminate(process, { signal: name === 'postgres' ? 'SIGINT' : 'SIGTERM' })
  if (readState(dir)[name]?.process.pid === process.pid) recordPart(dir, name, undefined)
}
