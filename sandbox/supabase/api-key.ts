import type { IncomingHttpHeaders } from 'node:http'
import { sameSecret } from './auth/hashing.ts'
import type { ApiRole } from './role-token.ts'
import type { Secrets } from './secrets.ts'

export type Authorisation =
  { kind: 'granted'; role: ApiRole; userToken: string | undefined } | { kind: 'refused'; message: string }

/**
 * What a request may do. Its API key says which application asks; a Bearer token that is not that same key
 * says which person, and is passed on for the next server to check.
 */
export function authorise(
  headers: IncomingHttpHeaders,
  query: URLSearchParams,
  secrets: Secrets,
): Authorisation {
  const header = headers.apikey
  const key = typeof header === 'string' ? header : query.get('apikey')
  if (!key) return { kind: 'refused', message: 'No API key found in request' }
  const role = roleOf(key, secrets)
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (role === undefined) return { kind: 'refused', message: 'Invalid API key' }
  if (headers.authorization !== undefined && bearer === undefined) {
    return { kind: 'refused', message: 'Invalid authorization header' }
  }
  if (bearer === undefined || sameSecret(bearer, key)) return { kind: 'granted', role, userToken: undefined }
  // One key in one header and another in the other would leave open which of them counts.
  if (bearer.startsWith('sb_')) return { kind: 'refused', message: 'The API keys of the request differ' }
  return { kind: 'granted', role, userToken: bearer }
}

function roleOf(key: string, secrets: Secrets): ApiRole | undefined {
  const isPublishable = sameSecret(key, secrets.publishableKey)
  const isSecret = sameSecret(key, secrets.secretKey)
  if (isSecret) return 'service_role'
  return isPublishable ? 'anon' : undefined
}
