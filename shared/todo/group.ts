import type { Shown } from './filter'
import type { Parents, PlacedTodo } from './parents'

type Page = PlacedTodo['page']

export interface Progress {
  done: number
  total: number
}

/** One to-do with what is nested below it. */
export interface TodoNode<T extends PlacedTodo> {
  todo: T
  /** Only shown so that something below it is understood. */
  context: boolean
  /** Of all direct sub-to-dos, shown or not; `null` without any. */
  progress: Progress | null
  sections: HeadingSection<T>[]
}

/** Siblings in a row that stand under the same headings. */
export interface HeadingSection<T extends PlacedTodo> {
  /** `null` when it is the heading path the reader is already under. */
  headings: string[] | null
  nodes: TodoNode<T>[]
}

export interface PageGroup<T extends PlacedTodo> {
  page: Page
  sections: HeadingSection<T>[]
  /** Open to-dos among those shown. */
  open: number
}

export interface DatabaseGroup<T extends PlacedTodo> {
  databaseId: string
  /** Task rows: they are their own page, so they stand directly below the database. */
  rows: TodoNode<T>[]
  pages: PageGroup<T>[]
  open: number
}

export interface GroupOptions {
  shown: Shown
  /**
   * When the page was last edited, as far as the order goes. The caller may freeze it: ticking a box edits the
   * page, and a list must not jump about under the hand that ticks.
   */
  editedTime?: (page: Page) => string | null
}

/**
 * To-dos by database and page, pages newest first, to-dos in document order below their parents. Everything
 * in `shown` appears exactly once.
 */
export function groupTodos<T extends PlacedTodo>(
  todos: readonly T[],
  parents: Parents,
  options: GroupOptions,
): DatabaseGroup<T>[] {
  const childrenOf = new Map<number | null, T[]>()
  for (const todo of todos) pushTo(childrenOf, parents.get(todo.id) ?? null, todo)
  for (const siblings of childrenOf.values()) siblings.sort(inDocumentOrder)

  const editedTime = options.editedTime ?? ((page) => page.lastEditedTime)
  const roots = (childrenOf.get(null) ?? []).filter((todo) => options.shown.has(todo.id))
  const toNode = (todo: T): TodoNode<T> => nodeOf(todo, childrenOf, options.shown)

  const databases = new Map<string, T[]>()
  for (const root of roots) pushTo(databases, root.databaseId, root)
  return [...databases]
    .map(([databaseId, members]) => databaseGroup(databaseId, members, toNode, editedTime))
    .sort(
      (a, b) =>
        newestFirst(newestOf(a, editedTime), newestOf(b, editedTime)) || compare(a.databaseId, b.databaseId),
    )
}

/** The shown to-dos in the order a reader meets them. */
export function inReadingOrder<T extends PlacedTodo>(groups: readonly DatabaseGroup<T>[]): T[] {
  const order: T[] = []
  const visit = (node: TodoNode<T>): void => {
    order.push(node.todo)
    for (const section of node.sections) section.nodes.forEach(visit)
  }
  for (const group of groups) {
    group.rows.forEach(visit)
    for (const page of group.pages) for (const section of page.sections) section.nodes.forEach(visit)
  }
  return order
}

function databaseGroup<T extends PlacedTodo>(
  databaseId: string,
  roots: readonly T[],
  toNode: (todo: T) => TodoNode<T>,
  editedTime: (page: Page) => string | null,
): DatabaseGroup<T> {
  const byPageAge = (a: Page, b: Page) => newestFirst(editedTime(a), editedTime(b)) || b.id - a.id
  const rows = roots
    .filter((todo) => todo.kind === 'row')
    .sort((a, b) => byPageAge(a.page, b.page))
    .map(toNode)

  const byPage = new Map<number, T[]>()
  for (const todo of roots) if (todo.kind === 'block') pushTo(byPage, todo.page.id, todo)
  const pages = [...byPage.values()]
    .flatMap(([first, ...rest]) => (first ? [pageGroup(first, rest, toNode)] : []))
    .sort((a, b) => byPageAge(a.page, b.page))
  const open =
    rows.reduce((sum, node) => sum + openIn(node), 0) + pages.reduce((sum, page) => sum + page.open, 0)
  return { databaseId, rows, pages, open }
}

function pageGroup<T extends PlacedTodo>(
  first: T,
  rest: readonly T[],
  toNode: (todo: T) => TodoNode<T>,
): PageGroup<T> {
  const nodes = [first, ...rest].map(toNode)
  return {
    page: first.page,
    sections: sectionsOf(nodes, []),
    open: nodes.reduce((sum, node) => sum + openIn(node), 0),
  }
}

function nodeOf<T extends PlacedTodo>(
  todo: T,
  childrenOf: ReadonlyMap<number | null, T[]>,
  shown: Shown,
): TodoNode<T> {
  const children = childrenOf.get(todo.id) ?? []
  const nodes = children
    .filter((child) => shown.has(child.id))
    .map((child) => nodeOf(child, childrenOf, shown))
  return {
    todo,
    context: shown.get(todo.id) === 'context',
    progress: children.length > 0 ? progressOf(children) : null,
    sections: sectionsOf(nodes, todo.headingPath),
  }
}

function sectionsOf<T extends PlacedTodo>(
  nodes: readonly TodoNode<T>[],
  inherited: readonly string[],
): HeadingSection<T>[] {
  const sections: { path: readonly string[]; nodes: TodoNode<T>[] }[] = []
  for (const node of nodes) {
    const last = sections.at(-1)
    if (last && samePath(last.path, node.todo.headingPath)) last.nodes.push(node)
    else sections.push({ path: node.todo.headingPath, nodes: [node] })
  }
  return sections.map(({ path, nodes }) => ({
    headings: samePath(path, inherited) ? null : [...path],
    nodes,
  }))
}

function progressOf(children: readonly PlacedTodo[]): Progress {
  return { done: children.filter((child) => child.checked).length, total: children.length }
}

function openIn<T extends PlacedTodo>(node: TodoNode<T>): number {
  const below = node.sections
    .flatMap((section) => section.nodes)
    .reduce((sum, child) => sum + openIn(child), 0)
  return below + (node.context || node.todo.checked ? 0 : 1)
}

function newestOf<T extends PlacedTodo>(
  group: DatabaseGroup<T>,
  editedTime: (page: Page) => string | null,
): string | null {
  const pages = [group.rows[0]?.todo.page, group.pages[0]?.page].flatMap((page) =>
    page ? [editedTime(page)] : [],
  )
  return pages.sort(newestFirst)[0] ?? null
}

/** Instants compared as moments, not as text: their offsets may differ. Unknown comes last. */
function newestFirst(a: string | null, b: string | null): number {
  return (b === null ? 0 : Date.parse(b)) - (a === null ? 0 : Date.parse(a))
}

function inDocumentOrder(a: PlacedTodo, b: PlacedTodo): number {
  return a.position - b.position || a.id - b.id
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((heading, index) => heading === b[index])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function pushTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
