import type { ErrorCode } from '#shared/schemas/error'
import type { MirrorReport } from '#server/db/mirrors'

/** What a run has done so far, besides what the map remembers. */
export class Tally {
  done = 0
  total = 0
  tickedBack = 0
  conflicts = 0
  doubles = 0
  readonly #errors = new Map<ErrorCode, number>()

  addError(code: ErrorCode, count = 1): void {
    if (count > 0) this.#errors.set(code, (this.#errors.get(code) ?? 0) + count)
  }

  /** The reason of most failures; null when there was none. */
  get worst(): ErrorCode | null {
    const [first] = [...this.#errors].sort(([, one], [, other]) => other - one)
    return first?.[0] ?? null
  }

  report(): MirrorReport {
    const { tickedBack, conflicts, doubles } = this
    return {
      tickedBack,
      conflicts,
      doubles,
      errors: [...this.#errors].map(([code, count]) => ({ code, count })),
    }
  }
}
