import type { IncomingMessage, ServerResponse } from 'node:http'

const MAX_AGE_SECONDS = 3600
const HEADER_NAMES = /^[\w-]+(\s*,\s*[\w-]+)*$/

/**
 * Lets any page ask, as hosted: the key and the token in the headers decide, never a cookie, so a foreign
 * page gains nothing by it.
 */
export function allowCrossOrigin(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader(
    'access-control-expose-headers',
    'content-range, content-profile, link, location, preference-applied, x-total-count, x-supabase-api-version',
  )
}

/** Answers a browser that asks first (Fetch standard, CORS preflight). */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const wanted = request.headers['access-control-request-headers'] ?? ''
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS',
    'access-control-allow-headers': HEADER_NAMES.test(wanted)
      ? wanted
      : 'authorization, apikey, content-type',
    'access-control-max-age': String(MAX_AGE_SECONDS),
    vary: 'access-control-request-headers',
  })
  response.end()
}
