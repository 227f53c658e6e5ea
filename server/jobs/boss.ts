import { PgBoss } from 'pg-boss'
import { environment } from '#server/environment'
import { describeError, logger } from '#server/logging/logger'
import type { JobSender, QueueName } from './queues'
import { PRIORITY } from './queues'

/** A dead worker's job is given to another after this long. */
const HEARTBEAT_SECONDS = 30
/** The longest a sync of a very large workspace may take before it is handed on (it resumes). */
const SYNC_EXPIRES_SECONDS = 6 * 60 * 60
const CONNECTIONS_MAX = 5
const SYNCS_CRON = '* * * * *'
/** Hourly, not at the full hour, when everybody's jobs start. */
const PROBES_CRON = '23 * * * *'

const QUEUE_OPTIONS = {
  // One waiting or running job per connection: a second request joins the first.
  'sync-connection': {
    policy: 'exclusive',
    retryLimit: 3,
    retryDelay: 5,
    expireInSeconds: SYNC_EXPIRES_SECONDS,
  },
  'start-syncs': { policy: 'exclusive', retryLimit: 0, expireInSeconds: 60 },
  // Their pauses are kept in the database, so the queue need not repeat anything.
  'revoke-token': { policy: 'stately', retryLimit: 0, expireInSeconds: 60 },
  'start-probes': { policy: 'exclusive', retryLimit: 0, expireInSeconds: 5 * 60 },
  'probe-connection': { policy: 'stately', retryLimit: 0, expireInSeconds: 5 * 60 },
  // A mirror knows itself whether its run has ended, and is found when it has not.
  'mirror-list': { policy: 'stately', retryLimit: 0, expireInSeconds: SYNC_EXPIRES_SECONDS },
} as const satisfies Record<QueueName, object>

let starting: Promise<PgBoss> | undefined

/** The job queue of this process, started on first use. PostgreSQL is the one engine. */
export function jobQueue(): Promise<PgBoss> {
  starting ??= start().catch((error: unknown) => {
    starting = undefined
    throw error
  })
  return starting
}

/** Stops taking jobs, lets running ones end for a moment, and closes the connections. */
export async function stopJobQueue(): Promise<void> {
  const boss = await starting?.catch(() => undefined)
  starting = undefined
  await boss?.stop({ graceful: true, timeout: 5_000 })
}

/** Is the queue up and answering? */
export async function isJobQueueReady(): Promise<boolean> {
  const boss = await jobQueue()
  return (await boss.getQueue('sync-connection')) !== null
}

export const sendJob: JobSender = async (
  queue,
  data,
  { key, startAfterMs = 0, priority = PRIORITY.schedule },
) => {
  const boss = await jobQueue()
  await boss.send(queue, data, { singletonKey: key, startAfter: Math.ceil(startAfterMs / 1_000), priority })
}

/** Lets go of a job whose worker is known to be gone; the queue itself would wait for its heartbeat. */
export async function releaseJob(queue: QueueName, key: string): Promise<void> {
  const boss = await jobQueue()
  const active = (await boss.findJobs(queue, { key })).filter(({ state }) => state === 'active')
  if (active.length > 0)
    await boss.cancel(
      queue,
      active.map(({ id }) => id),
    )
}

async function start(): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: environment().DATABASE_URL,
    schema: 'pgboss',
    application_name: 'roundup-jobs',
    max: CONNECTIONS_MAX,
    useListenNotify: true,
  })
  boss.on('error', (error) => logger.error({ event: 'jobs.error', ...describeError(error) }))
  await boss.start()
  for (const [name, options] of Object.entries(QUEUE_OPTIONS)) {
    const queue = { ...options, heartbeatSeconds: HEARTBEAT_SECONDS, notify: true }
    if (await boss.getQueue(name)) continue
    await boss.createQueue(name, queue)
  }
  await boss.schedule('start-probes' satisfies QueueName, PROBES_CRON)
  await boss.schedule('start-syncs' satisfies QueueName, SYNCS_CRON)
  return boss
}
