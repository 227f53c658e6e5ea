import { ZodError } from 'zod'
import type { ErrorCode } from '#shared/schemas/error'
import type { NotionErrorKind } from '#server/notion/errors'
import { NotionError } from '#server/notion/errors'
import { DatabaseError } from '#server/db/client'
import { AppError, invalidField } from './app-error'

/** What a client is told when Notion refuses; a missing object is named by the caller, who knows what it was. */
const CODE_BY_NOTION_KIND = {
  token_invalid: 'NOTION_TOKEN_INVALID',
  access_denied: 'NOTION_ACCESS_DENIED',
  not_found: 'NOTION_BLOCK_NOT_FOUND',
  rate_limited: 'NOTION_RATE_LIMITED',
  conflict: 'CONFLICT',
  invalid_request: 'NOTION_API_ERROR',
  unavailable: 'NOTION_UNAVAILABLE',
  api_error: 'NOTION_API_ERROR',
  blocked: 'NOTION_ACCESS_DENIED',
  plan_limit: 'NOTION_PLAN_LIMIT',
  oauth_refused: 'NOTION_OAUTH_FAILED',
  invalid_reply: 'NOTION_API_ERROR',
  aborted: 'NOTION_UNAVAILABLE',
} as const satisfies Record<NotionErrorKind, ErrorCode>

/** What the database says when somebody would have too many of something (20261128210000_limits.sql). */
const TOO_MANY = 'RU001'

/** Our code for a refusal of Notion's. */
export function codeOfNotionError(error: NotionError): ErrorCode {
  return CODE_BY_NOTION_KIND[error.kind]
}

/**
 * The one place where failures become answers: Notion's, zod's, PostgreSQL's and the unexpected.
 * What the cause says stays on the server.
 */
export function toAppError(cause: unknown): AppError {
  if (cause instanceof AppError) return cause
  if (cause instanceof NotionError) {
    return new AppError(codeOfNotionError(cause), { cause, retryAfterMs: cause.retryAfterMs })
  }
  if (cause instanceof ZodError) {
    const issues = cause.issues.map((issue) => ({ path: issue.path.join('.'), code: issue.code }))
    return new AppError('INVALID_REQUEST', { cause, issues })
  }
  if (cause instanceof DatabaseError && cause.code === TOO_MANY) return invalidField('', 'too_many')
  return new AppError('INTERNAL', { cause })
}
