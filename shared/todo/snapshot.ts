import type { CompactTodos, SnapshotReply } from '../schemas/snapshot'
import type { Todo, TodosReply } from '../schemas/todo'
import { blockUrl } from './notion-id'
import { isPlainText } from './rich-text'

const SAVED: Todo['write'] = { state: 'saved' }

/**
 * The to-dos of a compact answer, in its order. Those of one page share its object, as do equal headings,
 * dates, people and tags: nobody may change them in place.
 *
 * @param writes where the ticks of those stand that are not in step with Notion
 * @throws RangeError when columns do not fit together: a broken or truncated copy
 */
export function expandTodos(
  compact: CompactTodos,
  writes: ReadonlyMap<number, Todo['write']> = new Map(),
): Todo[] {
  const { todos: columns } = compact
  const pages = pagesOf(compact)
  return columns.id.map((id, index) => {
    const page = at(pages, at(columns.page, index))
    const notionId = at(columns.notionId, index)
    const text = at(columns.text, index)
    const isRow = at(columns.row, index) === 1
    const due = at(columns.due, index)
    return {
      id,
      notionId,
      kind: isRow ? 'row' : 'block',
      text,
      richText: at(columns.richText, index) ?? [{ text }],
      checked: at(columns.checked, index) === 1,
      page,
      databaseId: at(compact.databases, at(columns.database, index)),
      parentId: at(columns.parentId, index),
      depth: at(columns.depth, index),
      position: at(columns.position, index),
      headingPath: at(compact.headings, at(columns.headings, index)),
      due: due === null ? null : at(compact.dues, due),
      people: at(compact.people, at(columns.people, index)),
      tags: at(compact.tags, at(columns.tags, index)),
      url: isRow ? page.url : blockUrl(page.url, notionId),
      write: writes.get(id) ?? SAVED,
    }
  })
}

/** A snapshot as the answer of `GET /api/todos` that means the same. @throws RangeError as `expandTodos` */
export function expandReply({
  snapshot,
  writes,
  sync,
}: SnapshotReply): Omit<TodosReply, 'whole'> & { whole: boolean; cursor: string } {
  const { seq, whole, cursor, removed } = snapshot
  return { todos: expandTodos(snapshot, new Map(writes)), removed, seq, whole, cursor, sync }
}

/** The other way round, for what is kept on a device. Where ticks stand is left out: it is asked for anew. */
export function compactTodos(todos: readonly Todo[]): CompactTodos {
  const pages = new Places<Todo['page']>((page) => page.id)
  const databases = new Places<string>((id) => id)
  const headings = new Places<string[]>((path) => JSON.stringify(path))
  const dues = new Places<NonNullable<Todo['due']>>((due) => JSON.stringify(due))
  const people = new Places<Todo['people']>((names) => JSON.stringify(names))
  const tags = new Places<string[]>((names) => JSON.stringify(names))
  const column = <T>(read: (todo: Todo) => T): T[] => todos.map(read)
  return {
    todos: {
      id: column(({ id }) => id),
      notionId: column(({ notionId }) => notionId),
      row: column(({ kind }) => (kind === 'row' ? 1 : 0)),
      text: column(({ text }) => text),
      richText: column((todo) => (isPlainText(todo) ? null : todo.richText)),
      checked: column(({ checked }) => (checked ? 1 : 0)),
      page: column(({ page }) => pages.of(page)),
      database: column(({ databaseId }) => databases.of(databaseId)),
      parentId: column(({ parentId }) => parentId),
      depth: column(({ depth }) => depth),
      position: column(({ position }) => position),
      headings: column(({ headingPath }) => headings.of(headingPath)),
      due: column(({ due }) => (due ? dues.of(due) : null)),
      people: column((todo) => people.of(todo.people)),
      tags: column((todo) => tags.of(todo.tags)),
    },
    pages: {
      id: pages.values.map(({ id }) => id),
      title: pages.values.map(({ title }) => title),
      icon: pages.values.map(({ icon }) => icon),
      url: pages.values.map(({ url }) => url),
      lastEditedTime: pages.values.map(({ lastEditedTime }) => lastEditedTime),
    },
    databases: databases.values,
    headings: headings.values,
    dues: dues.values,
    people: people.values,
    tags: tags.values,
  }
}

/** Different values, each with its place in the order they came. */
class Places<T> {
  readonly values: T[] = []
  readonly #places = new Map<unknown, number>()
  readonly #keyOf: (value: T) => unknown

  constructor(keyOf: (value: T) => unknown) {
    this.#keyOf = keyOf
  }

  of(value: T): number {
    const key = this.#keyOf(value)
    const known = this.#places.get(key)
    if (known !== undefined) return known
    this.#places.set(key, this.values.length)
    return this.values.push(value) - 1
  }
}

function pagesOf({ pages }: CompactTodos): Todo['page'][] {
  return pages.id.map((id, index) => ({
    id,
    title: at(pages.title, index),
    icon: at(pages.icon, index),
    url: at(pages.url, index),
    lastEditedTime: at(pages.lastEditedTime, index),
  }))
}

function at<T>(column: readonly T[], index: number): T {
  const value = column[index]
  if (value === undefined) throw new RangeError('The columns do not fit together.')
  return value
}
