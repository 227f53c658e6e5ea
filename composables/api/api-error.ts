import { ErrorEnvelopeSchema, type ErrorCode, type FieldIssue } from '#shared/schemas/error'

/** What can go wrong with a request: a code of the server's, or no answer at all. */
export type FailureCode = ErrorCode | 'OFFLINE'

/** A request that failed, told apart by `code`. The interface has its own sentence for each. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: FailureCode
  readonly issues: readonly FieldIssue[]
  /** Seconds until trying again makes sense. */
  readonly retryAfter: number | undefined
  /** To find the request in the server's log. */
  readonly requestId: string | undefined

  constructor(
    code: FailureCode,
    details: {
      issues?: readonly FieldIssue[] | undefined
      retryAfter?: number | undefined
      requestId?: string
    } = {},
  ) {
    super(code)
    this.code = code
    this.issues = details.issues ?? []
    this.retryAfter = details.retryAfter
    this.requestId = details.requestId
  }
}

/**
 * Whatever `$fetch` threw, as an ApiError. No answer at all is OFFLINE; an answer that is not our envelope
 * (a proxy's page, say) is INTERNAL.
 */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown
  if (!hasResponse(thrown)) return new ApiError('OFFLINE')
  const envelope = ErrorEnvelopeSchema.safeParse(thrown.data)
  if (!envelope.success) return new ApiError('INTERNAL')
  const { code, issues, retryAfter, requestId } = envelope.data.error
  return new ApiError(code, { issues, retryAfter, requestId })
}

function hasResponse(thrown: unknown): thrown is { response: object; data?: unknown } {
  return (
    thrown instanceof Error &&
    'response' in thrown &&
    typeof thrown.response === 'object' &&
    thrown.response !== null
  )
}
