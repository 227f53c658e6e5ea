/** The queues and what their jobs carry: ids only, so that a job can be run twice or late. */
export interface Jobs {
  /** Brings one connection up to date. */
  'sync-connection': { connectionId: number; jobId: number }
  /** Sends the unsent ticks of one connection to Notion. */
  'write-ticks': { connectionId: number }
  /** Gives one token back to its provider. */
  'revoke-token': { revocationId: string }
  /** By the clock: picks the connections to be asked after. */
  'start-probes': Record<string, never>
  /** Asks Notion whether a connection still works. */
  'probe-connection': { connectionId: number }
}

export type QueueName = keyof Jobs

/** Puts a job on a queue. A second one with the same key waits behind the first or merges with it. */
export type JobSender = <Name extends QueueName>(
  queue: Name,
  data: Jobs[Name],
  options: { key: string; startAfterMs?: number },
) => Promise<void>
