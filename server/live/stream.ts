import type { ServerResponse } from 'node:http'
import type { LiveEvent, LiveHub } from './hub'

/** A comment now and then, so that proxies keep the line open and a dead one is noticed. */
const HEARTBEAT_MS = 15_000
/** Then the browser opens a new one, which checks the session and spreads over the instances. */
const LIFETIME_MS = 15 * 60_000
/** How long a browser waits before it opens a closed stream again. */
const RETRY_MS = 2_000
/** What a browser that does not read lets pile up here before it is dropped. */
const BACKLOG_BYTES = 64 * 1024

export interface StreamOptions {
  userId: string
  sessionId: string | null
  /** Epoch milliseconds when the session's token ends: the browser then comes again with a new one. */
  endsAt: number
  /** The change counter now: everything up to it can be asked for. */
  readSeq: () => Promise<number>
}

/**
 * Serves one stream of server-sent events until the browser leaves, the session ends, or its time is up. Each
 * `change` carries the change counter, also as its id: with Last-Event-ID or without, the first one says where the
 * counter stands now, so nothing that was missed stays unknown.
 *
 * @returns false when this person has too many streams open; nothing has been sent then
 */
export async function serveEvents(
  response: ServerResponse,
  hub: LiveHub,
  options: StreamOptions,
): Promise<boolean> {
  const { userId, sessionId, endsAt, readSeq } = options
  const closed = Promise.withResolvers<undefined>()
  const close = () => closed.resolve(undefined)
  let isOpen = false
  const held: LiveEvent[] = []

  const send = (event: LiveEvent): void => {
    if (!isOpen) held.push(event)
    else if (response.writableLength > BACKLOG_BYTES) close()
    else response.write(format(event))
  }
  // Subscribed before the counter is read, so that nothing falls in between.
  const unsubscribe = hub.subscribe({ userId, sessionId, send, close })
  if (!unsubscribe) return false

  const timers: NodeJS.Timeout[] = []
  try {
    const seq = await readSeq()
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // Nothing between here and the browser may keep, pack or collect it.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    response.write(`retry: ${RETRY_MS}\n\n`)
    isOpen = true
    send({ type: 'change', seq })
    held.forEach(send)
    timers.push(setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS))
    timers.push(setTimeout(close, Math.max(0, Math.min(LIFETIME_MS, endsAt - Date.now()))))
    response.once('close', close)
    if (response.destroyed) close()
    await closed.promise
  } finally {
    timers.forEach(clearTimeout)
    unsubscribe()
    if (isOpen) response.end()
  }
  return true
}

function format(event: LiveEvent): string {
  return event.type === 'change'
    ? `id: ${event.seq}\nevent: change\ndata: ${JSON.stringify({ seq: event.seq })}\n\n`
    : 'event: progress\ndata: {}\n\n'
}
