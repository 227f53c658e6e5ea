import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { arrange } from '#shared/todo/arrange'
import { groundOf } from '#shared/todo/arrange-ground'
import type { DueDate } from '#shared/todo/due'
import { duePlace } from '#shared/todo/due-order'
import { dayIn, isDateOnly } from '#shared/todo/due-tone'
import { aTodo } from '../../support/todos.ts'

const ZONES = ['America/Los_Angeles', 'Europe/Berlin', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC']
const HOUR_MS = 3_600_000

const moment = fc
  .integer({
    min: Date.parse('2026-12-22T00:00:00Z') / HOUR_MS,
    max: Date.parse('2026-12-28T00:00:00Z') / HOUR_MS,
  })
  .map((hours) => new Date(hours * HOUR_MS).toISOString())
const day = fc.integer({ min: 22, max: 27 }).map((date) => `2026-12-${date}`)
const value = fc.oneof(moment, day)
const due: fc.Arbitrary<DueDate> = fc
  .record({ start: value, end: fc.option(value, { nil: undefined }) })
  .map(({ start, end }) => ({ start, ...(end === undefined ? {} : { end }), source: 'text' as const }))
const zone = fc.constantFrom(...ZONES)

const on = (start: string, end?: string): DueDate => ({ start, ...(end && { end }), source: 'text' })

/** What to-dos with these dates look like by date, for somebody in that zone. */
function inOrder(dates: readonly DueDate[], timeZone: string, sort: 'due' | 'urgency' = 'due'): string[] {
  const todos = dates.map((one, id) => aTodo({ id, text: [one.start, one.end].join(' ').trim(), due: one }))
  return textsOf(todos, timeZone, sort)
}

function textsOf(todos: readonly Todo[], timeZone: string, sort: 'due' | 'urgency' = 'due'): string[] {
  const rows = arrange(groundOf(todos), {
    view: { group: 'state', sort },
    matches: new Set(todos.map(({ id }) => id)),
    now: new Date('2026-11-20T12:00:00Z'),
    timeZone,
  })
  return rows.flatMap((row) => (row.kind === 'item' ? [row.todo.text] : []))
}

describe('the order of dates', () => {
  it.each(['due', 'urgency'] as const)('is by the day of the reader, by %s', (sort) => {
    // 24 December, 20:00 in Los Angeles.
    const evening = '2026-12-25T04:00:00Z'
    const dates = [on('2026-12-25'), on(evening), on('2026-12-24')]
    expect(inOrder(dates, 'America/Los_Angeles', sort)).toEqual([evening, '2026-12-24', '2026-12-25'])
    expect(inOrder(dates, 'Europe/Berlin', sort)).toEqual(['2026-12-24', evening, '2026-12-25'])
  })

  it('puts first what ends first, of what begins together', () => {
    const dates = [on('2026-12-24', '2026-12-28'), on('2026-12-24', '2026-12-25T10:00:00Z'), on('2026-12-24')]
    expect(inOrder(dates, 'Europe/Berlin')).toEqual([
      '2026-12-24',
      '2026-12-24 2026-12-25T10:00:00Z',
      '2026-12-24 2026-12-28',
    ])
  })

  it('moves a to-do without a date to where the nearest below it would stand, its end included', () => {
    const ends = ['2026-12-28', '2026-12-25']
    const todos = ends.flatMap((end, id) => [
      aTodo({ id, text: `until ${end}` }),
      aTodo({ id: id + 10, text: end, parentId: id, due: on('2026-12-24', end) }),
    ])
    expect(textsOf(todos, 'Europe/Berlin').filter((text) => text.startsWith('until'))).toEqual([
      'until 2026-12-25',
      'until 2026-12-28',
    ])
  })

  it('lets an earlier day go first wherever the reader is, and an earlier moment of one day', () => {
    fc.assert(
      fc.property(value, value, zone, (a, b, timeZone) => {
        const [dayOfA, dayOfB] = [a, b].map((one) => (isDateOnly(one) ? one : dayIn(new Date(one), timeZone)))
        const difference = duePlace(on(a), timeZone).first - duePlace(on(b), timeZone).first
        if (dayOfA !== dayOfB) expect(Math.sign(difference)).toBe(String(dayOfA) < String(dayOfB) ? -1 : 1)
        else if (isDateOnly(a) || isDateOnly(b)) {
          expect(Math.sign(difference)).toBe(Number(isDateOnly(a)) - Number(isDateOnly(b)))
        } else expect(Math.sign(difference)).toBe(Math.sign(Date.parse(a) - Date.parse(b)))
      }),
    )
  })

  it('never ends before it begins, and is not taken from another zone', () => {
    fc.assert(
      fc.property(due, zone, zone, (one, here, there) => {
        const place = duePlace(one, here)
        expect(place.last).toBeGreaterThanOrEqual(place.first)
        duePlace(one, there)
        expect(duePlace(one, here)).toEqual(place)
      }),
    )
  })
})
