import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { ENDPOINTS } from './api.ts'
import { showConsent, takeDecision } from './authorize.ts'
import { answerControl, type Host } from './control.ts'
import { NotionApiError, unauthorized } from './errors.ts'
import { type Fault, faultError } from './faults.ts'
import {
  failureReply,
  htmlReply,
  jsonReply,
  parseJson,
  readBody,
  type Reply,
  send,
  sendHalf,
} from './http.ts'
import { freshId } from './ids.ts'
import { answerOAuth, OAUTH_PATHS } from './oauth.ts'
import type { ConnectionRecord } from './records.ts'
import { type Match, matchEndpoint, pathReader, requireVersion } from './router.ts'
import { announceWrite } from './webhook-events.ts'
import type { World } from './world.ts'

/** One request, read and recognised. */
interface Incoming {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: string
  requestId: string
  token: string | undefined
  connection: ConnectionRecord | undefined
  match: Match | undefined
}

/** Answers one HTTP request, whatever it is. Never throws. */
export async function handleRequest(
  host: Host,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = freshId()
  try {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const body = await readBody(request)
    if (url.pathname.startsWith('/_sandbox/')) {
      send(response, await answerControl(host, request.method ?? 'GET', url, request.headers, body))
      return
    }
    await answerApi(host.world, recognise(host.world, request, url, body, requestId), response)
  } catch (error) {
    if (!response.headersSent) send(response, failureReply(error, requestId))
    else response.destroy()
  }
}

function recognise(
  world: World,
  request: IncomingMessage,
  url: URL,
  body: string,
  requestId: string,
): Incoming {
  const method = request.method ?? 'GET'
  const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  return {
    method,
    url,
    headers: request.headers,
    body,
    requestId,
    token,
    connection: token === undefined ? undefined : world.connections.authenticate(token),
    match: matchEndpoint(ENDPOINTS, method, url.pathname),
  }
}

/** Writes the ledger around a request and plays the fault that was planned for it. */
async function answerApi(world: World, incoming: Incoming, response: ServerResponse): Promise<void> {
  const started = performance.now()
  const { method, url, connection, match } = incoming
  const botId = connection?.botId ?? null
  const fault = world.faults.take({ method, path: url.pathname, botId })
  const entry = world.ledger.open({
    time: world.nowIso(),
    method,
    path: url.pathname,
    query: url.pathname === '/v1/oauth/authorize' ? '' : url.search,
    endpoint: match?.endpoint.path ?? null,
    botId,
    tokenKind: connection?.kind ?? null,
    fault: fault?.kind ?? null,
  })
  let status: number | null = null
  try {
    status = fault
      ? await playFault(world, incoming, fault, response)
      : sendReply(response, perform(world, incoming))
  } finally {
    world.ledger.close(entry, status, Math.round(performance.now() - started))
  }
}

function sendReply(response: ServerResponse, reply: Reply): number {
  send(response, reply)
  return reply.status
}

/** Carries the request out and turns the outcome, good or bad, into a reply. */
function perform(world: World, incoming: Incoming): Reply {
  try {
    return route(world, incoming)
  } catch (error) {
    return failureReply(error, incoming.requestId)
  }
}

function route(world: World, incoming: Incoming): Reply {
  const { method, url, body, headers, requestId } = incoming
  if (url.pathname === '/v1/oauth/authorize') {
    if (method === 'GET') return showConsent(world, url.searchParams)
    if (method === 'POST')
      return takeDecision(world, new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]))
  }
  const oauthPath = OAUTH_PATHS.find((path) => path === url.pathname)
  if (oauthPath && method === 'POST') {
    requireVersion(headers['notion-version'])
    return jsonReply(200, answerOAuth(world, oauthPath, headers.authorization, jsonBody(incoming), requestId))
  }
  return jsonReply(200, callEndpoint(world, incoming))
}

function callEndpoint(world: World, incoming: Incoming): object {
  const { method, url, match, connection, headers, requestId } = incoming
  if (!match)
    throw new NotionApiError(400, 'invalid_request_url', `Invalid request URL: ${method} ${url.pathname}.`)
  if (!connection) throw unauthorized()
  const version = requireVersion(headers['notion-version'])
  const plan = world.store.workspaces.get(connection.workspaceId)?.plan ?? 'free'
  world.rateLimit.spend(connection.botId, plan, world.clock())
  const call = { world, connection, version, ...pathReader(match.params) }
  const body = jsonBody(incoming)
  const done = match.endpoint.run(call, url.searchParams, body)
  if (method !== 'GET') {
    const target = ['block_id', 'page_id'].find((name) => name in match.params)
    const id = target ? call.id(target) : 'id' in done ? String(done.id) : ''
    announceWrite(world, { method, endpoint: match.endpoint.path, id, botId: connection.botId, body })
  }
  return { ...done, request_id: requestId }
}

/** @throws NotionApiError invalid_json for a body that is not JSON or not declared as such */
function jsonBody({ body, headers }: Incoming): unknown {
  if (body === '') return undefined
  if (!headers['content-type']?.startsWith('application/json'))
    throw new NotionApiError(400, 'invalid_json', 'The body should be sent as application/json.')
  return parseJson(body)
}

const PROXY_PAGE =
  '<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'

/** @returns the status the client saw, or null when it saw none */
async function playFault(
  world: World,
  incoming: Incoming,
  fault: Fault,
  response: ServerResponse,
): Promise<number | null> {
  switch (fault.kind) {
    case 'latency':
      await wait(fault.ms)
      return sendReply(response, perform(world, incoming))
    case 'hang':
      return null
    case 'reset':
      if (fault.after_commit) perform(world, incoming)
      response.destroy()
      return null
    case 'stall':
    case 'truncate': {
      const reply = perform(world, incoming)
      await sendHalf(response, reply, fault.kind === 'stall' ? 'stall' : 'drop')
      return reply.status
    }
    default:
      return sendReply(response, faultReply(world, incoming, fault))
  }
}

type ReplyFault = Extract<Fault, { kind: 'status' | 'garbage' | 'html' | 'reply' }>

function faultReply(world: World, incoming: Incoming, fault: ReplyFault): Reply {
  switch (fault.kind) {
    case 'garbage':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"object":"list","results":[{"obj',
      }
    case 'html':
      return htmlReply(fault.status, '<!doctype html><html><body><h1>Just a moment…</h1></body></html>')
    case 'reply':
      return typeof fault.body === 'string'
        ? { status: fault.status, headers: fault.headers, body: fault.body }
        : jsonReply(fault.status, fault.body, fault.headers)
    case 'status': {
      const committed = fault.after_commit ? committedIds(perform(world, incoming)) : {}
      if (fault.status === 502) return htmlReply(502, PROXY_PAGE, { 'cf-ray': '8f2c0ffee0ddba11-FRA' })
      return failureReply(faultError(fault, incoming.url.pathname, committed), incoming.requestId)
    }
  }
}

/** What an ambiguous failure tells about the write that did happen (notion-api.md §8). */
function committedIds(reply: Reply): Record<string, string | string[]> {
  const body: unknown = JSON.parse(reply.body)
  if (typeof body !== 'object' || body === null) return {}
  const guidance = { retry_guidance: 'The request may have been carried out. Look before sending it again.' }
  if ('results' in body && Array.isArray(body.results))
    return { ...guidance, committed_child_ids: body.results.map(({ id }: { id: string }) => id) }
  return 'id' in body && typeof body.id === 'string'
    ? { ...guidance, committed_resource_id: body.id }
    : guidance
}
