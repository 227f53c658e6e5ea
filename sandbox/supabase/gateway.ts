import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { authorise, type Authorisation } from './api-key.ts'
import { AuthError } from './auth/auth-error.ts'
import type { AuthContext, AuthRequest } from './auth/context.ts'
import { answerAuth, isOpenRoute } from './auth/router.ts'
import { allowCrossOrigin, answerPreflight } from './cors.ts'
import { BodyError, readJson, sendJson } from './http.ts'
import { showMailbox } from './mailbox.ts'
import { isPostgrestReady } from './postgrest.ts'
import { createRestProxy } from './rest-proxy.ts'
import { createRoleTokens } from './role-token.ts'

/** The name under which the health answer proves which program listens on the port. */
export const GATEWAY_SERVICE = 'roundup-supabase-sandbox'

const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]'])

export interface GatewayOptions {
  auth: AuthContext
  dir: string
  postgrestPort: number
  log: (event: Record<string, unknown>) => void
}

/** The one address of the stand-in: `/auth/v1`, `/rest/v1`, the mailbox and the health answer. */
export function createGateway(options: GatewayOptions): RequestListener {
  const { auth, log } = options
  const proxy = createRestProxy(options.postgrestPort)
  const roleToken = createRoleTokens(auth.secrets.signingKey)

  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> => {
    if (!isLocalHost(request)) return sendJson(response, 403, { message: 'Only reachable as localhost' })
    if (url.pathname === '/_sandbox/health') return showHealth(response)
    if (url.pathname === '/_mail') return showMailbox(request, response, url.searchParams, auth.db)
    allowCrossOrigin(response)
    if (request.method === 'OPTIONS') return answerPreflight(request, response)
    const authorisation = authorise(request.headers, url.searchParams, auth.secrets)
    if (isBelow(url, '/auth/v1')) return showAuth(request, response, url, authorisation)
    if (isBelow(url, '/rest/v1')) return showRest(request, response, url, authorisation)
    sendJson(response, 404, { message: 'Not part of the local stand-in' })
  }

  const showHealth = async (response: ServerResponse): Promise<void> => {
    await auth.db.query('select 1')
    const isRestReady = await isPostgrestReady(options.postgrestPort, auth.secrets)
    if (!isRestReady) return sendJson(response, 503, { service: GATEWAY_SERVICE, dir: options.dir })
    sendJson(response, 200, { service: GATEWAY_SERVICE, dir: options.dir })
  }

  const showAuth = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    authorisation: Authorisation,
  ): Promise<void> => {
    const method = request.method ?? 'GET'
    const path = url.pathname.slice('/auth/v1'.length) || '/'
    const isOpen = isOpenRoute({ method, path })
    if (!isOpen && authorisation.kind === 'refused') return refuse(response, authorisation.message)
    const granted = authorisation.kind === 'granted' ? authorisation : undefined
    const authRequest: AuthRequest = {
      method,
      path,
      query: url.searchParams,
      body: method === 'GET' ? undefined : await readJson(request),
      keyRole: granted?.role,
      userToken: granted?.userToken,
      userAgent: request.headers['user-agent'],
    }
    const reply = await answerAuth(authRequest, auth)
    sendJson(response, reply.status, reply.body, reply.headers)
  }

  const showRest = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    authorisation: Authorisation,
  ): Promise<void> => {
    if (authorisation.kind === 'refused') return refuse(response, authorisation.message)
    const query = new URLSearchParams(url.searchParams)
    const search = query.has('apikey') ? (query.delete('apikey'), `?${query}`) : url.search
    const path = `${url.pathname.slice('/rest/v1'.length) || '/'}${search}`
    await proxy(request, response, path, authorisation.userToken ?? (await roleToken(authorisation.role)))
  }

  return (request, response) => {
    const startedAt = performance.now()
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    // The path alone: queries and bodies hold codes, tokens and what people wrote.
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAt)
      log({ method: request.method, path: url?.pathname, status: response.statusCode, durationMs })
    })
    if (url === null) return sendJson(response, 400, { message: 'Malformed address' })
    answer(request, response, url).catch((error: unknown) => fail(response, error, log))
  }
}

/** A name that merely points here (DNS rebinding) would let a foreign site read the mailbox. */
function isLocalHost(request: IncomingMessage): boolean {
  const url = URL.parse(`http://${request.headers.host ?? ''}`)
  return url !== null && LOCAL_HOSTS.has(url.hostname)
}

function isBelow(url: URL, prefix: string): boolean {
  return url.pathname === prefix || url.pathname.startsWith(`${prefix}/`)
}

function refuse(response: ServerResponse, message: string): void {
  sendJson(response, 401, { message, hint: 'Send the publishable or the secret key in the header apikey.' })
}

function fail(response: ServerResponse, error: unknown, log: GatewayOptions['log']): void {
  if (response.headersSent) {
    response.destroy()
  } else if (error instanceof AuthError) {
    sendJson(response, error.status, error.toBody())
  } else if (error instanceof BodyError) {
    sendJson(response, error.status, new AuthError(error.status, 'bad_json', error.message).toBody())
  } else {
    // Name and code only: a database error's text may quote what was sent.
    const name = error instanceof Error ? error.name : typeof error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    log({ level: 'error', event: 'unexpected_failure', name, code })
    sendJson(response, 500, new AuthError(500, 'unexpected_failure', 'Unexpected failure').toBody())
  }
}
