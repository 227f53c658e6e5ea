import type { Sql } from './pool'

/** PostgreSQL's codes for "no such table" and "not allowed to look". */
const CANNOT_LOOK = new Set(['42P01', '3F000', '42501', '42703'])

/**
 * Which of these sessions are still there.
 *
 * @returns null where Supabase does not let its sessions be looked at
 * @throws when the database cannot be reached
 */
export async function listLiveSessions(sql: Sql, ids: string[]): Promise<ReadonlySet<string> | null> {
  try {
    const found = await sql.query<{ id: string }>(
      'select id from auth.sessions where id = any($1::uuid[]) and (not_after is null or not_after > now())',
      [ids],
    )
    return new Set(found.rows.map(({ id }) => id))
  } catch (error) {
    if (error instanceof Error && 'code' in error && CANNOT_LOOK.has(String(error.code))) return null
    throw error
  }
}
