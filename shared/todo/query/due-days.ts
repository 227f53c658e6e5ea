import type { DueDate } from '../due'
import { dayIn, isDateOnly } from '../due-tone'
import type { Day, DueCriterion } from './ast'

/** The days a date covers, or a criterion asks for; `null` is open. Days are `YYYY-MM-DD`, both included. */
export interface Stretch {
  first: string | null
  last: string | null
}

/** Moments of the reader: where the day they are in begins and ends. */
export interface Reader {
  now: Date
  timeZone: string
}

const DAY_MS = 86_400_000
/** `week`: today and so many days after it. */
const DAYS_AFTER_TODAY = 6

/** The stretch of days a criterion asks for; `null` when it does not ask for days. */
export function stretchOf(due: DueCriterion, { now, timeZone }: Reader): Stretch | null {
  const today = dayIn(now, timeZone)
  const resolve = (day: Day, shift = 0) =>
    'date' in day ? plusDays(day.date, shift) : plusDays(today, day.offset + shift)
  switch (due.when) {
    case 'any':
    case 'none':
    case 'overdue':
      return null
    case 'week':
      return { first: today, last: plusDays(today, DAYS_AFTER_TODAY) }
    case 'on':
      return { first: resolve(due.day), last: resolve(due.day) }
    case 'before':
      return { first: null, last: resolve(due.day, -1) }
    case 'until':
      return { first: null, last: resolve(due.day) }
    case 'from':
      return { first: resolve(due.day), last: null }
    case 'after':
      return { first: resolve(due.day, 1), last: null }
    case 'between':
      return { first: resolve(due.first), last: resolve(due.last) }
  }
}

/** True when the two have a day in common. */
export function touches(days: { first: string; last: string }, wanted: Stretch): boolean {
  return (
    (wanted.last === null || days.first <= wanted.last) &&
    (wanted.first === null || days.last >= wanted.first)
  )
}

/** The days a to-do's date covers where the reader is; a range that ends before it begins is its first day. */
export function daysOf(due: DueDate, timeZone: string): { first: string; last: string } {
  const known = knownDays.get(due)
  if (known?.timeZone === timeZone) return known
  const first = dayOf(due.start, timeZone)
  const end = due.end === undefined ? first : dayOf(due.end, timeZone)
  const days = { timeZone, first, last: end < first ? first : end }
  knownDays.set(due, days)
  return days
}

/** Dates are replaced, never changed in place. */
const knownDays = new WeakMap<DueDate, { timeZone: string; first: string; last: string }>()

function dayOf(value: string, timeZone: string): string {
  return isDateOnly(value) ? value : dayIn(new Date(value), timeZone)
}

function plusDays(day: string, days: number): string {
  return days === 0
    ? day
    : new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}
