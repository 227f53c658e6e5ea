import type { ErrorCode, ErrorEnvelope, FieldIssue } from '#shared/schemas/error'
import { ERROR_MESSAGE, ERROR_STATUS } from '#shared/schemas/error'

interface AppErrorDetails {
  issues?: FieldIssue[]
  retryAfterMs?: number
  cause?: unknown
}

/** A failure that a client is told about, in the words of our own vocabulary. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly issues: FieldIssue[] | undefined
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, details: AppErrorDetails = {}) {
    super(ERROR_MESSAGE[code], { cause: details.cause })
    this.code = code
    this.issues = details.issues
    this.retryAfterMs = details.retryAfterMs
  }

  get status(): number {
    return ERROR_STATUS[this.code]
  }
}

/** A request with one wrong field. */
export function invalidField(path: string, code: string): AppError {
  return new AppError('INVALID_REQUEST', { issues: [{ path, code }] })
}

/** The body a client gets: our code and sentence, never the cause. */
export function toEnvelope(error: AppError, requestId: string): ErrorEnvelope {
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(error.issues && { issues: error.issues }),
      ...(error.retryAfterMs !== undefined && { retryAfter: Math.ceil(error.retryAfterMs / 1_000) }),
      requestId,
    },
  }
}
