import type { GroupBy, SortBy } from '../schemas/view'
import type { Ground, Progress } from './arrange-ground'
import { ArrangeMemory } from './arrange-memory'
import { groupsOf, type DatabaseName, type Group, type GroupNode } from './arrange-groups'
import { rankingOf, type Ranking } from './arrange-order'
import type { PlacedTodo } from './parents'

type Page = PlacedTodo['page']

export interface GroupRow {
  kind: 'group'
  key: string
  level: 1 | 2
  group: Group
  /** Open to-dos in it, folded or not. */
  open: number
  folded: boolean
}

/** The headings (and, where no group names it, the page) that the siblings below stand under in Notion. */
export interface PathRow {
  kind: 'path'
  key: string
  /** Of the group it stands in. */
  level: 1 | 2
  depth: number
  page: Page | null
  headings: readonly string[]
}

export interface ItemRow<T extends PlacedTodo> {
  kind: 'item'
  key: string
  todo: T
  /** The row of the group it stands in, and that group's level. */
  group: string
  level: 1 | 2
  /** How many to-dos it stands below. */
  depth: number
  /** Only shown so that something below it is understood. */
  context: boolean
  progress: Progress | null
  /** Nothing above it says which page it is from. */
  showsPage: boolean
  /** Its place among its siblings, from 1, and how many they are. */
  place: number
  siblings: number
}

export type Row<T extends PlacedTodo> = GroupRow | PathRow | ItemRow<T>

export interface ArrangeOptions {
  view: { group: GroupBy; sort: SortBy }
  /** What was asked for, in the order of the to-dos; the ancestors of these are shown as context. */
  matches: ReadonlySet<number>
  now: Date
  timeZone: string
  /** Names of databases and of their workspaces, by database id. */
  databases?: ReadonlyMap<string, DatabaseName>
  /** Keys of the groups of which only the heading is shown. */
  folded?: ReadonlySet<string>
  /** Just ticked: they stay in their group until they leave the list. */
  lingering?: ReadonlySet<number>
}

/** Groupings whose to-dos stand in the order of their page, below its headings. */
const BY_PLACE: ReadonlySet<GroupBy> = new Set(['page', 'database', 'workspace', 'heading'])
const NOTHING_FOLDED: ReadonlySet<string> = new Set()

/**
 * To-dos as the rows of a list, from top to bottom: group headings, the headings they have in Notion, and the
 * to-dos below their parents. The same for the screen and for an export.
 *
 * Every match stands exactly once in every group it belongs to: in one, except that a to-do of several people
 * (tags) stands under each of them. A sub-to-do without a date (person, tag) of its own goes where its parent
 * goes. An ancestor that does not belong to the group of a match below it is repeated there as context.
 *
 * @param memory what the last arrangement of these to-dos has made; used again where nothing has changed
 */
export function arrange<T extends PlacedTodo>(
  ground: Ground<T>,
  options: ArrangeOptions,
  memory = new ArrangeMemory<T>(),
): Row<T>[] {
  const { folded = NOTHING_FOLDED } = options
  const ranking = rankingOf(ground, options)
  const rows: Row<T>[] = []

  memory.begin(ground, options)
  for (const outer of groupsOf(ground, options, ranking)) emitGroup(outer, 1)
  return rows

  function emitGroup(node: GroupNode<T>, level: 1 | 2): void {
    const { key, group, open } = node
    const isFolded = folded.has(key)
    rows.push({ kind: 'group', key, level, group, open, folded: isFolded })
    if (isFolded) return
    const items = memory.rowsOf(node, level, ground, () => itemsOf(node, level, ground, { options, ranking }))
    for (const row of items) rows.push(row)
    for (const inner of node.groups) emitGroup(inner, 2)
  }
}

