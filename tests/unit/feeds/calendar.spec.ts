import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DueDate } from '#shared/todo/due'
import { toCalendar } from '#server/feeds/calendar'
import { aPage, aTodo } from '../../support/todos.ts'
import { readCalendar } from './ical.ts'

const OPTIONS = { name: 'Mine', contains: 'both', locale: 'en', timeZone: 'Europe/Berlin' } as const
const ZONES = ['UTC', 'Europe/Berlin', 'Pacific/Kiritimati', 'America/New_York']

function datesOf(due: Pick<DueDate, 'start' | 'end'>, timeZone = 'UTC'): string[] {
  const todo = aTodo({ id: 1, due: { ...due, source: 'property' } })
  return readCalendar(toCalendar([todo], { ...OPTIONS, timeZone }))
    .filter(({ name }) => ['DTSTART', 'DTEND', 'DUE'].includes(name))
    .map(({ name, value }) => `${name} ${value}`)
}

/** Days and moments, many of them at either end of what four digits can say. */
const year = fc.oneof(fc.integer({ min: 0, max: 9_999 }), fc.constantFrom(0, 1, 2, 999, 1_000, 9_998, 9_999))
const date = fc
  .tuple(year, fc.oneof(fc.integer({ min: 0, max: 364 }), fc.constantFrom(0, 364)))
  .map(([ofYear, day]) => {
    const instant = new Date(0)
    instant.setUTCFullYear(ofYear, 0, 1 + day)
    return instant.toISOString().slice(0, 10)
  })
  .filter((value) => /^\d{4}-/.test(value))
const when = fc.oneof(
  date,
  fc
    .tuple(date, fc.constantFrom('00:00:00', '23:59:59.999'), fc.constantFrom('Z', '+14:00', '-12:00'))
    .map(([day, time, offset]) => `${day}T${time}${offset}`),
)
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\r', '\n', ';', ',', ':', '\\', '"', 'ä', '👩\u200D💻', '\u2028'),
    fc.string(),
  ),
})

describe('a feed', () => {
  it('is a calendar by the letter of the standard, whatever is due when and says what', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(when, fc.option(when, { nil: undefined }), text, fc.boolean()), { maxLength: 5 }),
        text,
        fc.constantFrom(...ZONES),
        fc.constantFrom('both' as const, 'events' as const, 'todos' as const),
        (dates, name, timeZone, contains) => {
          const todos = dates.map(([start, end, said, checked], id) =>
            aTodo({
              id,
              text: said,
              checked,
              headingPath: [said],
              page: aPage(1, {
                title: said,
                lastEditedTime: id % 2 === 0 ? null : '2026-11-20T10:00:00+00:00',
              }),
              due: { start, ...(end !== undefined && { end }), source: 'property' },
            }),
          )
          const lines = readCalendar(toCalendar(todos, { name, contains, timeZone, locale: 'de' }))
          const tasks = lines.filter(({ name: one, value }) => one === 'BEGIN' && value === 'VTODO')
          expect(tasks).toHaveLength(contains === 'events' ? 0 : todos.length)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it.each<[Pick<DueDate, 'start' | 'end'>, string[]]>([
    [{ start: '2026-12-24' }, ['DTSTART 20261224', 'DTEND 20261225', 'DUE 20261224']],
    [{ start: '9998-12-31' }, ['DTSTART 99981231', 'DTEND 99990101', 'DUE 99981231']],
    [{ start: '0999-01-01' }, ['DTSTART 09990101', 'DTEND 09990102', 'DUE 09990101']],
    [
      { start: '0999-01-01T12:00:00Z', end: '1000-01-01' },
      ['DTSTART 09990101', 'DTEND 10000102', 'DUE 10000101'],
    ],
    // What cannot be told is a task without a date.
    [{ start: '9999-12-31' }, []],
    [{ start: '2026-01-01', end: '9999-12-31' }, []],
    [{ start: '9999-12-31T23:00:00-05:00' }, []],
    [{ start: '0000-01-01' }, []],
  ])('of %j says %j', (due, said) => {
    expect(datesOf(due)).toEqual(said)
  })
})
