import { createHash } from 'node:crypto'
import type { CreatePageParameters } from '@notionhq/client'
import type { DueDate } from '#shared/todo/due'
import type { MirroredTodo } from '#shared/todo/mirrored-todo'
import type { ColumnIds } from './mirror-columns'
import { MIRROR_COLUMNS, STATUS_NAME } from './mirror-columns'

type Properties = NonNullable<CreatePageParameters['properties']>
type PropertyValue = Properties[string]

/** Notion's limits for one request (notion-api.md §8). */
const TEXT_MAX_CHARS = 2_000
const SEGMENTS_MAX = 100
const URL_MAX_CHARS = 2_000
const OPTIONS_MAX = 100
const OPTION_MAX_CHARS = 100
/** The whole request may have 500 KB; the rest of it is small. */
const TEXT_MAX_BYTES = 400_000

/**
 * What the row of a to-do shall hold, by column id.
 */
export function rowProperties(todo: MirroredTodo, columns: ColumnIds): Properties {
  const values = columnValues(todo)
  return Object.fromEntries(MIRROR_COLUMNS.map((key) => [columns[key], values[key]]))
}

/**
 * Tells whether a row has to be written: the hash of all that it shows, but for the time of the last edit. Notion
 * moves that without any change (field.md §3): a row is written when its to-do says something else, not when a
 * clock does.
 */
export function rowHash(todo: MirroredTodo): string {
  const { updated: _, ...values } = columnValues(todo)
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url')
}

function columnValues(todo: MirroredTodo): Record<keyof ColumnIds, PropertyValue> {
  return {
    name: { title: segments(todo.text) },
    done: { checkbox: todo.checked },
    status: { select: { name: todo.checked ? STATUS_NAME.done : STATUS_NAME.open } },
    due: { date: dateValue(todo.due) },
    people: { multi_select: optionNames(todo.people).map((name) => ({ name })) },
    page: { rich_text: segments(todo.pageTitle) },
    pageLink: { url: link(todo.pageUrl) },
    blockLink: { url: link(todo.url) },
    source: { select: optionNames([todo.sourceName]).map((name) => ({ name }))[0] ?? null },
    todoId: { rich_text: segments(todo.todoId) },
    created: { date: momentValue(todo.createdTime) },
    updated: { date: momentValue(todo.lastEditedTime) },
  }
}

/**
 * Text in pieces of at most 2 000 characters, at most a hundred of them; no character is cut in two. What is longer
 * than Notion takes ends with an ellipsis.
 */
export function segments(text: string): { text: { content: string } }[] {
  const whole = fitting(text)
  const pieces: { text: { content: string } }[] = []
  for (let start = 0; start < whole.length;) {
    let end = Math.min(whole.length, start + TEXT_MAX_CHARS)
    if (end < whole.length && isHighSurrogate(whole.charCodeAt(end - 1))) end -= 1
    pieces.push({ text: { content: whole.slice(start, end) } })
    start = end
  }
  return pieces
}

/** A piece may lose a character to a pair that is not cut, so the limit is a little below a hundred whole pieces. */
function fitting(text: string): string {
  const maxChars = SEGMENTS_MAX * (TEXT_MAX_CHARS - 1)
  let cut = text.length > maxChars ? withoutHalfPair(text.slice(0, maxChars - 1)) : text
  while (Buffer.byteLength(cut) > TEXT_MAX_BYTES) {
    cut = withoutHalfPair(
      cut.slice(0, Math.floor((cut.length * TEXT_MAX_BYTES) / Buffer.byteLength(cut)) - 1),
    )
  }
  return cut.length < text.length ? `${cut}…` : text
}

function withoutHalfPair(text: string): string {
  return isHighSurrogate(text.charCodeAt(text.length - 1)) ? text.slice(0, -1) : text
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff
}

/** Names of options: Notion refuses commas in them, and knows no two that differ in capitals only. */
function optionNames(names: readonly string[]): string[] {
  const known = new Map<string, string>()
  for (const name of names) {
    const clean = withoutHalfPair(
      name
        .replaceAll(/[,\s]+/g, ' ')
        .trim()
        .slice(0, OPTION_MAX_CHARS),
    )
    const key = clean.toLowerCase()
    if (clean !== '' && !known.has(key)) known.set(key, clean)
  }
  return [...known.values()].slice(0, OPTIONS_MAX)
}

function link(url: string): string | null {
  return url !== '' && url.length <= URL_MAX_CHARS ? url : null
}

function momentValue(time: string | null): { start: string } | null {
  return time === null ? null : { start: new Date(time).toISOString() }
}

/** The zone is in the offsets already. An end that is of another kind than the start, or before it, is left out. */
function dateValue(due: DueDate | null): { start: string; end?: string } | null {
  if (due === null) return null
  const { start, end } = due
  const fits =
    end !== undefined && end.length > 10 === start.length > 10 && Date.parse(end) >= Date.parse(start)
  return fits ? { start, end } : { start }
}
