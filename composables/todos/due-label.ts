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
  const zone = dateOnly ? 'UTC' : timeZone
  const day = dateOnly ? value : dayIn(instant, timeZone)
  const time = dateOnly
    ? ''
    : new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }).format(instant)

  const distance = daysBetween(today, day)
  if (Math.abs(distance) <= 1) {
    const word = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(distance, 'day')
    return [word, time].filter(Boolean).join(', ')
  }
  const sameYear = day.slice(0, 4) === today.slice(0, 4)
  const date = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    timeZone: zone,
  }).format(instant)
  return [date, time].filter(Boolean).join(', ')
}
