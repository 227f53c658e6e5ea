import { ErrorEnvelopeSchema } from '../../shared/schemas/error.ts'
import { refusalCodes } from '../../shared/api/openapi.ts'
import { findRoute } from '../../shared/api/routes.ts'
import type { Answer } from './browser.ts'

/**
 * Holds an answer of our API against its contract, the one that the OpenAPI document is made from.
 *
 * @throws {Error} saying what is not as promised
 */
export function checkContract(method: string, path: string, answer: Answer): void {
  const breach = breachOf(method, path.split('?', 1)[0] ?? '', answer)
  if (breach) throw new Error(`${method} ${path} broke its contract: ${breach}\n${answer.text.slice(0, 500)}`)
}

function breachOf(method: string, path: string, { status, json, headers }: Answer): string | null {
  const route = findRoute(method, path)
  if (!route) return null
  const { reply } = route
  if (path === '/api/health' || status === reply.status) {
    if ('contentTypes' in reply) {
      const type = headers.get('content-type') ?? 'none'
      return reply.contentTypes.some((expected) => type.startsWith(expected)) ? null : `content type ${type}`
    }
    if (!('json' in reply)) return null
    const parsed = reply.json.safeParse(json)
    return parsed.success ? null : parsed.error.message
  }
  if (status === 304) return null
  if (status < 400) return `status ${status}`
  const refusal = ErrorEnvelopeSchema.safeParse(json)
  if (!refusal.success) return refusal.error.message
  const { code } = refusal.data.error
  return refusalCodes(method, route).includes(code) ? null : `it may not refuse with ${code}`
}
