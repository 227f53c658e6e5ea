import { daysBetween, dayIn, isDateOnly } from '#shared/todo/due-tone'
import type { DueDate } from '#shared/todo/due'

export interface DueReader {
  now: Date
  locale: string
  timeZone: string
}

/**
 * A due date as the reader writes dates: "today", "tomorrow", "24 Dec", "24 Dec, 14:00", with the year when
 * it is another one. A date without a time is never moved to another day by a time zone.
 */
export function dueLabel(due: Pick<DueDate, 'start' | 'end'>, reader: DueReader): string {
  const start = moment(due.start, reader)
  return due.end === undefined ? start : `${start} – ${moment(due.end, reader)}`
}

function moment(value: string, { now, locale, timeZone }: DueReader): string {
  const today = dayIn(now, timeZone)
  const dateOnly = isDateOnly(value)
  const instant = dateOnly ? new Date(`${value}T12:00:00Z`) : new Date(value)
  const formats = formatsFor(locale, dateOnly ? 'UTC' : timeZone)
  const day = dateOnly ? value : dayIn(instant, timeZone)
  const time = dateOnly ? '' : formats.time.format(instant)

  const distance = daysBetween(today, day)
  const isNear = Math.abs(distance) <= 1
  const sameYear = day.slice(0, 4) === today.slice(0, 4)
  const date = isNear
    ? formats.distance.format(distance, 'day')
    : (sameYear ? formats.day : formats.dayOfYear).format(instant)
  return [date, time].filter(Boolean).join(', ')
}

interface Formats {
  time: Intl.DateTimeFormat
  distance: Intl.RelativeTimeFormat
  day: Intl.DateTimeFormat
  dayOfYear: Intl.DateTimeFormat
}

/** Making a formatter costs far more than using one, and every row with a date that comes into view asks for some. */
const known = new Map<string, Formats>()

function formatsFor(locale: string, timeZone: string): Formats {
  const key = `${locale} ${timeZone}`
  const made = known.get(key)
  if (made) return made
  const day = { day: 'numeric', month: 'short', timeZone } as const
  const formats = {
    time: new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }),
    distance: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
    day: new Intl.DateTimeFormat(locale, day),
    dayOfYear: new Intl.DateTimeFormat(locale, { ...day, year: 'numeric' }),
  }
  known.set(key, formats)
  return formats
}
