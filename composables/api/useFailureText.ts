import { useClock } from '~/composables/time/useClock'
import { useClockTime } from '~/composables/time/useClockTime'
import type { FailureCode } from './api-error'
import { useRetryTimes } from './useRetryTimes'

/** Failures that pass with time: they have an advice that names when. */
const PASSING = ['NOTION_RATE_LIMITED', 'TOO_MANY_REQUESTS'] as const

/**
 * The sentence for a failure and what to do about it, in the reader's language. While the server has said that only
 * waiting helps, the advice says until when.
 */
export function useFailureText(): (code: FailureCode) => { sentence: string; advice: string } {
  const { t } = useI18n()
  const now = useClock()
  const clockTime = useClockTime()
  const { times } = useRetryTimes()

  function advice(code: FailureCode): string {
    const passing = PASSING.find((one) => one === code)
    const at = times.value[code]
    if (!passing || at === undefined || at <= now.value.getTime()) return t(`errors.${code}.advice`)
    return t(`errors.${passing}.adviceUntil`, { time: clockTime(new Date(at)) })
  }

  return (code) => ({ sentence: t(`errors.${code}.sentence`), advice: advice(code) })
}
