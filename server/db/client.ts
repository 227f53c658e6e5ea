import { createClient } from '@supabase/supabase-js'
import type { PostgrestError, SupabaseClient } from '@supabase/supabase-js'
import type { Database } from '#shared/types/database.types'

/** A Supabase client: whose rows it sees depends on the key or session it was made with. */
export type Db = SupabaseClient<Database>

/**
 * A query failed. The message carries PostgreSQL's code only: its texts quote values and names.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: string

  constructor(operation: string, code: string) {
    super(`${operation} failed (${code})`)
    this.code = code
  }
}

/** A client that passes row level security. For server/connections, server/sync, server/todos and server/jobs. */
export function createServiceDb(url: string, secretKey: string): Db {
  return createClient<Database>(url, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  })
}

/**
 * Unwraps a query's answer.
 *
 * @param operation names the query in logs, such as `todos.changedSince`
 * @throws {DatabaseError}
 */
export function rows<T>(operation: string, answer: { data: T | null; error: PostgrestError | null }): T {
  if (answer.error) throw new DatabaseError(operation, answer.error.code || 'unreachable')
  if (answer.data === null) throw new DatabaseError(operation, 'no_data')
  return answer.data
}

/**
 * The same for a call that answers nothing.
 *
 * @throws {DatabaseError}
 */
export function done(operation: string, answer: { error: PostgrestError | null }): void {
  if (answer.error) throw new DatabaseError(operation, answer.error.code || 'unreachable')
}
