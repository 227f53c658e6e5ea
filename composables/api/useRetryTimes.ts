import type { ApiError, FailureCode } from './api-error'

/** When trying again makes sense, for each kind of failure that the server gave a time for, in ms since 1970. */
export function useRetryTimes() {
  const times = useState<Partial<Record<FailureCode, number>>>('retry-times', () => ({}))

  /** Notes what the server said with a failure. What comes later is what holds. */
  function note({ code, retryAfter }: ApiError): void {
    if (retryAfter === undefined) return
    times.value = { ...times.value, [code]: Date.now() + retryAfter * 1_000 }
  }

  return { times, note }
}
