import { z } from 'zod'

/** Requests to Notion that only read although they are POSTs. */
const READING_POST = /\/v1\/(search|(data_sources|databases)\/[^/]+\/query|blocks\/meeting_notes\/query)$/
const BLOCK_PATCH = /\/v1\/blocks\/[^/]+$/
const PAGE_PATCH = /\/v1\/pages\/[^/]+$/

/** A page update of nothing but these sets values: sending it twice leaves the same page. */
const SettingPageUpdateSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' })
      return z.NEVER
    }
  })
  .pipe(
    z.strictObject({
      properties: z.record(z.string(), z.unknown()).optional(),
      in_trash: z.boolean().optional(),
    }),
  )

const BASE_BACKOFF_MS = 500
const MAX_BACKOFF_MS = 30_000
const MIN_PAUSE_MS = 250
const MAX_UNTOLD_PAUSE_MS = 60_000

/**
 * May the same request be sent again when nobody knows whether Notion carried it out? Reads, deletions and
 * writes that set a value: yes. Anything that creates: never, it could create twice (notion-api.md §8).
 */
export function isRepeatable(method: string, url: string, body: unknown): boolean {
  const { pathname } = new URL(url)
  switch (method) {
    case 'GET':
    case 'DELETE':
      return true
    case 'POST':
      return READING_POST.test(pathname)
    case 'PATCH':
      if (BLOCK_PATCH.test(pathname)) return true
      return PAGE_PATCH.test(pathname) && SettingPageUpdateSchema.safeParse(body).success
    default:
      return false
  }
}

/** Is this reply a fault that another try may not meet? Rate limits are not faults and not asked about here. */
export function isTransientFault(reply: { status: number; body: string; code: string | undefined }): boolean {
  if (reply.status >= 500) return true
  if (reply.status === 409) return reply.code !== 'row_limit_exceeded'
  // What is not whole JSON with a success comes from something between Notion and us.
  return reply.status < 300 && !isJson(reply.body)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Exponential, with the upper half random so that requests that failed together do not return together. */
export function backoffMs(faults: number, random: () => number): number {
  const ceiling = Math.min(MAX_BACKOFF_MS, BASE_BACKOFF_MS * 2 ** (faults - 1))
  return Math.round(ceiling / 2 + (ceiling / 2) * random())
}

/**
 * How long a rate limit stops the connection: as long as Notion says, but growing with each refusal of the
 * same request, because a Retry-After rounded down to zero would otherwise burn all tries at once.
 */
export function pauseMs(retryAfterMs: number | undefined, refusals: number): number {
  const grown = Math.min(MAX_UNTOLD_PAUSE_MS, MIN_PAUSE_MS * 2 ** (refusals - 1))
  return Math.max(retryAfterMs ?? grown * 4, grown)
}
