import { createHash } from 'node:crypto'
import pino from 'pino'

/**
 * One structured line per event, on standard output. Say what happened with ids, codes and counts:
 * never titles, texts, e-mail addresses, tokens, codes or states.
 */
export const logger = pino({
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
})

export type Logger = Pick<typeof logger, 'info' | 'warn' | 'error'>

/** Lets a person's lines be found together without writing down who they are. */
export function hashedUser(userId: string): string {
  return createHash('sha256').update(userId).digest('hex').slice(0, 12)
}

/** What a log line may say of a failure: the kinds and codes our own errors carry, not foreign messages. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  // Our own messages are made of fixed words; anything else may quote data, so only its name and place count.
  const known = /^(AppError|NotionError|DatabaseError|TokenCipherError|EnvironmentError)$/.test(error.name)
  return { error: error.name, ...code, ...(known ? { message: error.message } : { at: firstFrame(error) }), ...cause }
}

function firstFrame(error: Error): string | undefined {
  return error.stack
    ?.split('\n')
    .find((line) => line.trimStart().startsWith('at '))
    ?.trim()
}
