import type { Client } from '@notionhq/client'
import type { Attempt, NotionRequest } from './attempt'
import { attempt } from './attempt'
import { NotionError } from './errors'
import type { GatePriority, Waiting } from './gate-queue'
import { GateQueue } from './gate-queue'
import { backoffMs, isRepeatable, pauseMs } from './retry-policy'

export type { GatePriority } from './gate-queue'
export type NotionFetch = NonNullable<NonNullable<ConstructorParameters<typeof Client>[0]>['fetch']>

export interface GateState {
  /** Requests of this window, in flight ones included. */
  used: number
  budget: number
  /** Epoch milliseconds when the next used request leaves the window. */
  resetsAt: number | null
  /** Epoch milliseconds until which Notion asked us to wait. */
  pausedUntil: number | null
  queued: number
}

export interface GateOptions {
  /** Requests per window; notion-api.md §8: 180 per minute on the smallest plan. */
  budgetPerWindow?: number
  windowMs?: number
  maxInFlight?: number
  /** For one attempt, its body included. */
  timeoutMs?: number
  /** For a whole request: waiting, every attempt and the pauses between. */
  deadlineMs?: Readonly<Record<GatePriority, number>>
  random?: () => number
  fetch?: typeof globalThis.fetch
  onPause?: (pause: { untilMs: number; status: number }) => void
}

/** The one way to Notion for a connection: budget, order, pauses and retries. */
export interface Gate {
  /** A `fetch` for the SDK. Aborting the signal ends waiting and running requests. */
  fetch: (priority: GatePriority, signal?: AbortSignal) => NotionFetch
  state: () => GateState
}

const MAX_TRIES = 5
/** A refusal for rate is no fault, but a limit that never lets go must end some day. */
const MAX_REFUSALS = 12
/** Background work may sit out several windows; a person is told after less than half a minute. */
const DEADLINE_MS: Readonly<Record<GatePriority, number>> = { interactive: 25_000, background: 900_000 }

/**
 * Makes a gate. Its fetch answers Notion's last reply when that was a refusal, for the SDK to read.
 * It throws NotionError: `unavailable` (network, timeout), `aborted`, `rate_limited` (no turn in time).
 */
export function createGate(options: GateOptions = {}): Gate {
  const budget = options.budgetPerWindow ?? 180
  const queue = new GateQueue({
    budgetPerWindow: budget,
    windowMs: options.windowMs ?? 60_000,
    maxInFlight: options.maxInFlight ?? 8,
    interactiveReserve: Math.floor(budget / 10),
  })
  const deadlines = options.deadlineMs ?? DEADLINE_MS
  const timeoutMs = options.timeoutMs ?? 30_000
  const random = options.random ?? Math.random
  let nextOrder = 0

  /** One try in its turn; a rate limit stops the whole connection before the turn ends. */
  async function takeTurn(call: NotionRequest & Waiting, refusals: number): Promise<Attempt> {
    const leave = await queue.enter(call)
    let refused = false
    try {
      const timeLeftMs = Math.max(1, call.deadlineAt - Date.now())
      const result = await attempt(call, Math.min(timeoutMs, timeLeftMs), options.fetch ?? fetch)
      if (result.outcome === 'rate_limited') {
        refused = true
        const untilMs = Date.now() + pauseMs(result.retryAfterMs, refusals + 1)
        queue.pauseUntil(untilMs)
        options.onPause?.({ untilMs, status: result.reply.status })
      }
      return result
    } finally {
      leave({ refused })
    }
  }

  async function send(call: NotionRequest & Waiting): Promise<Response> {
    const repeatable = isRepeatable(call.method, call.url, call.body)
    const inTime = (atMs: number) => atMs < call.deadlineAt
    let faults = 0
    let refusals = 0
    for (;;) {
      const result = await takeTurn(call, refusals)
      if (result.outcome === 'answered') return result.reply
      if (result.outcome === 'rate_limited') {
        // Refused before it was carried out, so even a request that creates may come again.
        refusals += 1
        if (refusals >= MAX_REFUSALS || !inTime(queue.pausedUntil ?? 0)) return result.reply
        continue
      }
      faults += 1
      const delayMs = Math.max(backoffMs(faults, random), result.error.retryAfterMs ?? 0)
      if (!repeatable || faults >= MAX_TRIES || !inTime(Date.now() + delayMs)) {
        if (result.reply) return result.reply
        throw result.error
      }
      await sleep(delayMs, call.signal)
    }
  }

  return {
    fetch: (priority, signal) => (url, init) =>
      send({
        url,
        method: init?.method ?? 'GET',
        headers: init?.headers ?? {},
        body: init?.body,
        signal,
        priority,
        order: nextOrder++,
        deadlineAt: Date.now() + deadlines[priority],
      }),
    state: () => ({
      used: queue.used,
      budget,
      resetsAt: queue.nextSlotAt,
      pausedUntil: queue.pausedUntil,
      queued: queue.queued,
    }),
  }
}

/** Gates of this process by connection. One whose window is empty remembers nothing worth keeping. */
const gates = new Map<string, Gate>()
const GATES_KEPT = 500

/** The gate of a connection: everything in this process that uses its token shares one budget. */
export function gateFor(connectionKey: string): Gate {
  const known = gates.get(connectionKey)
  if (known) return known
  if (gates.size >= GATES_KEPT) forgetIdleGates()
  const gate = createGate()
  gates.set(connectionKey, gate)
  return gate
}

function forgetIdleGates(): void {
  for (const [key, gate] of gates) {
    const { used, pausedUntil, queued } = gate.state()
    if (used === 0 && queued === 0 && pausedUntil === null) gates.delete(key)
  }
}

function sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(new NotionError('aborted'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    }, delayMs)
    if (signal?.aborted) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
  })
}
