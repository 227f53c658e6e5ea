import { NotionApiError } from './errors.ts'
import type { WorkspaceRecord } from './records.ts'

export const RATE_WINDOW_MS = 60_000
const REQUESTS_PER_WINDOW = { free: 180, plus: 180, business: 600, enterprise: 600 } as const

/** `plan`: by the workspace's plan; a number: that many in each window; `off`: no limit. */
export type RateBudget = 'plan' | 'off' | number

/** The request budget of each connection: a sliding 60-second window that may be spent in one burst. */
export class RateLimit {
  budget: RateBudget
  windowMs: number
  #spent = new Map<string, number[]>()

  constructor(budget: RateBudget = 'plan', windowMs: number = RATE_WINDOW_MS) {
    this.budget = budget
    this.windowMs = windowMs
  }

  /**
   * Counts one request of a bot.
   * @throws NotionApiError 429 rate_limited with Retry-After when the window is spent (notion-api.md §8)
   */
  spend(botId: string, plan: WorkspaceRecord['plan'], now: number): void {
    if (this.budget === 'off') return
    const allowed = this.budget === 'plan' ? REQUESTS_PER_WINDOW[plan] : this.budget
    const recent = (this.#spent.get(botId) ?? []).filter((time) => time > now - this.windowMs)
    this.#spent.set(botId, recent)
    const oldest = recent[0]
    if (recent.length >= allowed)
      throw rateLimited(Math.max(1, Math.ceil(((oldest ?? now) + this.windowMs - now) / 1000)))
    recent.push(now)
  }

  clear(): void {
    this.#spent.clear()
  }
}

export function rateLimited(
  retryAfterSeconds: number,
  reason = 'public_api_request_rate_limit',
): NotionApiError {
  return new NotionApiError(
    429,
    'rate_limited',
    'You have been rate limited. Please try again in a few minutes.',
    {
      retryAfterSeconds,
      additionalData: { rate_limit_reason: reason, retry_after: String(retryAfterSeconds) },
    },
  )
}
