import type { Edit } from '../../sandbox/notion/control-edits.ts'
import type { TokenOrder } from '../../sandbox/notion/control-tokens.ts'
import type { FaultRule } from '../../sandbox/notion/faults.ts'
import type { LedgerCounters, LedgerEntry } from '../../sandbox/notion/ledger.ts'
import type { WorkspaceSeed } from '../../sandbox/notion/seed-format.ts'
import type { WebhookOrder } from '../../sandbox/notion/webhooks.ts'

/** The Notion stand-in's steering wheel, over HTTP. */
export class NotionControl {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  fault(rule: FaultRule): Promise<unknown> {
    return this.#send('POST', 'faults', rule)
  }

  clearFaults(): Promise<unknown> {
    return this.#send('DELETE', 'faults')
  }

  edit(edit: Edit): Promise<unknown> {
    return this.#send('POST', 'edit', edit)
  }

  token(order: TokenOrder): Promise<unknown> {
    return this.#send('POST', 'token', order)
  }

  seed(workspace: WorkspaceSeed): Promise<unknown> {
    return this.#send('POST', 'seed', workspace)
  }

  webhooks(order: WebhookOrder): Promise<unknown> {
    return this.#send('POST', 'webhooks', order)
  }

  settings(settings: { search_lag_ms?: number; rate_limit?: 'plan' | 'off' | number }): Promise<unknown> {
    return this.#send('POST', 'settings', settings)
  }

  async ledger(since = 0): Promise<{ counters: LedgerCounters; entries: LedgerEntry[] }> {
    return (await this.#send('GET', `ledger?since=${since}`)) as {
      counters: LedgerCounters
      entries: LedgerEntry[]
    }
  }

  /** A block as Notion itself has it now, read with a token of its own. */
  async block(id: string, token: string): Promise<{ to_do?: { checked: boolean } }> {
    const response = await fetch(`${this.url}/v1/blocks/${id}`, {
      headers: { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' },
    })
    return (await response.json()) as { to_do?: { checked: boolean } }
  }

  async #send(method: string, command: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/_sandbox/${command}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    })
    if (!response.ok) throw new Error(`_sandbox/${command}: ${response.status} ${await response.text()}`)
    return response.json()
  }
}
