import type { GroupBy } from '../schemas/view'
import type { ArrangeOptions } from './arrange'
import type { Ground } from './arrange-ground'
import type { Ranking } from './arrange-order'
import { DUE_BUCKETS, dueBuckets, type DueBucket } from './due-bucket'
import { foldText } from './fold-text'
import type { PlacedTodo } from './parents'

type Person = PlacedTodo['people'][number]

/** Where a to-do stands: `attention` needs the person, because Notion refused it or says otherwise. */
export const TODO_STATES = ['attention', 'open', 'done'] as const
export type TodoState = (typeof TODO_STATES)[number]

/** What a group has in common; `null` (or no headings) for those that have nothing of the kind. */
export type Group =
  | { by: 'database'; databaseId: string }
  | { by: 'page'; page: PlacedTodo['page'] }
  | { by: 'workspace'; connectionId: number | null; name: string }
  | { by: 'heading'; headings: readonly string[] }
  | { by: 'due'; bucket: DueBucket }
  | { by: 'person'; person: Person | null }
  | { by: 'tag'; tag: string | null }
  | { by: 'state'; state: TodoState }

export interface DatabaseName {
  name: string
  workspace: { connectionId: number; name: string }
}

export interface GroupNode<T extends PlacedTodo> {
  key: string
  group: Group
  /** Matches directly in it. */
  members: T[]
  groups: GroupNode<T>[]
  /** Open to-dos in it and in the groups inside it. */
  open: number
  /** Place of the newest page in it among all pages. */
  newest: number
}

interface Placement {
  key: string
  /** Made only for the first one that is put there. */
  group: () => Group
}

interface Place<T extends PlacedTodo> {
  placement: readonly [Placement, Placement?]
  node: GroupNode<T>
  /** The group inside that one; the same when there is none. */
  leaf: GroupNode<T>
}

/** The matches by what the view groups them by, groups in their order. Empty groups do not exist. */
export function groupsOf<T extends PlacedTodo>(
  ground: Ground<T>,
  options: ArrangeOptions,
  ranking: Ranking<T>,
): GroupNode<T>[] {
  const placementsOf = placing(ground, options)
  const nodes = new Map<string, GroupNode<T>>()
  const outer: GroupNode<T>[] = []

  function nodeAt({ key, group }: Placement, siblings: GroupNode<T>[]): GroupNode<T> {
    let node = nodes.get(key)
    if (!node) {
      node = { key, group: group(), members: [], groups: [], open: 0, newest: Infinity }
      nodes.set(key, node)
      siblings.push(node)
    }
    return node
  }

  function placeAt(placement: readonly [Placement, Placement?]): Place<T> {
    const [first, second] = placement
    const node = nodeAt(first, outer)
    return { placement, node, leaf: second ? nodeAt(second, node.groups) : node }
  }

  // To-dos of one page follow each other, so most stand where the one before them stands.
  let last: Place<T> | undefined
  let page: PlacedTodo['page'] | undefined
  let rank = Infinity
  for (const id of options.matches) {
    const todo = ground.byId.get(id)
    if (!todo) continue
    if (todo.page !== page) rank = ranking.pageRank(todo)
    page = todo.page
    for (const placement of placementsOf(todo)) {
      const place: Place<T> = last?.placement === placement ? last : placeAt(placement)
      last = place
      const { node, leaf } = place
      leaf.members.push(todo)
      if (rank < leaf.newest) leaf.newest = rank
      if (rank < node.newest) node.newest = rank
      if (todo.checked) continue
      node.open += 1
      if (leaf !== node) leaf.open += 1
    }
  }
  return inOrder(outer, options, ranking)
}

/** For each to-do the groups it stands in, each with the group inside that one, if there is one. */
type Placing<T> = (todo: T) => readonly (readonly [Placement, Placement?])[]

