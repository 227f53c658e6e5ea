import type { GateHolder } from '#server/db/notion-gate'
import { exchangeSlots, pauseGate, readLearning, storeLearning } from '#server/db/notion-gate'
import type { Sql } from '#server/db/pool'
import type { BudgetLedger, Refusal, SlotGrant, SlotRequest } from '#server/notion/budget'
import { WINDOW_MS } from '#server/notion/budget'
import type { Learnt, LearningLimits } from '#server/notion/budget-learning'
import { learnFromPassing, learnFromRefusal, NOTION_LIMITS } from '#server/notion/budget-learning'

export interface SharedLedgerOptions {
  windowMs?: number
  limits?: LearningLimits
  /** The longest a request may take. */
  graceMs?: number
}

/** So many instances do not refuse each other within one moment. */
const MAX_LEARNING_TRIES = 5

/** The books of a connection in PostgreSQL, shared by all instances. Throws when it cannot be reached. */
export class SharedLedger implements BudgetLedger {
  readonly #sql: Sql
  readonly #who: GateHolder
  readonly #windowMs: number
  readonly #graceMs: number
  readonly #limits: LearningLimits

  constructor(sql: Sql, who: GateHolder, options: SharedLedgerOptions = {}) {
    this.#sql = sql
    this.#who = who
    this.#windowMs = options.windowMs ?? WINDOW_MS
    this.#graceMs = options.graceMs ?? 30_000
    this.#limits = options.limits ?? NOTION_LIMITS
  }

  exchange({ people, background, ended, unused }: SlotRequest): Promise<SlotGrant> {
    return exchangeSlots(this.#sql, this.#who, {
      people,
      background,
      ended: ended?.count ?? 0,
      endedPeople: ended?.people ?? 0,
      firstAgoMs: ended?.firstAgoMs ?? 0,
      lastAgoMs: ended?.lastAgoMs ?? 0,
      unused,
      windowMs: this.#windowMs,
      graceMs: this.#graceMs,
      base: this.#limits.base,
      max: this.#limits.max,
    })
  }

  async refused({ reason, pauseMs, sentAgoMs, isProbe, ended }: Refusal): Promise<void> {
    await pauseGate(this.#sql, this.#who.key, pauseMs)
    await this.exchange({ people: 0, background: 0, ended, unused: 1 })
    if (reason !== 'connection') return
    await this.#learn((learnt, { accepted, now }) =>
      learnFromRefusal(learnt, { accepted, now, sentAt: now - sentAgoMs, isProbe }, this.#limits),
    )
  }

  async probePassed(): Promise<void> {
    await this.#learn((learnt) => learnFromPassing(learnt, this.#limits))
  }

  async #learn(rule: (learnt: Learnt, moment: { accepted: number; now: number }) => Learnt): Promise<void> {
    for (let tries = 0; tries < MAX_LEARNING_TRIES; tries += 1) {
      const known = await readLearning(this.#sql, this.#who.key, this.#windowMs)
      if (!known) return
      if (await storeLearning(this.#sql, this.#who.key, { ...known, ...rule(known, known) })) return
    }
  }
}
