import { z } from '../zod'

/** Every code a client can meet, with its HTTP status. One vocabulary from the database to the toast. */
export const ERROR_STATUS = {
  NOTION_NOT_CONNECTED: 401,
  NOTION_TOKEN_INVALID: 401,
  NOTION_OAUTH_FAILED: 500,
  NOTION_DATABASE_NOT_FOUND: 404,
  NOTION_BLOCK_NOT_FOUND: 404,
  NOTION_ACCESS_DENIED: 403,
  NOTION_PLAN_LIMIT: 403,
  NOTION_RATE_LIMITED: 429,
  NOTION_API_ERROR: 500,
  NOTION_UNAVAILABLE: 503,
  OAUTH_STATE_INVALID: 400,
  INVALID_REQUEST: 400,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  CONFLICT: 409,
  FORBIDDEN_ORIGIN: 403,
  TOO_MANY_REQUESTS: 429,
  WEBHOOK_NOT_READY: 503,
  WEBHOOK_SIGNATURE_INVALID: 403,
  INTERNAL: 500,
} as const

export type ErrorCode = keyof typeof ERROR_STATUS

export const ERROR_CODES = Object.keys(ERROR_STATUS).filter((code): code is ErrorCode => code in ERROR_STATUS)

export const ErrorCodeSchema = z.enum(ERROR_CODES)

/** English sentences; the interface shows its own translation, looked up by code. */
export const ERROR_MESSAGE: Record<ErrorCode, string> = {
  NOTION_NOT_CONNECTED: 'Connect a Notion workspace first.',
  NOTION_TOKEN_INVALID: 'Your Notion connection has expired.',
  NOTION_OAUTH_FAILED: 'Could not connect Notion.',
  NOTION_DATABASE_NOT_FOUND: 'Database not found.',
  NOTION_BLOCK_NOT_FOUND: 'This to-do no longer exists in Notion, or is no longer shared.',
  NOTION_ACCESS_DENIED: 'Access denied.',
  NOTION_PLAN_LIMIT: 'Your Notion plan takes no more content.',
  NOTION_RATE_LIMITED: 'Too many requests to Notion. It continues by itself.',
  NOTION_API_ERROR: 'Notion had a problem.',
  NOTION_UNAVAILABLE: 'Notion cannot be reached. Your changes are kept.',
  OAUTH_STATE_INVALID: 'This connect link was already used or is too old.',
  INVALID_REQUEST: 'The request is not valid.',
  UNAUTHENTICATED: 'Sign in first.',
  NOT_FOUND: 'Not found.',
  CONFLICT: 'This changed in the meantime.',
  FORBIDDEN_ORIGIN: 'This request came from another site.',
  TOO_MANY_REQUESTS: 'Too many requests. Wait a moment.',
  WEBHOOK_NOT_READY: 'Webhooks are not set up here yet.',
  WEBHOOK_SIGNATURE_INVALID: 'This message is not signed by Notion.',
  INTERNAL: 'Something went wrong on our side.',
}

/** Which field is wrong, and how, in machine-readable form (a form maps it to its own field). */
export const FieldIssueSchema = z.strictObject({ path: z.string(), code: z.string() })
export type FieldIssue = z.infer<typeof FieldIssueSchema>

/** The body of every error answer. */
export const ErrorEnvelopeSchema = z.strictObject({
  error: z.strictObject({
    code: ErrorCodeSchema,
    message: z.string(),
    issues: z.array(FieldIssueSchema).optional(),
    /** Seconds until trying again makes sense. */
    retryAfter: z.number().int().nonnegative().optional(),
    requestId: z.string(),
  }),
})
export type ErrorEnvelope = z.infer<typeof ErrorEnvelopeSchema>