/** The to-dos of one group, with the headings they stand below in Notion. */
function itemsOf<T extends PlacedTodo>(
  node: GroupNode<T>,
  level: 1 | 2,
  ground: Ground<T>,
  { options, ranking }: { options: ArrangeOptions; ranking: Ranking<T> },
): Row<T>[] {
  const rows: Row<T>[] = []
  const { by } = node.group
  const byPlace = BY_PLACE.has(options.view.group) && options.view.sort === 'document'
  const { roots, childrenOf, roles } = treeOf(node, ground, ranking)
  // The page (and, when grouped by heading, the heading) is what the group's own heading says already.
  const knownPage = node.group.by === 'page' ? node.group.page.id : null
  const showsPage = !byPlace && by !== 'page'
  emitSiblings(roots, 0, { page: knownPage, headings: by === 'heading' ? null : [] })
  return rows

  function emitSiblings(siblings: readonly T[], depth: number, above: Above): void {
    for (const section of sectionsOf(siblings, byPlace)) {
      const [first] = section
      if (!first) continue
      const path = byPlace ? pathOf(first, above) : null
      if (path) rows.push({ kind: 'path', key: `${node.key}~${first.id}`, level, depth, ...path })
      section.forEach((todo, index) => {
        rows.push({
          kind: 'item',
          key: `${node.key}#${todo.id}`,
          todo,
          group: node.key,
          level,
          depth,
          context: roles.get(todo.id) === 'context',
          progress: ground.progress.get(todo.id) ?? null,
          showsPage: showsPage && depth === 0 && todo.kind === 'block',
          place: index + 1,
          siblings: section.length,
        })
        const children = childrenOf.get(todo.id)
        if (children) emitSiblings(children, depth + 1, { page: todo.page.id, headings: todo.headingPath })
      })
    }
  }
}

/** What a reader already knows at some place: which page they are on, and below which headings. */
interface Above {
  page: number | null
  /** `null` when headings need not be named at all. */
  headings: readonly string[] | null
}

/** What has to be said above a section so that a reader knows where it stands; `null` when they know. */
function pathOf(first: PlacedTodo, above: Above): Pick<PathRow, 'page' | 'headings'> | null {
  // A row is its own page: naming it above itself would say it twice.
  const page = first.kind === 'block' && above.page !== first.page.id ? first.page : null
  const isNews = above.headings !== null && (page !== null || !samePath(first.headingPath, above.headings))
  const headings = isNews ? first.headingPath : []
  return page === null && headings.length === 0 ? null : { page, headings }
}

/** Siblings in a row that stand at the same place in Notion. */
function sectionsOf<T extends PlacedTodo>(siblings: readonly T[], byPlace: boolean): T[][] {
  if (!byPlace) return [[...siblings]]
  const sections: T[][] = []
  for (const todo of siblings) {
    const last = sections.at(-1)
    if (last?.[0] && samePlace(last[0], todo)) last.push(todo)
    else sections.push([todo])
  }
  return sections
}

interface Tree<T> {
  roots: T[]
  childrenOf: ReadonlyMap<number, readonly T[]>
  roles: ReadonlyMap<number, 'match' | 'context'>
}

const NONE: ReadonlyMap<number, never> = new Map<number, never>()

/** The members of one group below their parents, with the ancestors that are needed to understand them. */
function treeOf<T extends PlacedTodo>(
  node: GroupNode<T>,
  { parents, byId }: Ground<T>,
  ranking: Ranking<T>,
): Tree<T> {
  // Most groups are a few to-dos side by side: there are thousands of them, and they are made anew with a letter.
  if (node.members.every(({ id }) => !parents.has(id)))
    return { roots: [...node.members].sort(ranking.within(NONE, NONE)), childrenOf: NONE, roles: NONE }
  const roles = new Map<number, 'match' | 'context'>()
  const roots: T[] = []
  const childrenOf = new Map<number, T[]>()
  const all = [...node.members]
  for (const todo of node.members) roles.set(todo.id, 'match')
  for (const todo of all) {
    const parentId = parents.get(todo.id)
    if (parentId === undefined || roles.has(parentId)) continue
    const parent = byId.get(parentId)
    if (!parent) continue
    roles.set(parentId, 'context')
    // Seen by this very loop: its own parent may be missing too.
    all.push(parent)
  }
  for (const todo of all) {
    const parentId = parents.get(todo.id)
    if (parentId === undefined) roots.push(todo)
    else pushTo(childrenOf, parentId, todo)
  }
  const compare = ranking.within(childrenOf, roles)
  roots.sort(compare)
  for (const children of childrenOf.values()) if (children.length > 1) children.sort(compare)
  return { roots, childrenOf, roles }
}

function samePlace(a: PlacedTodo, b: PlacedTodo): boolean {
  const samePage = a.kind === 'block' && b.kind === 'block' ? a.page.id === b.page.id : a.kind === b.kind
  return samePage && samePath(a.headingPath, b.headingPath)
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((heading, index) => heading === b[index])
}

function pushTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
