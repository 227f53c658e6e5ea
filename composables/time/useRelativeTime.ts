import { useClock } from './useClock'
import { useRegion } from './useRegion'

const MINUTE_S = 60
const HOUR_S = 3_600
const DAY_S = 86_400

/** "3 minutes ago" for an instant, ticking along; a date once it is more than a day old. */
export function useRelativeTime(instant: MaybeRefOrGetter<string | null>) {
  const region = useRegion()
  const now = useClock()
  return computed(() => {
    const value = toValue(instant)
    return value === null ? null : relativeTime(new Date(value), now.value, region.value)
  })
}

export function relativeTime(instant: Date, now: Date, locale: string): string {
  const seconds = Math.round((instant.getTime() - now.getTime()) / 1000)
  const age = Math.abs(seconds)
  if (age >= DAY_S) return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(instant)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  if (age >= HOUR_S) return format.format(Math.trunc(seconds / HOUR_S), 'hour')
  if (age >= MINUTE_S) return format.format(Math.trunc(seconds / MINUTE_S), 'minute')
  return format.format(0, 'second')
}
