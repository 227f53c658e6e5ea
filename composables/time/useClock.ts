import { createSharedComposable, useIntervalFn, useNow } from '@vueuse/core'

/** Fine enough for "a minute ago" and "overdue". */
const TICK_MS = 10_000

/** The current time, ticking along: one clock for everybody, since every to-do with a date looks at it. */
export const useClock = createSharedComposable(() =>
  useNow({ scheduler: (tick) => useIntervalFn(tick, TICK_MS, { immediate: true }) }),
)
