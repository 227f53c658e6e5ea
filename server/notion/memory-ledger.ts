import type { BudgetLedger, EndedSlots, Refusal, SlotGrant, SlotRequest } from './budget'
import { WINDOW_MS } from './budget'
import type { Learnt, LearningLimits } from './budget-learning'
import { learnFromPassing, learnFromRefusal, NOTION_LIMITS, startLearning } from './budget-learning'

interface Bundle {
  slots: number
  people: number
  firstAt: number
  freesAt: number
}

export interface MemoryLedgerOptions {
  windowMs?: number
  limits?: LearningLimits
  /** The longest a request may take. */
  graceMs?: number
}

/** The books of one process. The same rules as `gate_exchange` in the database, which several share. */
export class MemoryLedger implements BudgetLedger {
  readonly #windowMs: number
  readonly #soonMs: number
  readonly #limits: LearningLimits
  readonly #graceMs: number
  #learnt: Learnt
  #bundles: Bundle[] = []
  #open = 0
  #pausedUntil = 0
  #probeUntil = 0

  constructor(options: MemoryLedgerOptions = {}) {
    this.#windowMs = options.windowMs ?? WINDOW_MS
    this.#soonMs = this.#windowMs / 30
    this.#limits = options.limits ?? NOTION_LIMITS
    this.#graceMs = options.graceMs ?? 30_000
    this.#learnt = startLearning(this.#limits)
  }

  async exchange(request: SlotRequest): Promise<SlotGrant> {
    const now = Date.now()
    this.#settle(request.ended, request.unused, now)
    const { budget } = this.#learnt
    const nothing = { people: 0, background: 0, isProbe: false, budget }
    if (this.#pausedUntil > now) {
      const pausedForMs = this.#pausedUntil - now
      return { ...nothing, pausedForMs, askInMs: pausedForMs, slotInMs: 0 }
    }
    const used = this.#used()
    const people = Math.min(request.people, Math.max(0, budget - used))
    const left = budget - this.#reserve(now) - used - people
    const background = Math.min(request.background, Math.max(0, left))
    const isProbe =
      people + background === 0 && request.people + request.background > 0 && this.#mayProbe(used, now)
    const granted = isProbe
      ? { people: Math.min(1, request.people), background: request.people > 0 ? 0 : 1 }
      : { people, background }
    if (isProbe) this.#probeUntil = now + this.#graceMs
    this.#open += granted.people + granted.background
    return {
      ...granted,
      isProbe,
      budget,
      pausedForMs: 0,
      askInMs: this.#askInMs(now),
      slotInMs: this.#slotInMs(now),
    }
  }

  async refused({ reason, pauseMs, sentAgoMs, isProbe, ended }: Refusal): Promise<void> {
    const now = Date.now()
    this.#settle(ended, 1, now)
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs)
    if (isProbe) this.#probeUntil = 0
    if (reason !== 'connection') return
    this.#learnt = learnFromRefusal(
      this.#learnt,
      { accepted: this.#proven(now), now, sentAt: now - sentAgoMs, isProbe },
      this.#limits,
    )
  }

  async probePassed(): Promise<void> {
    this.#probeUntil = 0
    this.#learnt = learnFromPassing(this.#learnt, this.#limits)
  }

  #settle(ended: EndedSlots | null, unused: number, now: number): void {
    this.#bundles = this.#bundles.filter(({ freesAt }) => freesAt > now)
    if (ended) {
      this.#bundles.push({
        slots: ended.count,
        people: ended.people,
        firstAt: now - ended.firstAgoMs,
        freesAt: now - ended.lastAgoMs + this.#windowMs,
      })
      this.#open -= ended.count
    }
    this.#open = Math.max(0, this.#open - unused)
  }

  #used(): number {
    return this.#open + sum(this.#bundles, ({ slots }) => slots)
  }

  /** Kept for people: a little always, more where they are busy, less when many slots are about to come back. */
  #reserve(now: number): number {
    const { budget } = this.#learnt
    const lately = sum(this.#bundles, ({ people }) => people)
    const reserve = Math.max(Math.ceil(budget * 0.03), Math.min(Math.floor(budget * 0.15), lately))
    const returning = sum(
      this.#bundles.filter(({ freesAt }) => freesAt <= now + this.#soonMs),
      ({ slots }) => slots,
    )
    return Math.max(0, reserve - returning)
  }

  /** Requests that reached Notion within one window of now, whatever it takes for its window. */
  #proven(now: number): number {
    return sum(
      this.#bundles.filter(({ firstAt }) => firstAt >= now - this.#windowMs),
      ({ slots }) => slots,
    )
  }

  /** Just before slots come back, when being refused costs next to nothing. */
  #mayProbe(used: number, now: number): boolean {
    const { budget, probeAt } = this.#learnt
    const isDue = probeAt <= now && this.#probeUntil <= now && budget < this.#limits.max
    const isNearEnd = (this.#nextAt() ?? Number.POSITIVE_INFINITY) <= now + this.#soonMs
    return isDue && isNearEnd && used >= budget && this.#proven(now) >= budget
  }

  #askInMs(now: number): number {
    const nextInMs = (this.#nextAt() ?? now + this.#windowMs) - now
    if (nextInMs > this.#soonMs) return Math.min(nextInMs - this.#soonMs, this.#windowMs / 12)
    const mayLearn = this.#learnt.budget < this.#limits.max && this.#learnt.probeAt <= now
    return mayLearn ? Math.min(nextInMs, this.#soonMs / 8) : nextInMs
  }

  #slotInMs(now: number): number {
    const ended = sum(this.#bundles, ({ slots }) => slots)
    return ended < this.#learnt.budget ? 0 : (this.#nextAt() ?? now) - now
  }

  #nextAt(): number | undefined {
    return this.#bundles.length === 0 ? undefined : Math.min(...this.#bundles.map(({ freesAt }) => freesAt))
  }
}

function sum(bundles: readonly Bundle[], pick: (bundle: Bundle) => number): number {
  return bundles.reduce((total, bundle) => total + pick(bundle), 0)
}
