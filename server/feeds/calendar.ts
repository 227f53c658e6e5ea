import type { IcsDateObject, IcsEvent, IcsTodo } from 'ts-ics'
import { generateIcsCalendar } from 'ts-ics'
import type { FeedContent } from '#shared/schemas/feed'
import type { Todo } from '#shared/schemas/todo'
import type { DueDate } from '#shared/todo/due'
import { isDateOnly } from '#shared/todo/due-tone'
import { daysOf } from '#shared/todo/query/due-days'
import { safeHref } from '#shared/todo/rich-text'
import { oneLine } from '#server/export/one-line'
import { wordsIn } from '#server/export/words'
import { refold } from './fold'

export interface CalendarOptions {
  name: string
  contains: FeedContent
  locale: 'en' | 'de'
  /** Decides the day of a range that mixes days and times. */
  timeZone: string
}

const DAY_MS = 86_400_000
/** A moment gets some height in a calendar. */
const MOMENT_MS = 30 * 60_000
const NEVER_EDITED = new Date(0)
/** Years that have four digits, also a day later or earlier: a calendar can write no others (RFC 5545 §3.3.4). */
const YEARS = { first: 2, last: 9998 }

/**
 * To-dos as an iCalendar object (RFC 5545). Dates without a time stay dates; what has no date is a task only.
 *
 * ts-ics escapes summaries and descriptions, but neither the calendar's name nor carriage returns, and folds by
 * UTF-16 units, which can cut a character in two: those three are done here.
 */
export function toCalendar(todos: readonly Todo[], options: CalendarOptions): string {
  const wantsTodos = options.contains !== 'events'
  const wantsEvents = options.contains !== 'todos'
  const calendar = generateIcsCalendar({
    version: '2.0',
    prodId: '-//Roundup//Roundup//EN',
    method: 'PUBLISH',
    name: escaped(options.name),
    todos: wantsTodos ? todos.map((todo) => toTask(todo, options)) : [],
    events: wantsEvents ? todos.flatMap((todo) => toEvent(todo, options) ?? []) : [],
  })
  return refold(calendar)
}

function toTask(todo: Todo, options: CalendarOptions): IcsTodo {
  const due = tellableDue(todo)
  // A task need not have a date (RFC 5545 §3.6.2), although the library's types say so.
  return {
    ...shared(todo, 'todo', options),
    status: todo.checked ? 'COMPLETED' : 'NEEDS-ACTION',
    percentComplete: todo.checked ? 100 : 0,
    ...(due && {
      due: isWholeDays(due) ? day(daysOf(due, options.timeZone).last) : moment(due.end ?? due.start),
    }),
  } as IcsTodo
}

function toEvent(todo: Todo, options: CalendarOptions): IcsEvent | null {
  const due = tellableDue(todo)
  if (!due) return null
  const base = shared(todo, 'event', options)
  const summary = todo.checked ? `✓ ${base.summary}` : base.summary
  // An event of whole days ends before the day after its last one (§3.6.1).
  if (isWholeDays(due)) {
    const { first, last } = daysOf(due, options.timeZone)
    return { ...base, summary, start: day(first), end: day(last, 1) }
  }
  const start = moment(due.start)
  const end = due.end === undefined ? null : moment(due.end)
  const lasts = end !== null && end.date.getTime() > start.date.getTime()
  return { ...base, summary, start, end: lasts ? end : { date: new Date(start.date.getTime() + MOMENT_MS) } }
}

/** The same id for the same to-do each time, and another one for its task than for its event. */
function shared(todo: Todo, kind: 'todo' | 'event', { locale }: CalendarOptions) {
  const edited = new Date(todo.page.lastEditedTime ?? NEVER_EDITED)
  const url = safeHref(todo.url)
  const where = [oneLine(todo.page.title), ...todo.headingPath.map(oneLine)].filter(Boolean).join(' › ')
  return {
    uid: `${todo.notionId}-${kind}@roundup`,
    stamp: { date: isTellable(edited) ? edited : NEVER_EDITED },
    summary: oneLine(todo.text) || wordsIn(locale).emptyTodo,
    ...(where && { description: where }),
    ...(url && { url }),
  }
}

/** A date that no calendar can write is none: the to-do is there all the same. */
function tellableDue({ due }: Todo): DueDate | null {
  return due && isTellable(new Date(due.start)) && isTellable(new Date(due.end ?? due.start)) ? due : null
}

function isTellable(instant: Date): boolean {
  const year = instant.getUTCFullYear()
  return year >= YEARS.first && year <= YEARS.last
}

/** A range of which one end is a day can only be told in days. */
function isWholeDays({ start, end }: DueDate): boolean {
  return isDateOnly(start) || (end !== undefined && isDateOnly(end))
}

function day(date: string, later = 0): IcsDateObject {
  return { date: new Date(Date.parse(`${date}T00:00:00Z`) + later * DAY_MS), type: 'DATE' }
}

function moment(instant: string): IcsDateObject {
  return { date: new Date(instant) }
}

/** Text as a property holds it (§3.3.11). */
function escaped(text: string): string {
  return oneLine(text).replace(/[\\;,]/g, '\\$&')
}
