import { dayIn, daysBetween, isDateOnly } from './due-tone'
import type { DueDate } from './due'

/** Stretches of time as a person plans, in the order in which they come. */
export const DUE_BUCKETS = ['overdue', 'today', 'tomorrow', 'week', 'later', 'none'] as const
export type DueBucket = (typeof DUE_BUCKETS)[number]

/** `week`: today and the six days after it, whatever day the week begins on. */
const WEEK_DAYS = 7

/**
 * Tells for many dates at one moment where they fall. Days and moments are read as `dueTone` reads them.
 *
 * @param timeZone IANA name, of the reader
 */
export function dueBuckets(now: Date, timeZone: string): (due: DueDate | null) => DueBucket {
  const today = dayIn(now, timeZone)
  const dayOf = (value: string) => (isDateOnly(value) ? value : dayIn(new Date(value), timeZone))
  return (due) => {
    if (!due) return 'none'
    const last = due.end ?? due.start
    if (isDateOnly(last) ? last < today : Date.parse(last) < now.getTime()) return 'overdue'
    const first = dayOf(due.start)
    if (first <= today) return 'today'
    const days = daysBetween(today, first)
    if (days === 1) return 'tomorrow'
    return days < WEEK_DAYS ? 'week' : 'later'
  }
}
