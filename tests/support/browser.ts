import { checkContract } from './api-contract.ts'

/** An answer as a test looks at it. */
export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The parsed body; undefined when it is not JSON. */
  json: unknown
}

export interface AskOptions {
  body?: unknown
  /** Sent as it is, instead of JSON. */
  rawBody?: string
  headers?: Record<string, string>
}

/**
 * What a browser is to our server: cookies, and the headers by which it says where a request comes from.
 * No page, no scripts: those are the business of the tests in a real one.
 */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly origin: string
  /** Everything any of them was given, for the search for secrets. */
  static readonly answers: { request: string; answer: Answer }[] = []

  constructor(origin: string) {
    this.origin = origin
  }

  get(path: string, options: AskOptions = {}): Promise<Answer> {
    return this.ask('GET', path, options)
  }

  post(path: string, body: unknown = {}, options: AskOptions = {}): Promise<Answer> {
    return this.ask('POST', path, { body, ...options })
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.ask('PUT', path, { body })
  }

  delete(path: string): Promise<Answer> {
    return this.ask('DELETE', path, {})
  }

  async ask(method: string, path: string, options: AskOptions): Promise<Answer> {
    const hasBody = options.rawBody !== undefined || (options.body !== undefined && method !== 'GET')
    const response = await fetch(new URL(path, this.origin), {
      method,
      redirect: 'manual',
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(method === 'GET' ? {} : { origin: this.origin, 'sec-fetch-site': 'same-origin' }),
        ...(hasBody && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(hasBody && { body: options.rawBody ?? JSON.stringify(options.body) }),
    })
    this.#keepCookies(response.headers)
    const text = await readText(response)
    const answer = { status: response.status, headers: response.headers, text, json: parse(text) }
    Browser.answers.push({ request: `${method} ${path}`, answer })
    checkContract(method, path, answer)
    return answer
  }

  #keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      const isGone = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute)) || value === ''
      if (isGone) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
  }
}

/** The whole body; of a stream of events, which does not end, what comes first. */
async function readText(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text()
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return new TextDecoder().decode(value)
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
