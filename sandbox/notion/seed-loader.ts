import type { NodeRecord, PageRecord } from './records.ts'
import type { BlockSeed, Property, PropertyValue, WorkspaceSeed } from './seed-format.ts'
import { WorkspaceSeedSchema } from './seed-format.ts'
import type { Store } from './store.ts'
import type { z } from 'zod'

type ParsedWorkspace = z.output<typeof WorkspaceSeedSchema>
type ParsedPage = ParsedWorkspace['pages'][number]
type ParsedDatabase = ParsedWorkspace['databases'][number]
type Parent = ParsedPage['parent']

interface Authorship {
  createdTime: string
  createdBy: string
  lastEditedTime: string
  lastEditedBy: string
}

/** Puts a workspace into the store, replacing the one with the same id. Throws a ZodError for a bad seed. */
export function loadWorkspace(store: Store, seed: WorkspaceSeed): void {
  const workspace = WorkspaceSeedSchema.parse(seed)
  removeWorkspace(store, workspace.id)
  const { id, name, icon, plan, users, tokens } = workspace
  store.workspaces.set(id, { id, name, icon, plan, users, tokens })
  for (const database of workspace.databases) addDatabase(store, id, database)
  for (const page of workspace.pages) addPage(store, id, page)
  for (const page of workspace.pages) addBlocks(store, id, page.id, page.blocks, authorship(page))
  listLooseChildren(store, id)
}

function removeWorkspace(store: Store, workspaceId: string): void {
  store.workspaces.delete(workspaceId)
  for (const node of [...store.nodes.values()])
    if (node.workspaceId === workspaceId) store.nodes.delete(node.id)
}

function authorship(seed: ParsedPage | ParsedDatabase): Authorship {
  return {
    createdTime: seed.created_time,
    createdBy: seed.created_by,
    lastEditedTime: seed.last_edited_time,
    lastEditedBy: seed.last_edited_by,
  }
}

function parentIdOf(parent: Parent): string | null {
  switch (parent.type) {
    case 'workspace':
      return null
    case 'page_id':
      return parent.page_id
    case 'block_id':
      return parent.block_id
    case 'data_source_id':
      return parent.data_source_id
  }
}

function addDatabase(store: Store, workspaceId: string, seed: ParsedDatabase): void {
  const shared = { workspaceId, inTrash: false, ...authorship(seed) }
  store.insert({
    kind: 'database',
    id: seed.id,
    ...shared,
    parentId: parentIdOf(seed.parent),
    inTrash: seed.in_trash,
    title: seed.title,
    description: seed.description,
    icon: seed.icon,
    cover: seed.cover,
    isInline: seed.is_inline,
    isLocked: false,
    isPrivate: seed.private,
    dataSourceIds: [],
  })
  for (const source of seed.data_sources) {
    const { id, title, icon, properties } = source
    store.insert({
      kind: 'data_source',
      id,
      ...shared,
      parentId: seed.id,
      title,
      icon,
      properties,
      rowIds: [],
    })
  }
}

function addPage(store: Store, workspaceId: string, seed: ParsedPage): void {
  const page: PageRecord = {
    kind: 'page',
    id: seed.id,
    workspaceId,
    parentId: parentIdOf(seed.parent),
    inTrash: seed.in_trash,
    ...authorship(seed),
    properties: {},
    icon: seed.icon,
    cover: seed.cover,
    childIds: [],
    isArchived: false,
    isLocked: false,
    isPrivate: seed.private,
  }
  page.properties = seededProperties(store, seed)
  if (seed.parent.type === 'data_source_id') store.insert(page)
  else store.nodes.set(page.id, page)
}

/** Cells by property id, with option names turned into option ids. */
function seededProperties(store: Store, seed: ParsedPage): Record<string, PropertyValue> {
  if (seed.parent.type !== 'data_source_id') {
    const title = seed.properties['title']
    return title ? { title } : {}
  }
  const source = store.dataSource(seed.parent.data_source_id)
  if (!source) throw new Error(`Seed page ${seed.id} belongs to an unknown data source`)
  const byId: Record<string, PropertyValue> = {}
  for (const [name, value] of Object.entries(seed.properties)) {
    const property = source.properties.find((candidate) => candidate.name === name)
    if (property?.type !== value.type)
      throw new Error(`Seed page ${seed.id} has no ${value.type} property "${name}"`)
    byId[property.id] = withOptionIds(property, value)
  }
  return byId
}

function withOptionIds(property: Property, value: PropertyValue): PropertyValue {
  if (!('options' in property)) return value
  const idOf = (nameOrId: string): string => {
    const option = property.options.find(({ id, name }) => id === nameOrId || name === nameOrId)
    if (!option) throw new Error(`Property "${property.name}" has no option "${nameOrId}"`)
    return option.id
  }
  switch (value.type) {
    case 'select':
    case 'status':
      return { type: value.type, value: value.value === null ? null : idOf(value.value) }
    case 'multi_select':
      return { type: 'multi_select', value: value.value.map(idOf) }
    default:
      return value
  }
}

function addBlocks(
  store: Store,
  workspaceId: string,
  parentId: string,
  blocks: BlockSeed[],
  author: Authorship,
): void {
  for (const seed of blocks) {
    if (seed.type === 'child_page' || seed.type === 'child_database') {
      placeChild(store, parentId, seed.id)
      continue
    }
    store.insert({
      kind: 'block',
      id: seed.id,
      workspaceId,
      parentId,
      inTrash: seed.in_trash ?? false,
      ...author,
      type: seed.type,
      content: seed.content,
      childIds: [],
    })
    addBlocks(store, workspaceId, seed.id, seed.children ?? [], author)
  }
}

/** Gives a child page or database its place among the blocks. */
function placeChild(store: Store, parentId: string, childId: string): void {
  const child = store.node(childId)
  if (!child || child.parentId !== parentId)
    throw new Error(`Seed block ${childId} names a child that is not one`)
  store.detach(child)
  store.insert(child)
}

/** Child pages and databases that no block placed go to the end of their parent. */
function listLooseChildren(store: Store, workspaceId: string): void {
  const loose = (node: NodeRecord) =>
    node.workspaceId === workspaceId &&
    (node.kind === 'page' || node.kind === 'database') &&
    store.siblingsOf(node)?.includes(node.id) === false
  for (const node of [...store.nodes.values()].filter(loose)) store.insert(node)
}
