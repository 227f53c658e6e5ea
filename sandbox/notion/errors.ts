import type { ZodError } from 'zod'

export type AdditionalData = Record<string, string | string[]>

interface ErrorExtras {
  additionalData?: AdditionalData
  retryAfterSeconds?: number
}

/** A refusal in the words and shape of Notion's API (notion-api.md §8). */
export class NotionApiError extends Error {
  readonly status: number
  readonly code: string
  readonly additionalData: AdditionalData | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, code: string, message: string, extras: ErrorExtras = {}) {
    super(message)
    this.name = 'NotionApiError'
    this.status = status
    this.code = code
    this.additionalData = extras.additionalData
    this.retryAfterSeconds = extras.retryAfterSeconds
  }
}

/** The JSON body of an error reply. */
export function errorBody(error: NotionApiError, requestId: string): Record<string, unknown> {
  return {
    object: 'error',
    status: error.status,
    code: error.code,
    message: error.message,
    ...(error.additionalData ? { additional_data: error.additionalData } : {}),
    request_id: requestId,
  }
}

export function validationError(message: string): NotionApiError {
  return new NotionApiError(400, 'validation_error', message)
}

/** Notion answers the same for what does not exist, is in the trash, or is not shared. */
export function objectNotFound(kind: string, id: string): NotionApiError {
  return new NotionApiError(
    404,
    'object_not_found',
    `Could not find ${kind} with ID: ${id}. Make sure the relevant pages and databases are shared with your connection.`,
  )
}

export function unauthorized(): NotionApiError {
  return new NotionApiError(401, 'unauthorized', 'API token is invalid.')
}

export function missingCapability(): NotionApiError {
  return new NotionApiError(403, 'restricted_resource', 'Insufficient permissions for this endpoint.')
}

export function invalidCursor(): NotionApiError {
  return validationError('The start_cursor provided is invalid.')
}

function describeIssue(where: string, issue: ZodError['issues'][number]): string {
  const path = [where, ...issue.path.map(String)].join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${path}.${key} should be not present`).join(', ')
  return `${path} ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`
}

/** Turns a failed schema check into the sentence Notion answers with. */
export function schemaError(where: 'body' | 'query' | 'path', error: ZodError): NotionApiError {
  const [first] = error.issues
  const issues = first?.code === 'invalid_union' ? deepestIssues(first) : error.issues
  const described = issues.slice(0, 3).map((issue) => describeIssue(where, issue))
  return validationError(`${where} failed validation: ${described.join('. ')}.`)
}

type Issue = ZodError['issues'][number]

/** Of a union's failed branches, the one that got furthest tells most about the mistake. */
function deepestIssues(issue: Extract<Issue, { code: 'invalid_union' }>): Issue[] {
  const branches = [...issue.errors].sort((a, b) => a.length - b.length)
  const closest = branches[0]
  if (!closest || closest.length === 0) return [issue]
  return closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}
