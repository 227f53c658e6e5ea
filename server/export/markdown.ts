import type { Row } from '#shared/todo/arrange'
import type { Todo } from '#shared/schemas/todo'
import { daysOf } from '#shared/todo/query/due-days'
import { safeHref } from '#shared/todo/rich-text'
import type { Selection } from '#server/views/select'
import type { ExportOptions } from './export'
import { oneLine } from './one-line'
import { groupTitle, personName, wordsIn } from './words'

type Options = Pick<ExportOptions, 'locale' | 'timeZone'>
type TodoLine = (todo: Todo, options: Options) => string

/** A document with a heading for every group, and task lists (GitHub Flavored Markdown §5.3). */
export function toMarkdown(selection: Selection, options: Options): Generator<string> {
  return document(selection, options, plainLine)
}

/** The same as the Obsidian plugin *Tasks* reads it: tags and dates as its emoji, at the end of the line. */
export function toObsidianTasks(selection: Selection, options: Options): Generator<string> {
  return document(selection, options, obsidianLine)
}

function* document(selection: Selection, options: Options, line: TodoLine): Generator<string> {
  yield `# ${wordsIn(options.locale).title}\n`
  let previous: Row<Todo>['kind'] | undefined
  for (const row of selection.rows) {
    yield rowText(row, previous, selection, options, line)
    previous = row.kind
  }
}

function rowText(
  row: Row<Todo>,
  previous: Row<Todo>['kind'] | undefined,
  selection: Selection,
  options: Options,
  line: TodoLine,
): string {
  // A heading stands between blank lines; so does a list, and what is between two of them.
  const gap = previous === 'group' ? '\n' : ''
  switch (row.kind) {
    case 'group': {
      const title = groupTitle(row.group, options.locale, selection.databases)
      return `\n${'#'.repeat(row.level + 1)} ${escapeText(title)}\n`
    }
    case 'path': {
      const page = row.page && (oneLine(row.page.title) || wordsIn(options.locale).untitled)
      const path = [page ?? '', ...row.headings].map(escapeText).filter(Boolean).join(' › ')
      if (path === '') return ''
      // Between items it has to be an item itself, or the list would end there.
      return row.depth > 0 ? `${indent(row.depth)}- *${path}*\n` : `\n*${path}*\n\n`
    }
    case 'item': {
      // What is only there for what stands below it was not asked for: it has no box.
      const box = row.context ? '' : `[${row.todo.checked ? 'x' : ' '}] `
      return `${gap}${indent(row.depth)}- ${box}${line(row.todo, options)}\n`
    }
  }
}

function plainLine(todo: Todo, options: Options): string {
  const due = todo.due && `(${[todo.due.start, todo.due.end].flatMap((day) => day ?? []).join(' – ')})`
  const people = todo.people.map((person) => `@${personName(person, options.locale)}`)
  const tags = todo.tags.map((tag) => `#${tag}`)
  const text = [textOf(todo, options), due, ...people, ...tags].flatMap((part) => part ?? [])
  return [...text.map(escapeText), linkTo(todo)].join(' ')
}

/** Tasks takes nothing at the end of a line that it does not know: so the link stands before its own signs. */
function obsidianLine(todo: Todo, options: Options): string {
  const people = todo.people.map((person) => `@${personName(person, options.locale)}`)
  const text = [textOf(todo, options), ...people].map(escapeText)
  const tags = todo.tags.map(toObsidianTag).filter((tag) => tag !== '#')
  const due = todo.due ? [`📅 ${daysOf(todo.due, options.timeZone).last}`] : []
  return [...text, linkTo(todo), ...tags, ...due].join(' ')
}

function textOf(todo: Todo, { locale }: Options): string {
  return oneLine(todo.text) || wordsIn(locale).emptyTodo
}

/** Everything that means something to Markdown or to Obsidian: marks, brackets, HTML, entities, `%%`, `==`, `^id`. */
const SPECIAL = /[\\`*_[\]<>{}()#|~$&%=^!]/g
/** Where `-`, `+` or `1.` would begin a list, or dashes a line across the page. */
const LIST_START = /^(?=[-+](?:[-\s]|$))|(?<=^\d+)(?=\.(?:\s|$))/
/** What becomes a link by itself: `scheme://`, `mailto:`, `www.` and mail addresses. */
const LINKING = /(?<=[a-z0-9+.-]):(?=\/\/)|(?<=mailto|xmpp):|(?<=www)\.|(?<=\S)@(?=\S)/gi

/** A text that reads in Markdown as it reads in Notion, and is nothing but text. */
function escapeText(text: string): string {
  return oneLine(text).replace(SPECIAL, '\\$&').replace(LINKING, '\\$&').replace(LIST_START, '\\')
}

function linkTo(todo: Todo): string {
  const href = safeHref(todo.url)
  // A parsed address holds no space and no angle bracket; what is left would end the link, or keep it from ending.
  return href ? `[Notion](${href.replace(/[()\\]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)})` : ''
}

/** Tags hold letters, digits, `_`, `-` and `/`. */
function toObsidianTag(tag: string): string {
  return `#${oneLine(tag).replace(/[^\p{L}\p{N}_/-]+/gu, '-')}`
}

function indent(depth: number): string {
  return '    '.repeat(depth)
}
