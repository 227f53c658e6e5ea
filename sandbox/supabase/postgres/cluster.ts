import { spawnSync } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { poll } from '../../stack/poll.ts'
import { assertPortFree } from '../../stack/ports.ts'
import { readIfPresent } from '../../stack/private-file.ts'
import { identify, type ProcessIdentity } from '../../stack/process-identity.ts'
import { SandboxError } from '../../stack/sandbox-error.ts'
import { spawnPart, tail } from '../../stack/spawn.ts'
import { findPostgres } from './binaries.ts'
import { findDatabaseHome } from './unprivileged-user.ts'

const START_TIMEOUT_MS = 60_000
const RETRY_MS = 10_000
const CONNECT_TIMEOUT_MS = 5_000
const SUPERUSER = 'supabase_admin'

export interface RunningPostgres {
  port: number
  process: ProcessIdentity
  /** False when the server was running before. */
  startedHere: boolean
}

export interface PostgresOptions {
  dir: string
  port: number
  superuserPassword: string
}

/**
 * Starts PostgreSQL on the files in `dir`, creating them first where there are none; or, when a server is
 * already running on exactly these files, finds it.
 * @throws SandboxError when the port is taken or the server does not come up.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const home = findDatabaseHome(options.dir)
  const data = join(home.path, 'postgres')
  const running = await findRunning(data, options)
  if (running !== undefined) return running
  await assertPortFree(options.port, 'SANDBOX_DATABASE_PORT', 'the local database')
  const { initdb, postgres } = findPostgres({ mustBeReachable: home.uid !== undefined })
  if (!existsSync(join(data, 'PG_VERSION'))) createCluster({ ...options, data, initdb, uid: home.uid })
  const started = await poll(() => tryStart(postgres, data, home.uid, options), RETRY_MS)
  if (started === undefined) throw new SandboxError(`PostgreSQL did not start. ${tail(logOf(options))}`)
  return started
}

/** The URL of the database for one role. */
export function databaseUrl(port: number, role: string, password: string): string {
  return `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`
}

/** The URL of the role that may do everything; the app and its migrations never get it. */
export function superuserUrl(port: number, password: string): string {
  return databaseUrl(port, SUPERUSER, password)
}

const logOf = ({ dir }: { dir: string }) => ({ dir, name: 'postgres' })

function createCluster(o: PostgresOptions & { data: string; initdb: string; uid: number | undefined }): void {
  // Made beside its place and moved there when complete: a crash in between leaves nothing half-made.
  const fresh = `${o.data}.new`
  const passwordFile = `${o.data}.password`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  writeFileSync(passwordFile, o.superuserPassword, { mode: 0o600 })
  const owner = o.uid === undefined ? {} : { uid: o.uid, gid: o.uid }
  if (o.uid !== undefined) for (const path of [fresh, passwordFile]) chownSync(path, o.uid, o.uid)
  const made = spawnSync(
    o.initdb,
    [
      `--pgdata=${fresh}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ],
    { ...owner, cwd: '/', env: {}, encoding: 'utf8' },
  )
  rmSync(passwordFile, { force: true })
  if (made.status !== 0) {
    throw new SandboxError(`The local database could not be created: ${made.error?.message ?? made.stderr}`)
  }
  renameSync(fresh, o.data)
}

async function tryStart(
  postgres: string,
  data: string,
  uid: number | undefined,
  options: PostgresOptions,
): Promise<RunningPostgres | undefined> {
  forgetDeadServer(data)
  const part = spawnPart({
    dir: options.dir,
    name: 'postgres',
    command: postgres,
    args: ['-D', data, ...settings(options.port)],
    environment: {},
    cwd: '/',
    ...(uid === undefined ? {} : { uid }),
  })
  const answered = await poll(async () => {
    if (part.ended() !== undefined) return false
    return (await serves(data, options.port, options.superuserPassword)) || undefined
  }, START_TIMEOUT_MS)
  if (answered === true) return { port: options.port, process: part.process, startedHere: true }
  // Backends of a killed server may need a moment to notice, and hold its shared memory until they do.
  const log = tail(logOf(options))
  if (!log.includes('shared memory block')) throw new SandboxError(`PostgreSQL did not start. ${log}`)
  return undefined
}

function settings(port: number): string[] {
  const values = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    // Statements and row values stay out of the log: they hold what people wrote.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Looks for a server on these files, waiting for one that is just starting or recovering. */
async function findRunning(data: string, options: PostgresOptions): Promise<RunningPostgres | undefined> {
  const found = await poll(async () => {
    const server = readServer(data)
    if (server === undefined) return 'none'
    const answers = await serves(data, server.port, options.superuserPassword)
    return answers ? server : undefined
  }, START_TIMEOUT_MS)
  if (found === undefined)
    throw new SandboxError(`PostgreSQL runs but does not answer. ${tail(logOf(options))}`)
  return found === 'none' ? undefined : { ...found, startedHere: false }
}

/** What postmaster.pid says, if the process it names is alive and works in this very directory. */
function readServer(data: string): { port: number; process: ProcessIdentity } | undefined {
  const [pid, , , port] = (readIfPresent(join(data, 'postmaster.pid')) ?? '').split('\n').map(Number)
  if (!pid || !port) return undefined
  const process = identify(pid)
  return process !== undefined && worksIn(pid, data) ? { port, process } : undefined
}

function worksIn(pid: number, data: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data)
  } catch {
    return false
  }
}

/**
 * Removes the pid file of a killed server. PostgreSQL does so itself unless the number has been given to
 * another process meanwhile (usual in containers), which it takes for a running server. Its own check of
 * the shared memory still keeps two servers from the same files.
 */
function forgetDeadServer(data: string): void {
  if (readServer(data) === undefined) rmSync(join(data, 'postmaster.pid'), { force: true })
}

/** The proof: a connection with our password to a server that names our directory as its own. */
async function serves(data: string, port: number, password: string): Promise<boolean> {
  const client = new Client({
    connectionString: superuserUrl(port, password),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  client.on('error', () => undefined) // the query below reports it
  try {
    await client.connect()
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return rows[0] !== undefined && realpathSync(rows[0].data_directory) === realpathSync(data)
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
