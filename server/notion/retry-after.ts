/**
 * Reads a Retry-After value: seconds, or a date (RFC 9110 §10.2.3). Never negative.
 * @returns milliseconds from now; `undefined` when absent or unreadable
 */
export function retryAfterMs(value: string | null | undefined, nowMs = Date.now()): number | undefined {
  if (!value) return undefined
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1000))
  const dateMs = Date.parse(value)
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs)
}
