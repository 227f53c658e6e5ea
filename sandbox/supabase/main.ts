import { createServer, type RequestListener, type Server } from 'node:http'
import { Pool } from 'pg'
import { z } from 'zod'
import { createGateway } from './gateway.ts'
import { databaseUrl } from './postgres/cluster.ts'
import { ensureSecrets } from './secrets.ts'

const MIN_PASSWORD_CHARACTERS = 8
const REFRESH_REUSE_MS = 10_000
const POOL_SIZE = 20

const port = z.coerce.number().int().min(1).max(65_535)
const EnvironmentSchema = z.object({
  SANDBOX_DIR: z.string().min(1),
  SANDBOX_SUPABASE_PORT: port,
  SANDBOX_DATABASE_PORT: port,
  SANDBOX_POSTGREST_PORT: port,
  BASE_URL: z.url(),
  SANDBOX_AUTOCONFIRM: z.enum(['true', 'false']).default('true'),
  SANDBOX_MAIL_INTERVAL_SECONDS: z.coerce.number().min(0).default(1),
})

const log = (event: Record<string, unknown>) =>
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`)

const environment = EnvironmentSchema.parse(process.env)
const secrets = await ensureSecrets(environment.SANDBOX_DIR)
const db = new Pool({
  connectionString: databaseUrl(
    environment.SANDBOX_DATABASE_PORT,
    'supabase_auth_admin',
    secrets.passwords.supabase_auth_admin,
  ),
  max: POOL_SIZE,
})
// A connection that ends while idle, as at a restart of the database, is replaced at the next query.
db.on('error', () => log({ level: 'warn', event: 'database_connection_lost' }))

const gateway = createGateway({
  auth: {
    db,
    secrets,
    publicUrl: `http://127.0.0.1:${environment.SANDBOX_SUPABASE_PORT}`,
    siteUrl: environment.BASE_URL.replace(/\/$/, ''),
    settings: {
      autoconfirm: environment.SANDBOX_AUTOCONFIRM === 'true',
      minimumPasswordLength: MIN_PASSWORD_CHARACTERS,
      mailIntervalMs: environment.SANDBOX_MAIL_INTERVAL_SECONDS * 1000,
      refreshReuseMs: REFRESH_REUSE_MS,
    },
  },
  dir: environment.SANDBOX_DIR,
  postgrestPort: environment.SANDBOX_POSTGREST_PORT,
  log,
})

const servers = [await listen(gateway, '127.0.0.1')]
// "localhost" means ::1 first on many machines; one without IPv6 does without.
const overIpv6 = await listen(gateway, '::1').catch(() => undefined)
if (overIpv6 !== undefined) servers.push(overIpv6)
log({ event: 'listening', port: environment.SANDBOX_SUPABASE_PORT })

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shutDown())

function listen(listener: RequestListener, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(listener)
    server.once('error', reject)
    server.listen({ port: environment.SANDBOX_SUPABASE_PORT, host, exclusive: true }, () => resolve(server))
  })
}

async function shutDown(): Promise<void> {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  await db.end()
  process.exit(0)
}
