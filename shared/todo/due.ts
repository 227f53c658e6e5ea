import { z } from '../zod'
import type { RichTextSpan } from './rich-text'
import { toPlainText } from './rich-text'

/** When a to-do is due. A date without a time stays a date: it names a day, not a moment. */
export const DueDateSchema = z.strictObject({
  /** `YYYY-MM-DD`, or an ISO 8601 instant with its offset. */
  start: z.string(),
  end: z.string().optional(),
  /** IANA name, when Notion gave one. */
  timeZone: z.string().optional(),
  source: z.enum(['mention', 'property', 'text']),
})
export type DueDate = z.infer<typeof DueDateSchema>

/** A date as Notion's mentions and properties carry it. */
export interface NotionDate {
  start: string
  end?: string | undefined
  timeZone?: string | undefined
}

const DATE = String.raw`(\d{4})-(\d{2})-(\d{2})`
const TIME = String.raw`(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?`
const WHOLE_DATE = new RegExp(`^${DATE}${TIME}$`)

/** Emoji that mark a date in plain text, as task formats use them: due, then scheduled, then start. */
const EMOJI_BY_PRIORITY = ['[📅📆🗓]', '[⏳⌛]', '🛫'].map(
  (emoji) => new RegExp(`${emoji}\\uFE0F?\\s*(${DATE}${TIME})(?![\\w-])`, 'u'),
)

/** A date standing alone: not part of a longer number, a path, a file name or a link. */
const BARE_DATE = new RegExp(`(?<![\\w/.=#-])(${DATE}${TIME})(?![\\w-]|[./]\\w)`, 'gu')

/**
 * The due date in a to-do's own text: the first @date mention; else a date marked by an emoji (📅, then ⏳,
 * then 🛫); else the first ISO date standing alone.
 */
export function dueFromRichText(spans: readonly RichTextSpan[]): DueDate | null {
  for (const { mention } of spans) {
    const due = mention?.type === 'date' ? dueFromDate(mention, 'mention') : null
    if (due) return due
  }
  const text = toPlainText(spans)
  for (const pattern of EMOJI_BY_PRIORITY) {
    const due = dueFromWrittenDate(pattern.exec(text)?.[1])
    if (due) return due
  }
  for (const match of text.matchAll(BARE_DATE)) {
    const due = dueFromWrittenDate(match[1])
    if (due) return due
  }
  return null
}

/**
 * A Notion date as a due date, or `null` when it names no real day. A time that comes with a zone but without
 * an offset is turned into an instant, so that it means the same for every reader.
 */
export function dueFromDate(date: NotionDate, source: DueDate['source']): DueDate | null {
  const start = resolveDate(date.start, date.timeZone)
  if (start === null) return null
  const end = date.end === undefined ? null : resolveDate(date.end, date.timeZone)
  return {
    start,
    ...(end === null ? {} : { end }),
    ...(date.timeZone === undefined ? {} : { timeZone: date.timeZone }),
    source,
  }
}

function dueFromWrittenDate(written: string | undefined): DueDate | null {
  return written === undefined ? null : dueFromDate({ start: written }, 'text')
}

function resolveDate(value: string, timeZone: string | undefined): string | null {
  const [, year, month, day, time, offset] = WHOLE_DATE.exec(value) ?? []
  if (!year || !month || !day || !isRealDay(Number(year), Number(month), Number(day))) return null
  const date = `${year}-${month}-${day}`
  if (!time) return date
  if (offset) return Number.isNaN(Date.parse(value)) ? date : value
  // A wall-clock time nobody can place: keep the day, which is certain, rather than guess an hour.
  return (timeZone && instantInZone(`${date}T${time}`, timeZone)) || date
}

function isRealDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return year >= 1000 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function instantInZone(wallTime: string, timeZone: string): string | null {
  const asUtcMs = Date.parse(`${wallTime}Z`)
  if (Number.isNaN(asUtcMs)) return null
  try {
    // The offset depends on the instant and the instant on the offset: the second look corrects a first one
    // that fell on the other side of a clock change.
    const guess = asUtcMs - offsetMs(asUtcMs, timeZone)
    const offset = offsetMs(guess, timeZone)
    return withOffset(asUtcMs, offset)
  } catch {
    return null
  }
}

/** The zone's offset from UTC at an instant; throws RangeError for an unknown zone. */
function offsetMs(instantMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instantMs)
  const read = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? Number.NaN)
  const wallMs = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  )
  return wallMs - Math.floor(instantMs / 1000) * 1000
}

function withOffset(wallMs: number, offset: number): string {
  const minutes = Math.abs(Math.round(offset / 60_000))
  const pad = (value: number) => String(value).padStart(2, '0')
  const sign = offset < 0 ? '-' : '+'
  return `${new Date(wallMs).toISOString().slice(0, -1)}${sign}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}
