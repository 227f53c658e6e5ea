/** One request to the API as the stand-in saw it. Tokens are never written down, only whose they are. */
export interface LedgerEntry {
  seq: number
  time: string
  method: string
  path: string
  query: string
  /** The endpoint's template, such as `/v1/blocks/{block_id}/children`; null for an unknown address. */
  endpoint: string | null
  status: number | null
  botId: string | null
  tokenKind: string | null
  /** The kind of the fault that was played, if one was. */
  fault: string | null
  durationMs: number
}

export interface LedgerCounters {
  total: number
  /** By method and endpoint, such as `GET /v1/blocks/{block_id}/children`. */
  byEndpoint: Record<string, number>
  byStatus: Record<string, number>
  rateLimited: number
  /** To-dos patched with `rich_text`: each flattens mentions and dates, so a careful client has none. */
  richTextFlattenings: number
  maxInFlight: number
}

const ENTRIES_KEPT = 50_000

/** What was asked of the stand-in, for tests that count requests or look for what must not be sent. */
export class Ledger {
  #entries: LedgerEntry[] = []
  #seq = 0
  #inFlight = 0
  #maxInFlight = 0
  #flattenings = 0

  open(entry: Omit<LedgerEntry, 'seq' | 'status' | 'durationMs'>): LedgerEntry {
    this.#seq += 1
    this.#inFlight += 1
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight)
    const opened: LedgerEntry = { seq: this.#seq, ...entry, status: null, durationMs: 0 }
    this.#entries.push(opened)
    if (this.#entries.length > ENTRIES_KEPT) this.#entries.shift()
    return opened
  }

  close(entry: LedgerEntry, status: number | null, durationMs: number): void {
    this.#inFlight -= 1
    entry.status = status
    entry.durationMs = durationMs
  }

  countFlattening(): void {
    this.#flattenings += 1
  }

  /** The entries after `since` (a `seq`), oldest first. */
  entries(since = 0): LedgerEntry[] {
    return this.#entries.filter(({ seq }) => seq > since)
  }

  counters(): LedgerCounters {
    const byEndpoint: Record<string, number> = {}
    const byStatus: Record<string, number> = {}
    for (const { method, endpoint, path, status } of this.#entries) {
      const key = `${method} ${endpoint ?? path}`
      byEndpoint[key] = (byEndpoint[key] ?? 0) + 1
      byStatus[String(status)] = (byStatus[String(status)] ?? 0) + 1
    }
    return {
      total: this.#entries.length,
      byEndpoint,
      byStatus,
      rateLimited: byStatus['429'] ?? 0,
      richTextFlattenings: this.#flattenings,
      maxInFlight: this.#maxInFlight,
    }
  }

  clear(): void {
    this.#entries = []
    this.#maxInFlight = this.#inFlight
    this.#flattenings = 0
  }
}
