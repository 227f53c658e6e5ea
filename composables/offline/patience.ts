import type { ApiError, FailureCode } from '~/composables/api/api-error'

/** What may go well the next time, without anybody doing anything. */
const PASSING: ReadonlySet<FailureCode> = new Set(['OFFLINE', 'TOO_MANY_REQUESTS', 'INTERNAL'])
const FIRST_MS = 1_000
const LONGEST_MS = 30_000
/** So often in a row a server that answers may fail. One that cannot be reached is waited for. */
const FAILURES_MAX = 3

/**
 * How long to wait after a failure: as long as the server says, else twice as long each time.
 *
 * @param onEnd called when it is time to try again
 */
export function patience(onEnd: () => void) {
  let failures = 0
  let waits = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function end(): void {
    clearTimeout(timer)
    timer = undefined
  }

  return {
    isOn: () => timer !== undefined,
    /** @returns false when waiting does not help, or has not helped often enough */
    begin(error: ApiError): boolean {
      if (!PASSING.has(error.code)) return false
      // Several were under way and have met the same failure.
      if (timer !== undefined) return true
      if (error.code !== 'OFFLINE' && ++failures > FAILURES_MAX) {
        failures = 0
        return false
      }
      const wait = error.retryAfter === undefined ? FIRST_MS * 2 ** waits : error.retryAfter * 1_000
      waits += 1
      end()
      timer = setTimeout(
        () => {
          timer = undefined
          onEnd()
        },
        Math.min(wait, LONGEST_MS),
      )
      return true
    },
    end,
    reset(): void {
      failures = 0
      waits = 0
      end()
    },
  }
}
