import type { SyncStatus } from '#shared/schemas/todo'
import { useHydrated } from '~/composables/session/useHydrated'
import { useClock } from './useClock'
import { useClockTime } from './useClockTime'

/**
 * Until when Notion has asked to be left alone, as the reader writes times: of a reading, or of everything. `null`
 * when it has not, or when that is over.
 */
export function usePausedUntil(sync: () => SyncStatus | null) {
  const now = useClock()
  const clockTime = useClockTime()
  // The server knows no time zone of the reader's.
  const hydrated = useHydrated()
  return computed(() => {
    const status = sync()
    const until = status?.retryAt ?? status?.budget?.pausedUntil ?? null
    if (until === null || !hydrated.value || Date.parse(until) <= now.value.getTime()) return null
    return clockTime(new Date(until))
  })
}