function placing<T extends PlacedTodo>(ground: Ground<T>, options: ArrangeOptions): Placing<T> {
  const { view, lingering } = options
  const rootOf = rootFinder(ground)
  const inherited = inheriting(ground)
  switch (view.group) {
    case 'page': {
      const rowsAt = rememberedBy<[[Placement, Placement?]]>()
      return (todo) => {
        const root = rootOf(todo)
        if (root.kind === 'row') return rowsAt(root.databaseId, () => [[databasePlacement(root.databaseId)]])
        return pagePlacements(root)
      }
    }
    case 'database':
      return (todo) => [[databasePlacement(rootOf(todo).databaseId)]]
    case 'workspace':
      return (todo) => [[workspacePlacement(rootOf(todo), options)]]
    case 'heading':
      return (todo) => [[headingPlacement(rootOf(todo).headingPath)]]
    case 'due': {
      const bucketOf = dueBuckets(options.now, options.timeZone)
      return (todo) => [[duePlacement(bucketOf(inherited(todo, (one) => one.due !== null).due))]]
    }
    case 'person':
      return (todo) => everyOf(inherited(todo, ({ people }) => people.length > 0).people, personPlacement)
    case 'tag':
      return (todo) => everyOf(inherited(todo, ({ tags }) => tags.length > 0).tags, tagPlacement)
    case 'state':
      return (todo) => [[statePlacement(stateOf(todo, lingering))]]
  }
}

/** Makes what belongs to a key once: building the same text thousands of times is what would cost most. */
function rememberedBy<Value>(): (key: string | number, make: () => Value) => Value {
  const values = new Map<string | number, Value>()
  return (key, make) => {
    let value = values.get(key)
    if (value === undefined) {
      value = make()
      values.set(key, value)
    }
    return value
  }
}

/** The topmost to-do above (or the same): the whole tree stands where it stands. */
function rootFinder<T extends PlacedTodo>({ parents, byId }: Ground<T>): (todo: T) => PlacedTodo {
  return (todo) => {
    let root: PlacedTodo = todo
    for (let id = parents.get(todo.id); id !== undefined; id = parents.get(id)) root = byId.get(id) ?? root
    return root
  }
}

/** The to-do itself or the nearest one above that has what is asked for; itself when none has. */
function inheriting<T extends PlacedTodo>({ parents, byId }: Ground<T>) {
  return (todo: T, has: (todo: PlacedTodo) => boolean): PlacedTodo => {
    if (has(todo)) return todo
    for (let id = parents.get(todo.id); id !== undefined; id = parents.get(id)) {
      const above = byId.get(id)
      if (above && has(above)) return above
    }
    return todo
  }
}

/** Pages are replaced, never changed in place. There are thousands of them, and each is in one database. */
const placementsOfPages = new WeakMap<object, [[Placement, Placement]]>()

function pagePlacements({ page, databaseId }: PlacedTodo): [[Placement, Placement]] {
  let placements = placementsOfPages.get(page)
  if (!placements) {
    const inDatabase = { key: `page:${page.id}`, group: () => ({ by: 'page', page }) as const }
    placements = [[databasePlacement(databaseId), inDatabase]]
    placementsOfPages.set(page, placements)
  }
  return placements
}

function databasePlacement(databaseId: string): Placement {
  return { key: `database:${databaseId}`, group: () => ({ by: 'database', databaseId }) }
}

function workspacePlacement({ databaseId }: PlacedTodo, { databases }: ArrangeOptions): Placement {
  const workspace = databases?.get(databaseId)?.workspace
  return {
    key: `workspace:${workspace?.connectionId ?? ''}`,
    group: () => ({
      by: 'workspace',
      connectionId: workspace?.connectionId ?? null,
      name: workspace?.name ?? '',
    }),
  }
}

function headingPlacement(headings: readonly string[]): Placement {
  return { key: `heading:${headings.join('\n')}`, group: () => ({ by: 'heading', headings }) }
}

