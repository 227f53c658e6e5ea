import { randomInt } from 'node:crypto'
import { Client } from 'pg'
import { environment } from '#server/environment'
import { describeError, logger } from '#server/logging/logger'

/** Tells our advisory locks from others'; public.is_worker_alive knows it too. */
const LOCK_CLASS = 7_317
const RECONNECT_MS = 1_000

export interface Presence {
  /** This process among the workers. */
  worker: number
  leave: () => Promise<void>
}

/**
 * Makes this process known as a worker for as long as it lives. PostgreSQL holds a lock for it and lets go the moment
 * the connection breaks, so others know at once, and for certain, when it was killed. After a broken connection it
 * comes back under the same number; its runs may have been taken over meanwhile, which their pulse tells.
 *
 * @throws when the database cannot be reached at the start
 */
export async function announceWorker(): Promise<Presence> {
  const worker = randomInt(1, 2 ** 31 - 1)
  let isLeaving = false
  let client = await connect(worker, onEnd)

  function onEnd(): void {
    if (isLeaving) return
    setTimeout(() => {
      connect(worker, onEnd).then(
        (next) => {
          client = next
          if (isLeaving) void next.end()
        },
        (error: unknown) => {
          logger.warn({ event: 'jobs.presence_lost', ...describeError(error) })
          onEnd()
        },
      )
    }, RECONNECT_MS).unref()
  }

  return {
    worker,
    leave: async () => {
      isLeaving = true
      await client.end()
    },
  }
}

async function connect(worker: number, onEnd: () => void): Promise<Client> {
  const client = new Client({
    connectionString: environment().DATABASE_URL,
    application_name: 'roundup-worker',
    keepAlive: true,
  })
  client.on('error', () => undefined) // 'end' follows
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1, $2)', [LOCK_CLASS, worker])
  } catch (error) {
    await client.end().catch(() => undefined)
    throw error
  }
  client.on('end', onEnd)
  return client
}
