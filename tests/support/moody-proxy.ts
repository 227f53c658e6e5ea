import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { findFreePort } from '../../sandbox/stack/ports.ts'

/** Stands in front of a server and, while it is told so, answers some of its paths with a status of its own. */
export class MoodyProxy {
  readonly url: string
  /** Method and path of what came, in order. */
  readonly seen: string[] = []
  #mood: { path: string; status: number } | null = null
  readonly #server: Server

  private constructor(target: string, port: number) {
    this.url = `http://localhost:${port}`
    this.#server = createServer((request, response) => {
      void (async () => {
        const { pathname, search } = new URL(request.url ?? '/', target)
        this.seen.push(`${request.method} ${pathname}`)
        if (this.#mood && pathname === this.#mood.path) {
          return response.writeHead(this.#mood.status, { 'content-type': 'application/json' }).end('{}')
        }
        const {
          host: _,
          connection: __,
          'content-length': ___,
          'transfer-encoding': ____,
          ...headers
        } = request.headers
        const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
        const answer = await fetch(target + pathname + search, {
          method: request.method ?? 'GET',
          headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
          ...(body.length > 0 && { body }),
        })
        const sent = [...answer.headers].filter(
          ([name]) => !/^(content-(encoding|length)|transfer-encoding)$/.test(name),
        )
        response
          .writeHead(answer.status, Object.fromEntries(sent))
          .end(Buffer.from(await answer.arrayBuffer()))
      })().catch(() => response.destroy())
    })
  }

  static async open(target: string): Promise<MoodyProxy> {
    const port = await findFreePort()
    const proxy = new MoodyProxy(target, port)
    await new Promise<void>((resolve) => proxy.#server.listen(port, resolve))
    return proxy
  }

  /** From now on this path is answered so; null lets everything through again. */
  answer(mood: { path: string; status: number } | null): void {
    this.#mood = mood
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