function duePlacement(bucket: DueBucket): Placement {
  return { key: `due:${bucket}`, group: () => ({ by: 'due', bucket }) }
}

function personPlacement(person: Person | null): Placement {
  return { key: `person:${person?.id ?? ''}`, group: () => ({ by: 'person', person }) }
}

function tagPlacement(tag: string | null): Placement {
  return { key: tag === null ? 'tag' : `tag:${tag}`, group: () => ({ by: 'tag', tag }) }
}

function statePlacement(state: TodoState): Placement {
  return { key: `state:${state}`, group: () => ({ by: 'state', state }) }
}

function stateOf(todo: PlacedTodo, lingering: ReadonlySet<number> | undefined): TodoState {
  if (todo.write.state !== 'saved' && todo.write.state !== 'waiting') return 'attention'
  return todo.checked && !lingering?.has(todo.id) ? 'done' : 'open'
}

/** One placement for each value, named twice or not; one for "nothing of the kind" without any. */
function everyOf<Value>(
  values: readonly Value[],
  toPlacement: (value: Value | null) => Placement,
): (readonly [Placement])[] {
  const placements = new Map<string, Placement>()
  for (const value of values.length > 0 ? values : [null]) {
    const placement = toPlacement(value)
    placements.set(placement.key, placement)
  }
  return [...placements.values()].map((placement) => [placement])
}

type Rank = string | number

function inOrder<T extends PlacedTodo>(
  nodes: readonly GroupNode<T>[],
  options: ArrangeOptions,
  ranking: Ranking<T>,
): GroupNode<T>[] {
  const ranked = nodes.map((node) => {
    if (node.groups.length > 0) node.groups = inOrder(node.groups, options, ranking)
    return { node, ranks: ranksOf(node, options, ranking) }
  })
  return ranked.sort((a, b) => compareRanks(a.ranks, b.ranks)).map(({ node }) => node)
}

/** By what a group is sorted, most telling first. Groups without a value of their kind come last. */
function ranksOf<T extends PlacedTodo>(
  node: GroupNode<T>,
  { view, databases }: ArrangeOptions,
  ranking: Ranking<T>,
): Rank[] {
  const { group } = node
  switch (group.by) {
    case 'due':
      return [DUE_BUCKETS.indexOf(group.bucket)]
    case 'state':
      return [TODO_STATES.indexOf(group.state)]
    case 'person':
      return [
        group.person ? (group.person.name.trim() ? 0 : 1) : 2,
        foldText(group.person?.name ?? ''),
        node.key,
      ]
    case 'tag':
      return [group.tag === null ? 1 : 0, foldText(group.tag ?? ''), node.key]
    case 'heading':
      return [group.headings.length > 0 ? 0 : 1, foldText(group.headings.join('\n')), node.key]
    case 'page':
    case 'database':
    case 'workspace': {
      if (view.sort === 'text') return [foldText(labelOf(group, databases)), node.newest]
      return ranking.weight ? [least(node, ranking.weight), node.newest] : [node.newest]
    }
  }
}

function labelOf(
  group: Extract<Group, { by: GroupBy & ('page' | 'database' | 'workspace') }>,
  databases: ArrangeOptions['databases'],
): string {
  if (group.by === 'page') return group.page.title
  return group.by === 'workspace' ? group.name : (databases?.get(group.databaseId)?.name ?? '')
}

function least<T extends PlacedTodo>(node: GroupNode<T>, weight: (todo: PlacedTodo) => number): number {
  let result = Infinity
  for (const todo of node.members) result = Math.min(result, weight(todo))
  for (const inner of node.groups) result = Math.min(result, least(inner, weight))
  return result
}

function compareRanks(a: readonly Rank[], b: readonly Rank[]): number {
  for (let index = 0; index < a.length; index += 1) {
    const rank = a[index] ?? 0
    const other = b[index] ?? rank
    if (rank !== other) return rank < other ? -1 : 1
  }
  return 0
}
