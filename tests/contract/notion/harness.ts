import { Client, LogLevel } from '@notionhq/client'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { z } from 'zod'
import {
  CLIENT_ID,
  CLIENT_SECRET,
  createNotionServer,
  type NotionServer,
  type NotionServerOptions,
} from '../../../sandbox/notion/server.ts'
import { findOpenApiFile, OpenApi } from './openapi.ts'

export const VERSION = '2026-03-11'
export const REDIRECT_URI = 'http://localhost:3000/connect-notion'

const file = findOpenApiFile()
const openApi = file === undefined ? undefined : new OpenApi(file)
if (!openApi)
  console.warn(
    '\n*** The Notion contract runs WITHOUT Notion’s OpenAPI document: replies are not validated against it. ***\n' +
      '*** Fetch it once with: node scripts/fetch-notion-openapi.ts ***\n',
  )

/** Whether replies are judged by Notion's own document in this run. */
export const hasOpenApi = openApi !== undefined

/** Replies newer than the document in hand; each is described in notion-api.md §1 and §8. */
function isNewer(status: number): boolean {
  return status === 529 || status === 502
}

export interface Reply {
  status: number
  headers: Headers
  text: string
  /** The parsed body; undefined when it is not JSON. */
  body: unknown
}

export interface RequestOptions {
  token?: string
  version?: string | null
  body?: unknown
  authorization?: string
}

/** The stand-in with the real SDK in front of it; every exchange is judged, and every SDK complaint fails the test. */
export class Contract {
  readonly server: NotionServer
  readonly client: Client
  /** What was found wrong since the last look. */
  faults: string[] = []

  constructor(server: NotionServer) {
    this.server = server
    this.client = this.withToken(undefined)
  }

  /** A client that sends this token with every call that does not name its own. */
  withToken(auth: string | undefined): Client {
    return new Client({
      ...(auth === undefined ? {} : { auth }),
      baseUrl: this.server.url,
      notionVersion: VERSION,
      retry: false,
      logLevel: LogLevel.WARN,
      logger: (_level, message, details) => {
        if (message !== 'request fail') this.faults.push(`SDK: ${message} ${JSON.stringify(details)}`)
      },
      fetch: (url, init) => this.#judgedFetch(url, init),
    })
  }

  async #judgedFetch(url: string, init: RequestInit | undefined): Promise<Response> {
    const response = await fetch(url, init)
    const text = await response.clone().text()
    const method = init?.method?.toUpperCase() ?? 'GET'
    const { pathname } = new URL(url)
    if (typeof init?.body === 'string' && response.ok)
      this.faults.push(...(openApi?.requestFaults(method, pathname, JSON.parse(init.body)) ?? []))
    this.judge(method, pathname, response.status, text)
    return response
  }

  judge(method: string, path: string, status: number, text: string): void {
    if (!openApi || isNewer(status)) return
    this.faults.push(...openApi.replyFaults(method, path, status, parseJson(text)))
  }

  /** A request as no SDK would send it. Replies are judged all the same, unless the address is not Notion's. */
  async raw(method: string, path: string, options: RequestOptions = {}): Promise<Reply> {
    const headers = new Headers()
    if (options.version !== null) headers.set('notion-version', options.version ?? VERSION)
    if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`)
    if (options.authorization !== undefined) headers.set('authorization', options.authorization)
    if (options.body !== undefined) headers.set('content-type', 'application/json')
    const response = await fetch(`${this.server.url}${path}`, {
      method,
      headers,
      ...(options.body === undefined
        ? {}
        : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: parseJson(text) }
  }

  /** Goes through the consent page as a browser would, and returns the code. */
  async authorize(fields: Record<string, string> = {}): Promise<{ location: URL; code: string }> {
    const body = new URLSearchParams({
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      owner: 'user',
      state: 'opaque-state',
      ...fields,
    })
    const response = await fetch(`${this.server.url}/v1/oauth/authorize`, {
      method: 'POST',
      body,
      redirect: 'manual',
    })
    const location = new URL(response.headers.get('location') ?? 'about:blank')
    return { location, code: location.searchParams.get('code') ?? '' }
  }

  async exchange(code: string) {
    return this.client.oauth.token({
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
    })
  }

  /** Connects and returns the access token. */
  async connect(fields: Record<string, string> = {}): Promise<string> {
    const { code } = await this.authorize(fields)
    return (await this.exchange(code)).access_token
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Starts a stand-in for a file of tests and fails any test in which the SDK or the document found a fault. */
export function useContract(options: Partial<NotionServerOptions>): () => Contract {
  let contract: Contract | undefined
  const current = (): Contract => {
    if (!contract) throw new Error('The stand-in is not running')
    return contract
  }
  beforeAll(async () => {
    contract = new Contract(await createNotionServer({ port: 0, rateLimit: 'off', ...options }))
  })
  afterEach(() => {
    const { faults } = current()
    current().faults = []
    expect(faults).toEqual([])
  })
  afterAll(() => current().server.close())
  return current
}

const ErrorSchema = z.looseObject({
  object: z.literal('error'),
  status: z.number(),
  code: z.string(),
  message: z.string(),
  request_id: z.string(),
  additional_data: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
})

/** The error body of a reply, in Notion's form. */
export function errorOf(reply: Reply): z.output<typeof ErrorSchema> {
  const error = ErrorSchema.parse(reply.body)
  expect(error.status).toBe(reply.status)
  return error
}
