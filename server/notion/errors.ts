import {
  APIResponseError,
  InvalidPathParameterError,
  isHTTPResponseError,
  RequestTimeoutError,
} from '@notionhq/client'
import { retryAfterMs } from './retry-after'

/** Everything that can go wrong with Notion, in the words the rest of the application decides by. */
export type NotionErrorKind =
  | 'token_invalid'
  | 'access_denied'
  | 'not_found'
  | 'rate_limited'
  | 'conflict'
  | 'invalid_request'
  | 'unavailable'
  | 'api_error'
  | 'blocked'
  /** The workspace's plan takes no more content; reading, changing and deleting go on. */
  | 'plan_limit'
  | 'oauth_refused'
  | 'invalid_reply'
  | 'aborted'

interface NotionErrorDetails {
  status?: number
  /** Notion's own code, such as `object_not_found`. */
  code?: string
  retryAfterMs?: number
  /** Notion's id of the request, for their support. */
  requestId?: string
  /** Which limit a refusal was about, in Notion's word. */
  rateLimitReason?: string
}

/**
 * A failed conversation with Notion. The message is ours: Notion's reply may quote page titles or ids, and
 * the reply, its headers and the SDK's error are left behind so that no log can print them.
 */
export class NotionError extends Error {
  override readonly name = 'NotionError'
  readonly kind: NotionErrorKind
  readonly status: number | undefined
  readonly code: string | undefined
  readonly retryAfterMs: number | undefined
  readonly requestId: string | undefined
  readonly rateLimitReason: string | undefined

  constructor(kind: NotionErrorKind, details: NotionErrorDetails = {}) {
    super(['Notion', kind, details.status, details.code].filter((part) => part !== undefined).join(' '))
    this.kind = kind
    this.status = details.status
    this.code = details.code
    this.retryAfterMs = details.retryAfterMs
    this.requestId = details.requestId
    this.rateLimitReason = details.rateLimitReason
  }
}

/** What Notion's codes mean (notion-api.md §8 and §2); a status decides when the code is unknown. */
const KIND_BY_CODE: Readonly<Record<string, NotionErrorKind>> = {
  validation_error: 'invalid_request',
  invalid_json: 'invalid_request',
  invalid_request: 'invalid_request',
  invalid_request_url: 'invalid_request',
  missing_version: 'invalid_request',
  invalid_beta: 'invalid_request',
  unauthorized: 'token_invalid',
  restricted_resource: 'access_denied',
  object_not_found: 'not_found',
  conflict_error: 'conflict',
  row_limit_exceeded: 'plan_limit',
  rate_limited: 'rate_limited',
  service_overload: 'rate_limited',
  internal_server_error: 'api_error',
  bad_gateway: 'unavailable',
  service_unavailable: 'unavailable',
  gateway_timeout: 'unavailable',
  invalid_grant: 'oauth_refused',
  invalid_client: 'oauth_refused',
  unauthorized_client: 'oauth_refused',
  unsupported_grant_type: 'oauth_refused',
  invalid_scope: 'oauth_refused',
  test_env_error: 'oauth_refused',
}

const KIND_BY_STATUS: Readonly<Record<number, NotionErrorKind>> = {
  401: 'token_invalid',
  403: 'access_denied',
  404: 'not_found',
  408: 'unavailable',
  409: 'conflict',
  429: 'rate_limited',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
  529: 'rate_limited',
}

/** Turns whatever was thrown while talking to Notion into a {@link NotionError}; one stays as it is. */
export function toNotionError(cause: unknown): NotionError {
  if (cause instanceof NotionError) return cause
  if (isHTTPResponseError(cause)) {
    return notionErrorFromReply({
      status: cause.status,
      body: cause.body,
      header: (name) => readHeader(cause.headers, name),
    })
  }
  if (RequestTimeoutError.isRequestTimeoutError(cause)) return new NotionError('unavailable')
  if (InvalidPathParameterError.isInvalidPathParameterError(cause)) return new NotionError('invalid_request')
  // A reply of 200 that is not JSON reaches us as the SDK's failed JSON.parse.
  if (cause instanceof SyntaxError) return new NotionError('invalid_reply')
  if (isNamed(cause, 'AbortError')) return new NotionError('aborted')
  if (isNamed(cause, 'TimeoutError') || isNetworkFault(cause)) return new NotionError('unavailable')
  return new NotionError('api_error')
}

