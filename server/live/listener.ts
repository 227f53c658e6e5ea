import { Client } from 'pg'
import { describeError, logger } from '#server/logging/logger'

const RECONNECT_MS = 1_000

export interface Listener {
  /** A message arrived. */
  onMessage: (channel: string, payload: string) => void
  /** The connection is back: messages may have been missed. */
  onGap: () => void
}

/**
 * Listens on PostgreSQL's channels with one connection, for as long as the process lives. A broken connection is
 * replaced, at once and then every second.
 *
 * @returns ends it
 */
export function listenTo(databaseUrl: string, channels: readonly string[], listener: Listener): () => void {
  let isOver = false
  let current: Client | undefined

  async function connect(isFirst: boolean): Promise<void> {
    const client = new Client({
      connectionString: databaseUrl,
      application_name: 'roundup-live',
      keepAlive: true,
    })
    client.on('error', () => undefined) // 'end' follows
    client.on('notification', ({ channel, payload = '' }) => listener.onMessage(channel, payload))
    try {
      await client.connect()
      for (const channel of channels) await client.query(`listen ${client.escapeIdentifier(channel)}`)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    current = client
    client.once('end', reconnect)
    if (isOver) void client.end()
    else if (!isFirst) listener.onGap()
  }

  function reconnect(): void {
    if (isOver) return
    const retry = () => void connect(false).catch(failed)
    setTimeout(retry, RECONNECT_MS).unref()
  }

  function failed(error: unknown): void {
    logger.warn({ event: 'live.listen_failed', ...describeError(error) })
    reconnect()
  }

  void connect(true).catch(failed)
  return () => {
    isOver = true
    void current?.end()
  }
}
