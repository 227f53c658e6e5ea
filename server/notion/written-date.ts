import * as chronoDe from 'chrono-node/de'
import * as chronoEn from 'chrono-node/en'
import type { ParsedResult } from 'chrono-node'
import type { DueDate } from '#shared/todo/due'
import { dueFromDate, dueFromRichText } from '#shared/todo/due'
import type { RichTextSpan } from '#shared/todo/rich-text'

const DAY_MS = 24 * 60 * 60_000

/** Words that name a day whatever stands around them; shorter ones ("sun", "mar", "may") mean other things as well. */
const WEEKDAY =
  /\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)\b/iu
const RELATIVE =
  /\b(?:today|tonight|tomorrow|in (?:an? |one |two |three |\d+ )?(?:days?|weeks?|months?)|next (?:week|month))\b|(?<!\p{L})(?:heute|morgen|übermorgen|in (?:einem |einer |zwei |drei |\d+ )?(?:tag(?:en)?|wochen?|monat(?:en)?)|nächste(?:n|r)? (?:woche|monat))(?!\p{L})/iu
const MONTH = /\b(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)\p{L}*\.?(?!\p{L})/iu
/** "guten Morgen", "am Morgen", "Morgen früh" with a capital: the time of day, not the next one. */
const MORNING = /\b(?:guten|am|jeden|gestern|diesen|dieser) morgen\b/iu
/** "since Monday", "vom 3. März", "seit gestern": where something began, not until when it has to be done. */
const BEGINNING =
  /\b(?:since|from|after|was|last|past|seit|von|vom|nach|ab|letzte[nrs]?|vergangene[nrs]?)\s+$/iu

/**
 * The due date in a to-do's own text: a mention, an emoji or ISO date, or else a day in words. Code and links are
 * left out of the words.
 *
 * @param context when the text was last edited (ISO instant), and in which zone
 */
export function dueFromText(
  spans: readonly RichTextSpan[],
  context: { editedAt: string; timeZone: string },
): DueDate | null {
  const prose = () => spans.map((span) => (span.code || span.href ? ' ' : span.text)).join('')
  return dueFromRichText(spans) ?? dueFromWords(prose(), context.editedAt, context.timeZone)
}

/**
 * The first day written in words or digits, in English or German: "by next Friday", "3 March", "bis morgen",
 * "am 5. Dezember", "24.12.2026". Always a day, never an hour: a time of day without a time zone cannot be placed.
 * What only might be a date is none.
 *
 * @param reference when it was written, an ISO instant: "tomorrow" counts from there
 * @param timeZone where it was written; the day may be another one there
 */
export function dueFromWords(text: string, reference: string, timeZone = 'UTC'): DueDate | null {
  const today = startOfDay(reference, timeZone)
  if (today === null) return null
  const found = [
    ...chronoEn.GB.parse(text, today, { forwardDate: true }),
    ...chronoEn.casual.parse(text, today, { forwardDate: true }),
    ...chronoDe.strict.parse(text, today, { forwardDate: true }),
    ...chronoDe.casual.parse(text, today, { forwardDate: true }),
  ]
    .filter((result) => isDay(result, text, today))
    .sort((one, other) => one.index - other.index || other.text.length - one.text.length)
  for (const { start } of found) {
    const day = [pad(start.get('year'), 4), pad(start.get('month'), 2), pad(start.get('day'), 2)].join('-')
    const due = dueFromDate({ start: day }, 'text')
    if (due) return due
  }
  return null
}

function isDay({ start, text: words, index }: ParsedResult, text: string, today: Date): boolean {
  if (BEGINNING.test(text.slice(0, index))) return false
  const isNamed = start.isCertain('month') && start.isCertain('day') && isPlainDate(words)
  if (isNamed) return true
  if (!WEEKDAY.test(words) && !RELATIVE.test(words)) return false
  if (MORNING.test(text) && /\bmorgen\b/iu.test(words)) return false
  // "Yesterday" and "last Monday" tell when something was, not when it is due.
  return start.date().getTime() > today.getTime() - DAY_MS
}

/** With the month's name, in the German form, or beyond doubt: 3/4 is a fraction, or either of two days. */
function isPlainDate(words: string): boolean {
  if (MONTH.test(words) && /\d/u.test(words)) return true
  if (/^\D*\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?$/u.test(words)) return true
  const [, first, second] = /(\d{1,2})\/(\d{1,2})\/\d{4}/u.exec(words) ?? []
  return first !== undefined && (Math.max(Number(first), Number(second)) > 12 || first === second)
}

/** Noon of the day it was at that moment in that place, as chrono reads it: in this process's own zone. */
function startOfDay(reference: string, timeZone: string): Date | null {
  const at = new Date(reference)
  if (Number.isNaN(at.getTime())) return null
  const [year = 0, month = 1, day = 1] = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })
    .format(at)
    .split('-')
    .map(Number)
  return new Date(year, month - 1, day, 12)
}

function pad(value: number | null, length: number): string {
  return String(value ?? 0).padStart(length, '0')
}
