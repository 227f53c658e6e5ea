import { BASE_BUDGET, MAX_BUDGET } from './budget'

/** What is known about how many requests a window takes. Times in epoch milliseconds. */
export interface Learnt {
  budget: number
  /** Requests beyond the budget that were let through, one after the other. */
  confirmed: number
  /** Refusals in a row. */
  failures: number
  /** Not before is more than the budget tried. */
  probeAt: number
  refusedAt: number
}

export interface LearningLimits {
  base: number
  max: number
}

export const NOTION_LIMITS: LearningLimits = { base: BASE_BUDGET, max: MAX_BUDGET }

const DAY_MS = 86_400_000
/** A budget below the smallest plan's is somebody else's doing and may be over soon. */
const FIRST_RETRY_MS = 600_000
const HOUR_MS = 3_600_000
/** A window that lets through less is no budget but a failure: pausing is enough. */
const MIN_BUDGET = 5
/** So many in a row are no accident of where Notion cuts its windows. */
const CONFIRMATIONS = 3

export function startLearning({ base }: LearningLimits): Learnt {
  return {
    budget: base,
    confirmed: 0,
    failures: 0,
    probeAt: Number.NEGATIVE_INFINITY,
    refusedAt: Number.NEGATIVE_INFINITY,
  }
}

/** One more than the budget was let through. After a few of those it is the next plan's budget that is tried. */
export function learnFromPassing(learnt: Learnt, { base, max }: LearningLimits): Learnt {
  const confirmed = learnt.confirmed + 1
  const next = learnt.budget < base ? Math.min(base, learnt.budget * 2) : max
  return {
    ...learnt,
    budget: Math.min(max, confirmed < CONFIRMATIONS ? learnt.budget + 1 : Math.max(next, learnt.budget)),
    confirmed,
    failures: 0,
  }
}

/**
 * A request was refused for rate. One sent before the last refusal says nothing new.
 *
 * @param refusal.accepted how many requests the window had certainly let through
 */
export function learnFromRefusal(
  learnt: Learnt,
  refusal: { accepted: number; now: number; sentAt: number; isProbe: boolean },
  { base }: LearningLimits,
): Learnt {
  const { accepted, now, sentAt, isProbe } = refusal
  if (sentAt <= learnt.refusedAt) return learnt
  const failures = now - learnt.refusedAt > HOUR_MS ? 0 : learnt.failures
  const budget = isProbe ? learnt.budget : lowered({ ...learnt, failures }, accepted, base)
  return {
    budget,
    confirmed: 0,
    failures: failures + 1,
    // A plan is changed once in a while; below the smallest plan it is worth asking sooner.
    probeAt: now + (budget >= base ? DAY_MS : Math.min(DAY_MS, FIRST_RETRY_MS * 2 ** failures)),
    refusedAt: now,
  }
}

function lowered({ budget, failures }: Learnt, accepted: number, base: number): number {
  // Refused although we kept to it: windows cut elsewhere than ours, or somebody else with the same token.
  if (accepted >= budget)
    return budget > base ? base : Math.max(Math.min(budget, MIN_BUDGET), Math.floor(budget * 0.9))
  // A refusal after few requests of ours was somebody else's doing, unless it comes again and again.
  const isOurs = accepted >= budget / 4 || (accepted >= MIN_BUDGET && failures >= 2)
  return isOurs ? Math.max(Math.min(budget, MIN_BUDGET), accepted) : budget
}
