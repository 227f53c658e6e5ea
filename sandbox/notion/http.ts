import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { errorBody, NotionApiError, validationError } from './errors.ts'

const MAX_BODY_BYTES = 500 * 1024

/** A whole reply, so that a fault can cut, delay or replace it before it is sent. */
export interface Reply {
  status: number
  headers: Record<string, string>
  body: string
}

export function jsonReply(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  }
}

export function htmlReply(status: number, body: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body }
}

export function redirectReply(location: string): Reply {
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

/** The reply for anything thrown while a request was handled. */
export function failureReply(error: unknown, requestId: string): Reply {
  const known =
    error instanceof NotionApiError
      ? error
      : new NotionApiError(500, 'internal_server_error', 'The stand-in failed: see its log.')
  if (known !== error) console.error(error)
  const headers: Record<string, string> =
    known.retryAfterSeconds === undefined ? {} : { 'retry-after': String(known.retryAfterSeconds) }
  return jsonReply(known.status, errorBody(known, requestId), headers)
}

/**
 * Reads the request body as text.
 * @throws NotionApiError validation_error above 500 KB, Notion's limit for a payload
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > MAX_BODY_BYTES) throw validationError('body failed validation: body should be at most 500KB.')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** @throws NotionApiError invalid_json when the text is not a JSON value */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new NotionApiError(400, 'invalid_json', 'Error parsing JSON body.')
  }
}

export function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
  response.end(reply.body)
}

/** Sends the headers and half of the body, and then either nothing more or a dropped connection. */
export async function sendHalf(
  response: ServerResponse,
  reply: Reply,
  then: 'drop' | 'stall',
): Promise<void> {
  const body = Buffer.from(reply.body)
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length })
  response.write(body.subarray(0, Math.floor(body.length / 2)))
  if (then === 'stall') return
  await wait(20)
  response.destroy()
}
