import {
  Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import { pipeline } from 'node:stream/promises'
import { sendJson } from './http.ts'

/** Headers of one connection (RFC 9110 §7.6.1), and those this gateway sets itself. */
const NOT_PASSED_ON = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'apikey',
  'authorization',
  'cookie',
])

/** Passes requests on to PostgREST under another token, as streams in both directions. */
export function createRestProxy(postgrestPort: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  return async (request: IncomingMessage, response: ServerResponse, path: string, token: string) => {
    const headers = passOn(request.headers)
    headers.authorization = `Bearer ${token}`
    if (request.headers['content-length'] === undefined && request.headers['transfer-encoding']) {
      headers['transfer-encoding'] = 'chunked'
    }
    try {
      const answer = await ask(request, { agent, port: postgrestPort, path, headers })
      response.writeHead(answer.statusCode ?? 502, passOn(answer.headers))
      await pipeline(answer, response)
    } catch {
      if (response.headersSent) response.destroy()
      else sendJson(response, 503, { code: 'PGRST000', message: 'The local REST interface does not answer' })
    }
  }
}

interface Target {
  agent: Agent
  port: number
  path: string
  headers: OutgoingHttpHeaders
}

function ask(request: IncomingMessage, target: Target): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const upstream = httpRequest({ ...target, host: '127.0.0.1', method: request.method }, resolve)
    upstream.once('error', reject)
    request.once('close', () => {
      if (!request.complete) upstream.destroy(new Error('the client went away'))
    })
    request.pipe(upstream)
  })
}

function passOn(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !NOT_PASSED_ON.has(name) && !name.startsWith('access-control-'),
    ),
  )
}
