import type { BudgetLedger, EndedSlots, SlotGrant } from './budget'
import type { GatePriority } from './gate-queue'

/** A bundle this large makes books cost a small part of a round trip a request. */
const MAX_BUNDLE = 16

export interface Wanted {
  people: number
  background: number
}

/**
 * The slots that one process holds. They are taken in bundles, larger ones while work goes on, and what is
 * not needed is given back a moment later.
 */
export class SlotPool {
  readonly #ledger: BudgetLedger
  /** Within this, one bundle follows another; after it, what is left of the last goes back. */
  readonly #quietMs: number
  #people = 0
  #background = 0
  #probe = false
  #ended: { count: number; people: number; firstAt: number; lastAt: number } | null = null
  #bundle = 2
  #askedAt = Number.NEGATIVE_INFINITY
  #asking = false
  #waitUntil = { people: 0, background: 0 }

  constructor(ledger: BudgetLedger, windowMs: number) {
    this.#ledger = ledger
    this.#quietMs = Math.min(1_000, windowMs / 30)
  }

  get quietMs(): number {
    return this.#quietMs
  }

  /** Is there anything to tell the books, or to give back? */
  get hasLoose(): boolean {
    return this.#ended !== null || this.#held > 0
  }

  get #held(): number {
    return this.#people + this.#background
  }

  /** Slots granted for people are theirs; people may use any. */
  has(priority: GatePriority): boolean {
    return priority === 'interactive' ? this.#held > 0 : this.#background > 0
  }

  /** Takes one that is there. @returns whether it lies beyond the budget */
  take(priority: GatePriority): { isProbe: boolean } {
    if (priority === 'interactive' && this.#people > 0) this.#people -= 1
    else this.#background -= 1
    const isProbe = this.#probe
    this.#probe = false
    return { isProbe }
  }

  /** A request has ended whose slot is to come back one window from now. */
  end(request: { priority: GatePriority; startedAt: number }): void {
    const now = Date.now()
    const people = request.priority === 'interactive' ? 1 : 0
    this.#ended = {
      count: (this.#ended?.count ?? 0) + 1,
      people: (this.#ended?.people ?? 0) + people,
      firstAt: Math.min(this.#ended?.firstAt ?? now, request.startedAt),
      lastAt: now,
    }
  }

  /** What the books have not been told yet; they are told by whoever takes it. */
  takeEnded(): EndedSlots | null {
    const ended = this.#ended
    this.#ended = null
    if (!ended) return null
    const now = Date.now()
    return {
      count: ended.count,
      people: ended.people,
      firstAgoMs: now - ended.firstAt,
      lastAgoMs: now - ended.lastAt,
    }
  }

  /** When asking for this makes sense; null while an answer is awaited, or when nothing is lacking. */
  askAt(waiting: Wanted): number | null {
    if (this.#asking) return null
    const lacking = this.#lacking(waiting)
    const times = [
      ...(lacking.people > 0 ? [this.#waitUntil.people] : []),
      ...(lacking.background > 0 ? [this.#waitUntil.background] : []),
    ]
    return times.length > 0 ? Math.min(...times) : null
  }

  /** Takes what is lacking, as far as there is any. */
  async ask(waiting: Wanted, budget: number): Promise<SlotGrant> {
    const now = Date.now()
    const isBusy = now - this.#askedAt <= 2 * this.#quietMs
    this.#bundle = Math.max(1, Math.min(isBusy ? this.#bundle * 2 : 2, MAX_BUNDLE, Math.floor(budget / 8)))
    this.#askedAt = now
    const lacking = this.#lacking(waiting)
    const grant = await this.#exchange({ ...lacking, unused: 0 })
    const again = Date.now() + grant.askInMs
    if (grant.people < lacking.people) this.#waitUntil.people = again
    if (grant.background < lacking.background) this.#waitUntil.background = again
    this.#people += grant.people
    this.#background += grant.background
    this.#probe ||= grant.isProbe
    return grant
  }

  /** Tells the books what has ended, and gives back what is held. */
  async giveBack(): Promise<void> {
    if (this.#asking) return
    const unused = this.#held
    this.#people = 0
    this.#background = 0
    this.#probe = false
    await this.#exchange({ people: 0, background: 0, unused })
  }

  #lacking(waiting: Wanted): Wanted {
    const people = Math.max(0, waiting.people - this.#held)
    const background = waiting.background > 0 ? Math.max(0, this.#bundle - this.#background) : 0
    return { people, background: this.#background > 0 ? 0 : background }
  }

  async #exchange(request: Wanted & { unused: number }): Promise<SlotGrant> {
    this.#asking = true
    try {
      return await this.#ledger.exchange({ ...request, ended: this.takeEnded() })
    } finally {
      this.#asking = false
    }
  }
}
