import type { ClientBase, Pool } from 'pg'

/** Whatever can run a statement: the pool, or the one connection of a transaction. */
export type Db = Pick<ClientBase, 'query'>

/** Runs `work` in one transaction; what it throws undoes everything it did. */
export async function inTransaction<T>(pool: Pool, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch(() => undefined) // the first error is the one that matters
    throw error
  } finally {
    client.release()
  }
}
