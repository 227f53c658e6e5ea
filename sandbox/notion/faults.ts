import { z } from 'zod'
import { NotionApiError } from './errors.ts'
import { rateLimited } from './rate-limit.ts'

const WhatSchema = z.discriminatedUnion('kind', [
  /** Notion's own error reply for the status; 502 is an HTML page, as from a proxy. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.union([
      z.literal(400),
      z.literal(401),
      z.literal(403),
      z.literal(404),
      z.literal(409),
      z.literal(429),
      z.literal(500),
      z.literal(502),
      z.literal(503),
      z.literal(504),
      z.literal(529),
    ]),
    code: z.string().optional(),
    message: z.string().optional(),
    retry_after: z.number().int().min(0).optional(),
    rate_limit_reason: z.string().optional(),
    /** The request is carried out before the failure is answered (an ambiguous write, notion-api.md §8). */
    after_commit: z.boolean().default(false),
  }),
  /** Answers normally, but late. */
  z.strictObject({ kind: z.literal('latency'), ms: z.number().int().min(0).max(600_000) }),
  /** Drops the connection; with `after_commit` the request has been carried out. */
  z.strictObject({ kind: z.literal('reset'), after_commit: z.boolean().default(false) }),
  /** Never answers. */
  z.strictObject({ kind: z.literal('hang') }),
  /** Sends the headers and half of the true body, then nothing more. */
  z.strictObject({ kind: z.literal('stall') }),
  /** Sends half of the true body and drops the connection. */
  z.strictObject({ kind: z.literal('truncate') }),
  /** 200 with something that is not JSON, declared as JSON. */
  z.strictObject({ kind: z.literal('garbage') }),
  /** An HTML page, as a proxy or login wall would send. */
  z.strictObject({ kind: z.literal('html'), status: z.number().int().min(200).max(599).default(200) }),
  /** Exactly this reply. */
  z.strictObject({
    kind: z.literal('reply'),
    status: z.number().int().min(200).max(599),
    body: z.unknown(),
    headers: z.record(z.string(), z.string()).default({}),
  }),
])

/** A planned failure: the next `times` requests that match are answered with it. */
export const FaultRuleSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']).optional(),
  /** `*` stands for one path segment, `**` for any number of them. */
  path: z.string().default('**'),
  /** How many matching requests fail; null means all of them until the rules are cleared. */
  times: z.number().int().min(1).nullable().default(1),
  /** Lets this many matching requests through first. */
  skip: z.number().int().min(0).default(0),
  bot_id: z.string().optional(),
  what: WhatSchema,
})
export type FaultRule = z.input<typeof FaultRuleSchema>
export type Fault = z.output<typeof WhatSchema>

interface ActiveRule {
  rule: z.output<typeof FaultRuleSchema>
  pattern: RegExp
  skipsLeft: number
  timesLeft: number
}

/** The failures planned for coming requests, first added first matched. */
export class Faults {
  #rules: ActiveRule[] = []

  /** @throws ZodError for a rule that is not one */
  add(input: FaultRule): void {
    const rule = FaultRuleSchema.parse(input)
    this.#rules.push({
      rule,
      pattern: patternOf(rule.path),
      skipsLeft: rule.skip,
      timesLeft: rule.times ?? Number.POSITIVE_INFINITY,
    })
  }

  /** Uses up and returns the failure planned for this request, if there is one. */
  take(request: { method: string; path: string; botId: string | null }): Fault | undefined {
    for (const active of this.#rules) {
      const { rule, pattern } = active
      if (rule.method !== undefined && rule.method !== request.method) continue
      if (rule.bot_id !== undefined && rule.bot_id !== request.botId) continue
      if (active.timesLeft <= 0 || !pattern.test(request.path)) continue
      if (active.skipsLeft > 0) {
        active.skipsLeft -= 1
        continue
      }
      active.timesLeft -= 1
      return rule.what
    }
    return undefined
  }

  clear(): void {
    this.#rules = []
  }
}

function patternOf(path: string): RegExp {
  const source = path
    .split(/(\*\*|\*)/)
    .map((part) =>
      part === '**' ? '.*' : part === '*' ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('')
  return new RegExp(`^${source}$`)
}

type FailureStatus = Extract<Fault, { kind: 'status' }>['status']

const CODES: Record<FailureStatus, [string, string]> = {
  400: ['validation_error', 'The request failed validation.'],
  401: ['unauthorized', 'API token is invalid.'],
  403: ['restricted_resource', 'Insufficient permissions for this endpoint.'],
  404: ['object_not_found', 'Could not find the object. Make sure it is shared with your connection.'],
  409: ['conflict_error', 'Conflict occurred while saving. Please try again.'],
  429: ['rate_limited', 'You have been rate limited. Please try again in a few minutes.'],
  500: ['internal_server_error', 'Unexpected error occurred.'],
  502: ['bad_gateway', 'Bad gateway'],
  503: ['service_unavailable', 'Notion is unavailable. Please try again later.'],
  504: ['gateway_timeout', 'Notion took too long to answer.'],
  529: ['service_overload', 'Notion is overloaded. Please try again later.'],
}

const OAUTH_CODES: Partial<Record<FailureStatus, string>> = { 400: 'invalid_grant', 401: 'invalid_client' }

/** The error a planned failure answers with; OAuth endpoints have codes of their own. */
export function faultError(
  fault: Extract<Fault, { kind: 'status' }>,
  path: string,
  committed: Record<string, string | string[]> = {},
): NotionApiError {
  if (fault.status === 429) return rateLimited(fault.retry_after ?? 1, fault.rate_limit_reason)
  const [code, message] = CODES[fault.status]
  const own = path.startsWith('/v1/oauth/') ? OAUTH_CODES[fault.status] : undefined
  return new NotionApiError(fault.status, fault.code ?? own ?? code, fault.message ?? message, {
    ...(fault.retry_after === undefined ? {} : { retryAfterSeconds: fault.retry_after }),
    ...(Object.keys(committed).length > 0 ? { additionalData: committed } : {}),
  })
}
