import { describe, expect, it } from 'vitest'
import { dueTone } from '#shared/todo/due-tone'

const NOW = new Date('2026-11-20T23:30:00Z')

describe('dueTone', () => {
  it.each([
    // In Berlin it is already the 21st, in New York still the 20th.
    ['2026-11-20', undefined, 'Europe/Berlin', 'overdue'],
    ['2026-11-20', undefined, 'America/New_York', 'today'],
    ['2026-11-21', undefined, 'Europe/Berlin', 'today'],
    ['2026-11-21', undefined, 'America/New_York', 'soon'],
    ['2026-11-28', undefined, 'Europe/Berlin', 'soon'],
    ['2026-11-29', undefined, 'Europe/Berlin', 'later'],
    ['2026-11-20T23:29:00Z', undefined, 'Europe/Berlin', 'overdue'],
    ['2026-11-20T23:31:00Z', undefined, 'Europe/Berlin', 'today'],
    ['2026-11-01', '2026-11-30', 'Europe/Berlin', 'today'],
    ['2026-11-01', '2026-11-19', 'Europe/Berlin', 'overdue'],
  ])('%s to %s in %s is %s', (start, end, timeZone, tone) => {
    expect(dueTone({ start, ...(end ? { end } : {}), source: 'text' }, NOW, timeZone)).toBe(tone)
  })
})
