import type { Client } from '@notionhq/client'
import type { Attempt, NotionRequest } from './attempt'
import { attempt } from './attempt'
import { NotionError } from './errors'
import type { BudgetLedger } from './budget'
import { WINDOW_MS } from './budget'
import { NOTION_LIMITS } from './budget-learning'
import type { GatePriority, Waiting } from './gate-queue'
import { GateQueue } from './gate-queue'
import { MemoryLedger } from './memory-ledger'
import { backoffMs, isRepeatable, pauseMs } from './retry-policy'

export type { GatePriority } from './gate-queue'
export type NotionFetch = NonNullable<NonNullable<ConstructorParameters<typeof Client>[0]>['fetch']>

/** What this process knows. What all instances together have used stands in the ledger. */
export interface GateState {
  /** Requests a window, as learnt so far. */
  budget: number
  /** Epoch milliseconds until which Notion asked us to wait. */
  pausedUntil: number | null
  queued: number
  inFlight: number
}

export interface GateOptions {
  /** Keeps the budget; by default in this process alone. */
  ledger?: BudgetLedger
  /** A budget that is known and need not be learnt, for the ledger of this process. */
  budgetPerWindow?: number
  windowMs?: number
  maxInFlight?: number
  /** For one attempt, its body included. */
  timeoutMs?: number
  /** For a whole request: waiting, every attempt and the pauses between. */
  deadlineMs?: Readonly<Partial<Record<GatePriority, number>>>
  random?: () => number
  fetch?: typeof globalThis.fetch
  onPause?: (pause: { untilMs: number; status: number }) => void
}

/** The one way to Notion for a connection: budget, order, pauses and retries. */
export interface Gate {
  /** A `fetch` for the SDK. Aborting the signal ends waiting and running requests. */
  fetch: (priority: GatePriority, signal?: AbortSignal) => NotionFetch
  state: () => GateState
  /** Another instance has heard from Notion that the connection must wait. */
  pauseUntil: (atMs: number) => void
}

const MAX_TRIES = 5
/** A refusal for rate is no fault, but a limit that never lets go must end some day. */
const MAX_REFUSALS = 12
/**
 * Background work may sit out several windows; a person is told after less than half a minute, and what is kept
 * in the outbox waits there, not here.
 */
const DEADLINE_MS: Readonly<Record<GatePriority, number>> = {
  interactive: 25_000,
  bulk: 25_000,
  background: 900_000,
  mirror: 900_000,
}

/**
 * Makes a gate. Its fetch answers Notion's last reply when that was a refusal, for the SDK to read.
 * It throws NotionError: `unavailable` (network, timeout), `aborted`, `rate_limited` (no turn in time).
 */
export function createGate(options: GateOptions = {}): Gate {
  const windowMs = options.windowMs ?? WINDOW_MS
  const fixed = options.budgetPerWindow
  const limits = fixed === undefined ? NOTION_LIMITS : { base: fixed, max: fixed }
  const queue = new GateQueue({
    ledger: options.ledger ?? new MemoryLedger({ windowMs, limits }),
    windowMs,
    maxInFlight: options.maxInFlight ?? 8,
  })
  const deadlines = { ...DEADLINE_MS, ...options.deadlineMs }
  const timeoutMs = options.timeoutMs ?? 30_000
  const random = options.random ?? Math.random
  let nextOrder = 0

  /** One try in its turn; a rate limit stops the whole connection before the turn ends. */
  async function takeTurn(call: NotionRequest & Waiting, refusals: number): Promise<Attempt> {
    const turn = await queue.enter(call)
    const timeLeftMs = Math.max(1, call.deadlineAt - Date.now())
    const ended = attempt(call, Math.min(timeoutMs, timeLeftMs), options.fetch ?? fetch)
    const result = await ended.catch((cause: unknown) => {
      turn.leave({ passed: false })
      throw cause
    })
    if (result.outcome === 'rate_limited') {
      const untilMs = Date.now() + pauseMs(result.retryAfterMs, refusals + 1)
      turn.refuse({ untilMs, reason: result.reason })
      options.onPause?.({ untilMs, status: result.reply.status })
    } else {
      turn.leave({ passed: result.reply !== undefined })
    }
    return result
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
      budget: queue.budget,
      pausedUntil: queue.pausedUntil,
      queued: queue.queued,
      inFlight: queue.inFlight,
    }),
    pauseUntil: (atMs) => queue.pauseUntil(atMs),
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
