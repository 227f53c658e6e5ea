import { z } from 'zod'
import { listenTo } from '#server/live/listener'
import { pauseKnownGate } from './gates'

/** The channel of `pauseGate`. */
const CHANNEL = 'roundup_gate'

const PauseSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'not JSON' })
      return z.NEVER
    }
  })
  .pipe(z.strictObject({ key: z.string(), pauseMs: z.number().nonnegative() }))

/**
 * Hears at once when another instance was refused. What is missed while the connection is broken shows with
 * the next slots that are asked for.
 *
 * @returns ends it
 */
export function listenForPauses(databaseUrl: string): () => void {
  return listenTo(databaseUrl, [CHANNEL], {
    onMessage: (_, payload) => {
      const pause = PauseSchema.safeParse(payload)
      if (pause.success) pauseKnownGate(pause.data.key, Date.now() + pause.data.pauseMs)
    },
    onGap: () => undefined,
  })
}
