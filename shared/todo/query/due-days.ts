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

/** The days a to-do's date covers where the reader is. */
export interface DueDays {
  first: string
  last: string
  /** When it is over, in milliseconds, if that is a moment and not the end of a day. */
  overAtMs: number | null
}

/** True when the two have a day in common. A stretch that ends before it begins holds no day. */
export function touches(days: DueDays, wanted: Stretch): boolean {
  if (wanted.first !== null && wanted.last !== null && wanted.last < wanted.first) return false
  return (
    (wanted.last === null || days.first <= wanted.last) &&
    (wanted.first === null || days.last >= wanted.first)
  )
}

/** Dates are replaced, never changed in place. */
const knownDays = new WeakMap<DueDate, DueDays & { timeZone: string }>()

/** A range that ends before it begins counts as its first day. */
export function daysOf(due: DueDate, timeZone: string): DueDays {
  const known = knownDays.get(due)
  if (known?.timeZone === timeZone) return known
  const end = due.end ?? due.start
  const first = dayOf(due.start, timeZone)
  const last = dayOf(end, timeZone)
  const overAtMs = isDateOnly(end) ? null : Date.parse(end)
  const days = { timeZone, first, last: last < first ? first : last, overAtMs }
  knownDays.set(due, days)
  return days
}

/** What is overdue at one moment, as `dueTone` has it, without working out today for every date. */
export function overdueAt({ now, timeZone }: Reader): (due: DueDate) => boolean {
  const today = dayIn(now, timeZone)
  return (due) => {
    const { overAtMs } = daysOf(due, timeZone)
    return overAtMs === null ? (due.end ?? due.start) < today : overAtMs < now.getTime()
  }
}

function dayOf(value: string, timeZone: string): string {
  return isDateOnly(value) ? value : dayIn(new Date(value), timeZone)
}

function plusDays(day: string, days: number): string {
  return days === 0
    ? day
    : new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}
