import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DueDateSchema, dueFromDate, dueFromRichText } from '#shared/todo/due'
import type { RichTextSpan } from '#shared/todo/rich-text'

const isoDay = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
/** Words without digits or the marks that make a date part of something else. */
const words = fc.array(fc.constantFrom('call', 'Ada', 'über', 'the', 'bill'), { maxLength: 4 })
const dateMention = (start: string): RichTextSpan => ({ text: start, mention: { type: 'date', start } })

describe('dueFromRichText', () => {
  it('finds a day written anywhere among words', () => {
    fc.assert(
      fc.property(words, isoDay, words, (before, day, after) => {
        const due = dueFromRichText([{ text: [...before, day, ...after].join(' ') }])
        expect(due).toEqual({ start: day, source: 'text' })
      }),
    )
  })

  it('prefers a mention to an emoji date, and that to a bare one, wherever they stand', () => {
    fc.assert(
      fc.property(isoDay, isoDay, isoDay, fc.boolean(), (mentioned, marked, bare, first) => {
        const plain: RichTextSpan = { text: ` ${bare} and 📅 ${marked} ` }
        const mention = dateMention(mentioned)
        expect(dueFromRichText(first ? [mention, plain] : [plain, mention])).toEqual({
          start: mentioned,
          source: 'mention',
        })
        expect(dueFromRichText([plain])).toEqual({ start: marked, source: 'text' })
      }),
    )
  })

  it('takes 📅 before ⏳ before 🛫', () => {
    const text = '🛫 2026-01-01 ⏳ 2026-02-02 📅 2026-03-03'
    expect(dueFromRichText([{ text }])?.start).toBe('2026-03-03')
    expect(dueFromRichText([{ text: text.replace(/📅.*/u, '') }])?.start).toBe('2026-02-02')
    expect(dueFromRichText([{ text: '🛫 2026-01-01' }])?.start).toBe('2026-01-01')
  })

  it('reads an emoji date across differently formatted segments', () => {
    expect(dueFromRichText([{ text: 'Pay 📅\uFE0F ' }, { text: '2026-11-30', bold: true }])?.start).toBe(
      '2026-11-30',
    )
  })

  it('keeps a written moment with its offset, and only the day of one without', () => {
    expect(dueFromRichText([{ text: 'at 2026-11-30T09:30+01:00' }])?.start).toBe('2026-11-30T09:30+01:00')
    expect(dueFromRichText([{ text: 'at 2026-11-30T09:30' }])?.start).toBe('2026-11-30')
  })

  it.each([
    'no date',
    'impossible 2026-02-30',
    'month 2026-13-01',
    'phone 12026-01-015',
    'see https://example.org/2026-01-02/notes',
    'file report-2026-01-02.pdf',
    'version v2026-01-02-rc1',
    '2026-01-02.pdf',
  ])('sees no date in %j', (text) => {
    expect(dueFromRichText([{ text }])).toBeNull()
  })

  it('goes on to the next date when the first one is none', () => {
    expect(dueFromRichText([dateMention('soon'), { text: ' 2026-02-30, or 2026-03-01.' }])?.start).toBe(
      '2026-03-01',
    )
  })

  it('answers only what its schema allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), isoDay, (noise, day) => {
        for (const text of [noise, `${noise}${day}`, `📅${noise}${day}`, `${day}${noise}`]) {
          const due = dueFromRichText([{ text }])
          if (due) expect(DueDateSchema.safeParse(due).success).toBe(true)
        }
      }),
    )
  })
})

describe('dueFromDate', () => {
  it('keeps days, ends and instants as they are', () => {
    expect(dueFromDate({ start: '2026-11-20', end: '2026-11-22' }, 'property')).toEqual({
      start: '2026-11-20',
      end: '2026-11-22',
      source: 'property',
    })
    expect(dueFromDate({ start: '2026-11-20T10:00:00.000+01:00' }, 'mention')?.start).toBe(
      '2026-11-20T10:00:00.000+01:00',
    )
  })

  it.each([
    ['2026-01-15T10:00:00.000', 'Europe/Berlin', '2026-01-15T10:00:00.000+01:00'],
    ['2026-07-15T10:00:00.000', 'Europe/Berlin', '2026-07-15T10:00:00.000+02:00'],
    ['2026-07-15T10:00:00.000', 'America/St_Johns', '2026-07-15T10:00:00.000-02:30'],
    ['2026-03-29T01:30:00', 'Europe/Berlin', '2026-03-29T01:30:00.000+01:00'],
    ['2026-03-29T03:30:00', 'Europe/Berlin', '2026-03-29T03:30:00.000+02:00'],
    ['2026-07-15T10:00:00', 'UTC', '2026-07-15T10:00:00.000+00:00'],
  ])('places the wall time %s of %s at %s', (start, timeZone, instant) => {
    expect(dueFromDate({ start, timeZone }, 'property')?.start).toBe(instant)
  })

  it('keeps the day of a wall time nobody can place', () => {
    expect(dueFromDate({ start: '2026-07-15T10:00:00', timeZone: 'Mars/Olympus' }, 'property')?.start).toBe(
      '2026-07-15',
    )
  })

  it('refuses what is no day', () => {
    for (const start of ['', 'tomorrow', '2026-2-3', '2026-02-29', '0000-00-00']) {
      expect(dueFromDate({ start }, 'mention')).toBeNull()
    }
  })
})
