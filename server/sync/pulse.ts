import type { AppContext } from '#server/context'
import { setSyncPause } from '#server/db/sync-jobs'
import { describeError } from '#server/logging/logger'
import type { Gate } from '#server/notion/gate'

const PULSE_MS = 5_000

/**
 * While a run goes on, says every few seconds that its worker is at it, and until when Notion has asked it to wait.
 * A run without a pulse is taken over by another worker.
 *
 * @param run.onLost the run is over (the workspace was disconnected) or somebody else's
 * @returns ends it
 */
export function startPulse(
  context: AppContext,
  run: { jobId: number; worker: number | undefined; gate: Gate; onLost: () => void },
): () => void {
  const { jobId, worker, gate, onLost } = run
  const beat = async (): Promise<void> => {
    const { pausedUntil } = gate.state()
    const isPaused = pausedUntil !== null && pausedUntil > Date.now()
    if (!(await setSyncPause(context.db, jobId, worker, isPaused ? new Date(pausedUntil) : null))) onLost()
  }
  const timer = setInterval(() => {
    beat().catch((error: unknown) => {
      context.log.warn({ event: 'sync.pulse_failed', jobId, ...describeError(error) })
    })
  }, PULSE_MS)
  return () => clearInterval(timer)
}
