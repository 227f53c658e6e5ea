import type { BudgetLedger } from '#server/notion/budget'

/** After a failure the books are asked again this much later. */
const RETRY_MS = 5_000

/**
 * Keeps the budget in the shared books, and in this process alone while those cannot be reached: reading
 * goes on, and another instance's requests are not counted meanwhile.
 *
 * @param onChange the shared books are lost, or back
 */
export function insure(
  shared: BudgetLedger,
  own: BudgetLedger,
  onChange: (change: { lost: boolean; error?: unknown }) => void,
  retryMs = RETRY_MS,
): BudgetLedger {
  let lostUntil = 0

  async function ask<T>(work: (ledger: BudgetLedger) => Promise<T>): Promise<T> {
    if (Date.now() < lostUntil) return work(own)
    try {
      const answer = await work(shared)
      if (lostUntil > 0) {
        lostUntil = 0
        onChange({ lost: false })
      }
      return answer
    } catch (error) {
      if (lostUntil === 0) onChange({ lost: true, error })
      lostUntil = Date.now() + retryMs
      return work(own)
    }
  }

  return {
    exchange: (request) => ask((ledger) => ledger.exchange(request)),
    refused: (refusal) => ask((ledger) => ledger.refused(refusal)),
    probePassed: () => ask((ledger) => ledger.probePassed()),
  }
}
