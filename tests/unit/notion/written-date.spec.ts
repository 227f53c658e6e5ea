import { describe, expect, it } from 'vitest'
import { dueFromText, dueFromWords } from '#server/notion/written-date'
import { dueFromDate, dueFromRichText } from '#shared/todo/due'

/** A Friday morning. */
const WRITTEN = '2026-11-20T10:00:00Z'
const dayIn = (text: string, at = WRITTEN, zone?: string) => dueFromWords(text, at, zone)?.start ?? null

describe('a day written in a to-do', () => {
  it.each([
    ['Call mum tomorrow', '2026-11-21'],
    ['Today: water the plants', '2026-11-20'],
    ['Report by next Friday', '2026-11-27'],
    ['Pay on 3 March', '2027-03-03'],
    ['Demo on March 3, 2028', '2028-03-03'],
    ['Review in two weeks', '2026-12-04'],
    ['Dec 5', '2026-12-05'],
    ['Renew 31/12/2026', '2026-12-31'],
    ['Renew 12/31/2026', '2026-12-31'],
    ['bis morgen fertig', '2026-11-21'],
    ['Übermorgen Müll', '2026-11-22'],
    ['am 5. Dezember abgeben', '2026-12-05'],
    ['Baum 24.12.2026', '2026-12-24'],
    ['nächsten Freitag Müll', '2026-11-27'],
    ['in 3 Tagen', '2026-11-23'],
    ['Montag Besprechung', '2026-11-23'],
  ])('%s', (text, day) => {
    expect(dueFromWords(text, WRITTEN)).toEqual({ start: day, source: 'text' })
  })

  it.each([
    'May I ask',
    'Ask May about it',
    'Sat on the chair',
    'Buy 3 now',
    'Wait 5 min',
    '24/7 support',
    '1/2 cup of milk',
    'Meet on 3/4/2027',
    "Follow up on yesterday's call",
    'What went wrong since Monday',
    'Guten Morgen sagen',
    'Am Morgen joggen',
    'Release v2.0.1',
    'Second attempt',
    '31.2.2026',
  ])('is not seen in: %s', (text) => {
    expect(dayIn(text)).toBeNull()
  })

  it('counts from the day it was where it was written', () => {
    expect(dayIn('tomorrow', '2026-11-20T23:30:00Z', 'UTC')).toBe('2026-11-21')
    expect(dayIn('tomorrow', '2026-11-20T23:30:00Z', 'Asia/Tokyo')).toBe('2026-11-22')
    expect(dayIn('morgen', '2026-11-20T02:00:00Z', 'America/New_York')).toBe('2026-11-20')
  })

  it('stays a day even with an hour beside it, which nobody can place', () => {
    expect(dayIn('tomorrow at 5pm')).toBe('2026-11-21')
    expect(dayIn('am Montag um 15 Uhr')).toBe('2026-11-23')
  })

  it('says the same in five ways, and the more exact one wins', () => {
    const context = { editedAt: WRITTEN, timeZone: 'UTC' }
    const inText = (text: string) => dueFromText([{ text }], context)?.start
    const mention = { type: 'date', start: '2026-12-05' } as const
    expect([
      dueFromRichText([{ text: '@5 December', mention }])?.start,
      dueFromDate({ start: '2026-12-05' }, 'property')?.start,
      inText('Pay 2026-12-05'),
      inText('Pay 📅 2026-12-05'),
      inText('Pay on 5 December'),
    ]).toEqual(Array.from({ length: 5 }, () => '2026-12-05'))
    expect(inText('tomorrow, or 📅 2026-12-05')).toBe('2026-12-05')
  })

  it('is not looked for in code and links', () => {
    const context = { editedAt: WRITTEN, timeZone: 'UTC' }
    expect(dueFromText([{ text: 'tomorrow', code: true }], context)).toBeNull()
    expect(dueFromText([{ text: 'today', href: 'https://today.example' }], context)).toBeNull()
  })
})