/** Reads a refused request: Notion's error body, an OAuth error body (RFC 6749 §5.2), or an edge's HTML. */
export function notionErrorFromReply(reply: {
  status: number
  body: string
  header: (name: string) => string | null
}): NotionError {
  const { status } = reply
  const body = parseErrorBody(reply.body)
  const details: NotionErrorDetails = {
    status,
    ...(body.code === undefined ? {} : { code: body.code }),
    ...(body.requestId === undefined ? {} : { requestId: body.requestId }),
    ...(body.rateLimitReason === undefined ? {} : { rateLimitReason: body.rateLimitReason }),
  }
  if (body.rateLimitReason === 'public_api_request_blocked') return new NotionError('blocked', details)
  const kind = kindOf(status, body.code)
  // A 403 page from the network edge says nothing about the person's rights in Notion.
  if (status === 403 && body.code === undefined && reply.header('cf-ray'))
    return new NotionError('blocked', details)
  if (status === 403 && body.isAboutPlan) return new NotionError('plan_limit', details)
  const waitMs = retryAfterMs(reply.header('retry-after')) ?? retryAfterMs(body.retryAfter)
  if (waitMs === undefined || (kind !== 'rate_limited' && kind !== 'unavailable'))
    return new NotionError(kind, details)
  return new NotionError(kind, { ...details, retryAfterMs: waitMs })
}

/** Is this Notion refusing a cursor it gave out itself? Then the list has to be read again from its start. */
export function isInvalidCursor(cause: unknown): boolean {
  return (
    APIResponseError.isAPIResponseError(cause) &&
    cause.status === 400 &&
    /\bcursor\b|start_cursor/i.test(cause.message)
  )
}

function kindOf(status: number, code: string | undefined): NotionErrorKind {
  const byCode = code === undefined ? undefined : KIND_BY_CODE[code]
  if (byCode) return byCode
  const byStatus = KIND_BY_STATUS[status]
  if (byStatus) return byStatus
  return status >= 400 && status < 500 ? 'invalid_request' : 'api_error'
}

interface ErrorBody {
  code?: string
  requestId?: string
  retryAfter?: string
  rateLimitReason?: string
  isAboutPlan?: boolean
}

/** A missing right and a full workspace have the same code; only the words tell them apart (notion-api.md §7). */
const ABOUT_PLAN = /\bblocks?\b.*\b(limit|plan|upgrade)|\b(limit|plan|upgrade)\b.*\bblocks?\b/i

function parseErrorBody(text: string): ErrorBody {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return {}
  }
  if (!isRecord(body)) return {}
  const extra = isRecord(body['additional_data']) ? body['additional_data'] : {}
  // A code goes into messages and logs, so it has to look like a code.
  const code = [body['error'], body['code']].find(
    (value): value is string => typeof value === 'string' && /^[a-z_]{1,60}$/.test(value),
  )
  const requestId = body['request_id']
  const retryAfter = extra['retry_after']
  const message = body['message']
  const rateLimitReason = extra['rate_limit_reason']
  return {
    ...(code === undefined ? {} : { code }),
    ...(typeof requestId === 'string' && /^[\w-]{1,64}$/.test(requestId) ? { requestId } : {}),
    ...(typeof retryAfter === 'string' ? { retryAfter } : {}),
    ...(typeof rateLimitReason === 'string' ? { rateLimitReason } : {}),
    ...(typeof message === 'string' && ABOUT_PLAN.test(message) ? { isAboutPlan: true } : {}),
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readHeader(headers: unknown, name: string): string | null {
  return headers instanceof Headers ? headers.get(name) : null
}

function isNamed(cause: unknown, name: string): boolean {
  return cause instanceof Error && cause.name === name
}

/** fetch reports a failed connection as a TypeError with the reason as its cause, or as a cut-off body. */
function isNetworkFault(cause: unknown): boolean {
  return (
    cause instanceof TypeError &&
    (cause.cause instanceof Error || /^(fetch failed|failed to fetch|terminated)$/i.test(cause.message))
  )
}
