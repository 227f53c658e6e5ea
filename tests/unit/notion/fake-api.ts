import type { Client } from '@notionhq/client'
import { createNotionClient } from '#server/notion/client'
import { createGate } from '#server/notion/gate'

export interface FakeRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: Headers
  body: unknown
}

export interface FakeReply {
  status?: number
  json?: unknown
  /** Instead of JSON. */
  text?: string
  headers?: Record<string, string>
}

/** A hand-made Notion for a test: answers through a function and remembers what it was asked. */
export function fakeApi(answer: (request: FakeRequest) => FakeReply | Promise<FakeReply>) {
  const requests: FakeRequest[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const body = init?.body
    const request: FakeRequest = {
      method: init?.method ?? 'GET',
      path: url.pathname.replace(/^\/v1/, ''),
      query: url.searchParams,
      headers: new Headers(init?.headers),
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
    }
    requests.push(request)
    const reply = await answer(request)
    if (init?.signal?.aborted) throw init.signal.reason
    return new Response(reply.text ?? JSON.stringify(reply.json ?? {}), {
      status: reply.status ?? 200,
      headers: { 'content-type': 'application/json', ...reply.headers },
    })
  }
  return { fetch, requests }
}

/** A client whose every request goes to the fake, at full speed. */
export function clientFor(api: { fetch: typeof globalThis.fetch }): Client {
  const warnings: string[] = []
  return createNotionClient({
    token: 'ntn_test',
    apiUrl: 'http://notion.test',
    gate: createGate({ fetch: api.fetch, random: () => 0 }),
    priority: 'background',
    log: (_level, message) => warnings.push(message),
  })
}

export function listOf(results: unknown[], nextCursor: string | null = null) {
  return { object: 'list', results, next_cursor: nextCursor, has_more: nextCursor !== null }
}

export function errorBody(status: number, code: string, extra: Record<string, unknown> = {}): FakeReply {
  return { status, json: { object: 'error', status, code, message: `About ${code}`, ...extra } }
}

/** The nth id, in Notion's spelling. */
export function id(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
}

export function text(content: string, extra: Record<string, unknown> = {}) {
  return {
    type: 'text',
    text: { content, link: null },
    plain_text: content,
    href: null,
    annotations: {
      bold: false,
      italic: false,
      strikethrough: false,
      underline: false,
      code: false,
      color: 'default',
    },
    ...extra,
  }
}
