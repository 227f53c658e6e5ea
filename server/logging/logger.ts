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

/** Names and codes are short words; anything longer could be somebody's data in the wrong place. */
const WORD = /^[A-Za-z0-9_.-]{1,60}$/

/** What a log line may say of a failure: the kinds and codes our own errors carry, not foreign messages. */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const name = WORD.test(error.name) ? error.name : 'Error'
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
  const code =
    'code' in error && typeof error.code === 'string' && WORD.test(error.code) ? { code: error.code } : {}
  // Our own messages are made of fixed words; anything else may quote data, so only its name and place count.
  const known = /^(AppError|NotionError|DatabaseError|TokenCipherError|EnvironmentError)$/.test(name)
  return {
    error: name,
    ...code,
    ...(known ? { message: error.message } : { at: firstFrame(error) }),
    ...cause,
  }
}

/** Where it was thrown. The stack begins with the message, whose lines may look like frames. */
function firstFrame({ stack = '', message }: Error): string | undefined {
  const end = stack.indexOf(message)
  if (end < 0) return undefined
  return stack
    .slice(end + message.length)
    .split('\n')
    .find((line) => line.trimStart().startsWith('at '))
    ?.trim()
}
