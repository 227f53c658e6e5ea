import { Pool } from 'pg'
import type { Db } from './client'

const CONNECTIONS_MAX = 5
const CONNECT_TIMEOUT_MS = 5_000

/**
 * A direct connection, for what the REST interface does not serve: schema `roundup_internal` and sessions; and for
 * ticks, which somebody waits for.
 */
export type Sql = Pick<Pool, 'query'>

/** @param onIdleError a connection that waits unused was lost; the pool replaces it */
export function createPool(databaseUrl: string, onIdleError: (error: Error) => void): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'roundup',
  })
  pool.on('error', onIdleError)
  return pool
}

/**
 * Labels the database with its environment on the very first start, and answers the label it has.
 *
 * @throws when the database cannot be reached or lacks the migrations
 */
export async function claimInstallation(sql: Sql, environment: string): Promise<string> {
  await sql.query(
    'insert into roundup_internal.installation (environment) values ($1) on conflict (only_one) do nothing',
    [environment],
  )
  const found = await sql.query<{ environment: string }>(
    'select environment from roundup_internal.installation',
  )
  return found.rows[0]?.environment ?? environment
}

/** PostgreSQL's codes for "no such table" and "not allowed to look". */
const CANNOT_LOOK = new Set(['42P01', '3F000', '42501', '42703'])

/**
 * Is this session still there? A token stays valid until it expires, but signing out, a changed password and
 * a deleted account end the session at once. Where sessions cannot be looked at, Supabase itself is asked.
 *
 * @param userDb the session's own client
 * @throws when neither can be reached
 */
export async function isSessionLive(
  sql: Sql,
  userDb: Db,
  session: { id: string | undefined; userId: string },
): Promise<boolean> {
  if (session.id !== undefined) {
    try {
      const found = await sql.query(
        'select 1 from auth.sessions where id = $1 and user_id = $2 and (not_after is null or not_after > now())',
        [session.id, session.userId],
      )
      return found.rows.length > 0
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && CANNOT_LOOK.has(String(error.code)))) throw error
    }
  }
  const { data } = await userDb.auth.getUser()
  return data.user?.id === session.userId
}
