import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { Client } from 'pg'

/** One number for all who migrate: whoever comes second waits, then finds nothing left to do. */
const LOCK_KEY = 7_300_421_988
const FILE_NAME = /^(?<version>\d{14})_(?<name>[\w-]+)\.sql$/

interface Migration {
  version: string
  name: string
  sql: string
}

export interface MigrateOptions {
  /** A direct connection, not a pooled one: the lock belongs to the session. */
  databaseUrl: string
  /** The folder of the `.sql` files. */
  directory: string
}

/**
 * Applies the migrations a database does not have yet, each in a transaction of its own, and records them
 * as the Supabase CLI does, so that both can be used on the same database. Safe to run again and from
 * several places at once.
 * @returns the versions applied by this call.
 * @throws Error naming the file that failed (nothing of it stays) or whose name is not
 * `<14 digits>_<name>.sql`.
 */
export async function applyMigrations({ databaseUrl, directory }: MigrateOptions): Promise<string[]> {
  const migrations = readMigrations(directory)
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [LOCK_KEY])
    await client.query('create schema if not exists supabase_migrations')
    await client.query(
      'create table if not exists supabase_migrations.schema_migrations' +
        ' (version text not null primary key, statements text[], name text)',
    )
    const { rows } = await client.query<{ version: string }>(
      'select version from supabase_migrations.schema_migrations',
    )
    const applied = new Set(rows.map((row) => row.version))
    const missing = migrations.filter((migration) => !applied.has(migration.version))
    for (const migration of missing) await applyOne(client, migration)
    await client.query("notify pgrst, 'reload schema'")
    return missing.map((migration) => migration.version)
  } finally {
    await client.end()
  }
}

function readMigrations(directory: string): Migration[] {
  const files = readdirSync(directory).filter((file) => file.endsWith('.sql'))
  const migrations = files.sort().map((file) => {
    const { version, name } = FILE_NAME.exec(file)?.groups ?? {}
    if (version === undefined || name === undefined) {
      throw new Error(`${file} is not named like a migration: 20261120093000_what_it_does.sql`)
    }
    return { version, name, sql: readFileSync(join(directory, file), 'utf8') }
  })
  const twice = migrations.find((migration, index) => migrations[index - 1]?.version === migration.version)
  if (twice !== undefined) throw new Error(`Two migrations carry the version ${twice.version}.`)
  return migrations
}

async function applyOne(client: Client, { version, name, sql }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query(
      'insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, $2, $3)',
      [version, [sql], name],
    )
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`Migration ${version}_${name}.sql failed: ${reason}`, { cause: error })
  }
}

/** `npm run migrate`: on DATABASE_URL, or on the local stand-in that is running. */
async function main(): Promise<void> {
  const directory = join(import.meta.dirname, '..', 'supabase', 'migrations')
  const settings = join(import.meta.dirname, '..', '.env')
  if (existsSync(settings)) process.loadEnvFile(settings) // what is set already wins
  // An empty value, as in a copied .env.example, is none.
  const databaseUrl = process.env.DATABASE_URL?.trim() || readSandboxUrl()
  if (databaseUrl === undefined) {
    throw new Error('Set DATABASE_URL, or start the local stand-in first (npm run sandbox).')
  }
  const applied = await applyMigrations({ databaseUrl, directory })
  const outcome = applied.length === 0 ? 'Nothing to do' : `Applied ${applied.join(', ')}`
  process.stdout.write(`${outcome} on ${new URL(databaseUrl).host}.\n`)
}

/** What the launcher wrote down for programs beside it. */
function readSandboxUrl(): string | undefined {
  const dir = process.env.SANDBOX_DIR ?? join(import.meta.dirname, '..', '.sandbox')
  const file = join(dir, 'environment')
  if (!existsSync(file)) return undefined
  return parseEnv(readFileSync(file, 'utf8')).DATABASE_URL
}

if (import.meta.main) {
  try {
    await main()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
