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

/** PostgREST answers at most this many rows a request, as Supabase sets it (`max_rows`), and says nothing of the rest. */
const ROWS_MAX = 1_000

/**
 * All rows of a query, however many requests that takes.
 *
 * @param operation names the query in logs
 * @param ask the query from one row to another, both included, in an order in which no two rows are equal
 * @throws {DatabaseError}
 */
export async function allRows<T>(
  operation: string,
  ask: (from: number, to: number) => PromiseLike<{ data: T[] | null; error: PostgrestError | null }>,
): Promise<T[]> {
  const found: T[] = []
  for (;;) {
    const batch = rows(operation, await ask(found.length, found.length + ROWS_MAX - 1))
    found.push(...batch)
    if (batch.length < ROWS_MAX) return found
  }
}

/**
 * The same for a call that answers nothing.
 *
 * @throws {DatabaseError}
 */
export function done(operation: string, answer: { error: PostgrestError | null }): void {
  if (answer.error) throw new DatabaseError(operation, answer.error.code || 'unreachable')
}
