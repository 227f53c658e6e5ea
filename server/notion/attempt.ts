import type { LimitReason } from './budget'
import { NotionError, notionErrorFromReply, toNotionError } from './errors'
import { isTransientFault } from './retry-policy'

/** One request as the SDK wants it sent. */
export interface NotionRequest {
  url: string
  method: string
  headers: Record<string, string>
  body: string | FormData | undefined
  signal: AbortSignal | undefined
}

/** How one try ended. */
export type Attempt =
  /** Notion answered for good, with success or with an error that another try would repeat. */
  | { outcome: 'answered'; reply: Response }
  /** Notion asked us to slow down. */
  | {
      outcome: 'rate_limited'
      reply: Response
      retryAfterMs: number | undefined
      reason: LimitReason
    }
  /** Another try may fare better. `reply` is what Notion said, if it said anything. */
  | { outcome: 'failed'; error: NotionError; reply: Response | undefined }

/**
 * Sends a request once and reads its whole body within `timeoutMs`: a reply that stalls half-way counts as a
 * timeout like one that never begins.
 * @throws NotionError `aborted` when the caller gave up
 */
export async function attempt(
  request: NotionRequest,
  timeoutMs: number,
  fetch: typeof globalThis.fetch,
): Promise<Attempt> {
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(new DOMException('', 'TimeoutError')), timeoutMs)
  try {
    const { url, method, headers, body } = request
    const reply = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      // Following a redirect could hand the token to another host.
      redirect: 'error',
      signal: request.signal ? AbortSignal.any([request.signal, timeout.signal]) : timeout.signal,
    })
    return judge(reply, await reply.text())
  } catch (cause) {
    if (request.signal?.aborted) throw new NotionError('aborted')
    const error = toNotionError(cause)
    if (error.kind !== 'unavailable') throw error
    return { outcome: 'failed', error, reply: undefined }
  } finally {
    clearTimeout(timer)
  }
}

function judge(received: Response, body: string): Attempt {
  const { status, statusText, headers } = received
  // The body is read; hand on an equal reply whose body the SDK can read again.
  const reply = new Response([204, 205, 304].includes(status) ? null : body, { status, statusText, headers })
  const error = notionErrorFromReply({ status, body, header: (name) => headers.get(name) })
  if (error.kind === 'blocked') return { outcome: 'answered', reply }
  if (status === 429 || status === 529) {
    const reason = status === 529 ? 'overload' : limitReason(error.rateLimitReason)
    return { outcome: 'rate_limited', reply, retryAfterMs: error.retryAfterMs, reason }
  }
  return isTransientFault({ status, body, code: error.code })
    ? { outcome: 'failed', error, reply }
    : { outcome: 'answered', reply }
}

/** Older replies, and those of the network edge, name no reason: then it is taken for our own budget. */
function limitReason(told: string | undefined): LimitReason {
  if (told === 'public_api_space_request_rate_limit') return 'space'
  if (told === 'public_api_endpoint_rate_limit') return 'endpoint'
  return 'connection'
}
