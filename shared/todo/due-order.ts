import type { DueDate } from './due'
import { isDateOnly } from './due-tone'
import { daysOf } from './query/due-days'

/** Where a date stands among others: numbers to sort by, less is earlier. */
export interface DuePlace {
  first: number
  last: number
}

const DAY_MS = 86_400_000
/** A moment lies up to 14 hours before, or 36 hours after, midnight UTC of the day a reader has then. */
const DAY_SPAN = 3 * DAY_MS

/** Dates are replaced, never changed in place. */
const knownPlaces = new WeakMap<DueDate, DuePlace & { timeZone: string }>()

/**
 * Where both ends of a date stand: by the day that the reader has then, within a day by the moment. What names only
 * a day comes after what is at some time of it, as it is not over before the day is (see `dueTone`). A date
 * without an end ends where it begins, and so does one that ends before that.
 *
 * @param timeZone IANA name, of the reader
 */
export function duePlace(due: DueDate, timeZone: string): DuePlace {
  const known = knownPlaces.get(due)
  if (known?.timeZone === timeZone) return known
  const days = daysOf(due, timeZone)
  const first = placeOn(days.first, due.start)
  const last = due.end === undefined ? first : Math.max(first, placeOn(days.last, due.end))
  const place = { timeZone, first, last }
  knownPlaces.set(due, place)
  return place
}

function placeOn(day: string, value: string): number {
  const midnightMs = Date.parse(`${day}T00:00:00Z`)
  const start = (midnightMs / DAY_MS) * DAY_SPAN
  return start + (isDateOnly(value) ? DAY_SPAN - 1 : DAY_MS + Date.parse(value) - midnightMs)
}
