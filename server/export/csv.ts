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

const FORMAT: Options = {
  record_delimiter: '\r\n',
  // A cell that begins like a formula is shown as text: spreadsheets run what others wrote into Notion otherwise
  // (OWASP, CSV injection). The apostrophe is the price.
  escape_formulas: true,
}

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
  ].map(oneLine)
}
