import type { DueDate } from './due'

export type DueTone = 'overdue' | 'today' | 'soon' | 'later'

/** "Soon" is within a week. */
const SOON_DAYS = 7
const DAY_MS = 86_400_000

/** Making a formatter costs far more than using one, and a long list asks for many days. */
const dayFormats = new Map<string, Intl.DateTimeFormat>()

/** The calendar day of an instant in a time zone, as `YYYY-MM-DD`. */
export function dayIn(instant: Date, timeZone: string): string {
  let format = dayFormats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    dayFormats.set(timeZone, format)
  }
  // Years before 1000 are written as short as they are.
  return format.format(instant).padStart('YYYY-MM-DD'.length, '0')
}

/** True for `YYYY-MM-DD`: it names a day, not a moment. */
export function isDateOnly(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(value)
}

/**
 * How pressing a date is. A range is overdue when its end has passed and counts as today while it lasts. A day
 * is over at the end of that day where the reader is; a moment is over when it has passed.
 */
export function dueTone(due: DueDate, now: Date, timeZone: string): DueTone {
  const today = dayIn(now, timeZone)
  const last = due.end ?? due.start
  const lastDay = isDateOnly(last) ? last : dayIn(new Date(last), timeZone)
  const firstDay = isDateOnly(due.start) ? due.start : dayIn(new Date(due.start), timeZone)
  const over = isDateOnly(last) ? lastDay < today : Date.parse(last) < now.getTime()
  if (over) return 'overdue'
  if (firstDay <= today) return 'today'
  return daysBetween(today, firstDay) <= SOON_DAYS ? 'soon' : 'later'
}

/** Whole days from one `YYYY-MM-DD` to another; both are read as UTC, so no clock change counts. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}
