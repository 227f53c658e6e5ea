import { useRegion } from './useRegion'

const MINUTE_MS = 60_000

/**
 * "14:03" as the reader writes it, for something that has to be waited for: never earlier than it is. Only where
 * the reader's time zone is known, that is in the browser.
 */
export function useClockTime(): (instant: Date) => string {
  const region = useRegion()
  const format = computed(() => new Intl.DateTimeFormat(region.value, { timeStyle: 'short' }))
  return (instant) => format.value.format(Math.ceil(instant.getTime() / MINUTE_MS) * MINUTE_MS)
}
