import type { Browser } from './browser.ts'

/** A stream as EventSource reads it, with the moments its events arrived. */
export class LiveStream {
  readonly events: { type: string; id: string | null; data: string }[] = []
  readonly headers: Headers
  isOver = false
  readonly #stop: AbortController

  private constructor(response: Response, stop: AbortController) {
    this.headers = response.headers
    this.#stop = stop
    void this.#read(response)
  }

  static async open(browser: Browser, headers: Record<string, string> = {}): Promise<LiveStream> {
    const stop = new AbortController()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL('/api/sync/events', browser.origin), {
      headers: { cookie, ...headers },
      signal: stop.signal,
    })
    if (response.status !== 200) throw new Error(`events: ${response.status} ${await response.text()}`)
    return new LiveStream(response, stop)
  }

  async #read(response: Response): Promise<void> {
    let rest = ''
    try {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (rest + chunk).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) this.#take(block)
      }
    } catch {
      // Closed by us.
    }
    this.isOver = true
  }

  #take(block: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? null
    const type = field('event')
    if (type) this.events.push({ type, id: field('id'), data: field('data') ?? '' })
  }

  /** The newest change counter told so far. */
  get seq(): number {
    return Number(this.events.findLast(({ type }) => type === 'change')?.id ?? -1)
  }

  close(): void {
    this.#stop.abort()
  }
}
