/** The queues and what their jobs carry: ids only, so that a job can be run twice or late. */
export interface Jobs {
  /** Brings one connection up to date. */
  'sync-connection': { connectionId: number; jobId: number }
  /** By the clock: picks the connections whose next reading is due. */
  'start-syncs': Record<string, never>
  /** Gives one token back to its provider. */
  'revoke-token': { revocationId: string }
  /** By the clock: picks the connections to be asked after. */
  'start-probes': Record<string, never>
  /** Asks Notion whether a connection still works. */
  'probe-connection': { connectionId: number }
  /** Brings one mirror in step with its list. */
  'mirror-list': { mirrorId: number }
}

export type QueueName = keyof Jobs

/** Who is served first when all workers are busy: somebody who waits, what Notion tells, the clock, the slow sweep. */
export const PRIORITY = { person: 10, news: 5, schedule: 0, sweep: -10 } as const

/** Puts a job on a queue. A second one with the same key waits behind the first or merges with it. */
export type JobSender = <Name extends QueueName>(
  queue: Name,
  data: Jobs[Name],
  options: { key: string; startAfterMs?: number; priority?: number },
) => Promise<void>
