import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where a process is held: before its n-th request leaves, or after it was carried out and before the answer. */
export interface StallPoint {
  request: number
  moment: 'before' | 'after'
}

/**
 * Stands between a process and everything it talks to. Counts the requests and lets one of them hang, so that
 * the process can be killed exactly there.
 */
export class StallingProxies {
  /** Method and path of each request so far, in order. */
  readonly seen: string[] = []
  readonly #servers: Server[] = []
  readonly #point: StallPoint | null
  #onStall: () => void = () => undefined
  /** Resolves once the process hangs. */
  readonly stalled = new Promise<void>((resolve) => (this.#onStall = resolve))

  constructor(point: StallPoint | null) {
    this.#point = point
  }

  /** @returns the address that stands for the target */
  async open(target: string): Promise<string> {
    const server = createServer((request, response) => {
      this.#pass(target, request, response).catch(() => response.destroy())
    })
    this.#servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }

  async #pass(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET'
    const path = request.url ?? '/'
    this.seen.push(`${method} ${path.split('?', 1)[0]}`)
    const moment = this.#point?.request === this.seen.length ? this.#point.moment : null
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    if (moment === 'before') return this.#onStall()
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers
    const answer = await fetch(target + path, {
      method,
      redirect: 'manual',
      headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    const body = Buffer.from(await answer.arrayBuffer())
    if (moment === 'after') return this.#onStall()
    const sent = [...answer.headers].filter(
      ([name]) => !/^(content-(encoding|length)|transfer-encoding)$/.test(name),
    )
    response.writeHead(answer.status, Object.fromEntries(sent)).end(body)
  }
}
