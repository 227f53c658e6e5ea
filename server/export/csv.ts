import type { Options } from 'csv-stringify/sync'
import { stringify } from 'csv-stringify/sync'
import type { Todo } from '#shared/schemas/todo'
import type { Selection } from '#server/views/select'
import type { ExportOptions } from './export'
import { oneLine } from './one-line'
import { personName } from './words'

const COLUMNS = [
  'Done',
  'To-do',
  'Due',
  'Due until',
  'People',
  'Tags',
  'Headings',
  'Below',
  'Page',
  'Database',
  'Workspace',
  'Link',
]
/** Of the columns, and of all else that is ours in the file, whatever the reader's is: programs look for it. */
const LANGUAGE = 'en'
/** To-dos written at a time. */
const BATCH_SIZE = 200
const BYTE_ORDER_MARK = '\uFEFF'

const FORMAT: Options = { record_delimiter: '\r\n' }

/**
 * What makes a formula of a cell, where a cell may begin: at the start of a text, and after whatever some program
 * takes for the end of a cell. A German Excel splits at semicolons, and heeds no quotes within a line that it splits
 * elsewhere than we do.
 */
const FORMULA_START = /(^|[,;|\t，；｜])([\s"“”]*)(?=[=+\-@＝＋－＠])/gu

/** RFC 4180: one line for each to-do, every cell on one line. */
export function* toCsv(selection: Selection, { bom }: Pick<ExportOptions, 'bom'>): Generator<string> {
  yield (bom ? BYTE_ORDER_MARK : '') + stringify([COLUMNS], FORMAT)
  for (let start = 0; start < selection.todos.length; start += BATCH_SIZE) {
    const batch = selection.todos.slice(start, start + BATCH_SIZE)
    yield stringify(
      batch.map((todo) => cellsOf(todo, selection)),
      FORMAT,
    )
  }
}

function cellsOf(todo: Todo, { parents, byId, databases }: Selection): string[] {
  const database = databases.get(todo.databaseId)
  const parent = byId.get(parents.get(todo.id) ?? -1)
  return [
    todo.checked ? 'yes' : 'no',
    todo.text,
    todo.due?.start ?? '',
    todo.due?.end ?? '',
    todo.people.map((person) => personName(person, LANGUAGE)).join(', '),
    todo.tags.join(', '),
    todo.headingPath.join(' › '),
    parent?.text ?? '',
    todo.page.title,
    database?.name ?? '',
    database?.workspace.name ?? '',
    todo.url,
  ].map(toCell)
}

/**
 * A text that no spreadsheet runs (OWASP, CSV injection), whoever wrote it into Notion and wherever the file is split
 * into cells. The apostrophe is the price.
 */
function toCell(text: string): string {
  return oneLine(text).replace(FORMULA_START, "$1$2'")
}
