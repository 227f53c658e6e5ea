/** Requests per window on the smallest plan, and on the largest (notion-api.md §8). */
export const BASE_BUDGET = 180
export const MAX_BUDGET = 600
export const WINDOW_MS = 60_000

/** Slots whose requests have ended since the last exchange. */
export interface EndedSlots {
  count: number
  /** How many of them people waited for. */
  people: number
  /** When the first of them was sent and the last one ended, milliseconds ago. */
  firstAgoMs: number
  lastAgoMs: number
}

export interface SlotRequest {
  /** Slots wanted for people who wait. */
  people: number
  /** Slots wanted for work in the background. */
  background: number
  ended: EndedSlots | null
  /** Slots taken earlier that are not needed. */
  unused: number
}

export interface SlotGrant {
  people: number
  background: number
  /** The one slot granted lies beyond the budget: whether Notion lets it through is to be reported. */
  isProbe: boolean
  budget: number
  /** When asking again makes sense, if less was granted than wanted. */
  askInMs: number
  /** No slot comes back before, whoever asks; 0 while there is any. */
  slotInMs: number
  /** 0 when Notion has not asked to pause. */
  pausedForMs: number
}

/** Which of Notion's limits a refusal was about (notion-api.md §8). Only the first says anything about our budget. */
export type LimitReason = 'connection' | 'space' | 'endpoint' | 'overload'

export interface Refusal {
  reason: LimitReason
  pauseMs: number
  /** How long ago the refused request was sent. */
  sentAgoMs: number
  isProbe: boolean
  ended: EndedSlots | null
}

/**
 * Keeps the books of one connection's budget: a slot is taken before a request is sent, and comes back one
 * window after it ended, so that however Notion cuts its windows and whatever the network adds, none of them
 * sees more than the budget.
 */
export interface BudgetLedger {
  exchange: (request: SlotRequest) => Promise<SlotGrant>
  /** Notion asked to slow down: everybody who shares the budget stops, and the budget is learnt from it. */
  refused: (refusal: Refusal) => Promise<void>
  /** The request beyond the budget was let through. */
  probePassed: () => Promise<void>
}
