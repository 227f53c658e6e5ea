import type {
  BlockRecord,
  DatabaseRecord,
  DataSourceRecord,
  NodeRecord,
  PageRecord,
  WorkspaceRecord,
} from './records.ts'

/** A node that holds an ordered list of blocks, child pages and child databases. */
export type ContainerRecord = PageRecord | BlockRecord

/** Every object of every workspace, by id, with the tree operations the endpoints need. */
export class Store {
  readonly workspaces = new Map<string, WorkspaceRecord>()
  readonly nodes = new Map<string, NodeRecord>()
  #onChange: () => void

  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange
  }

  /** Tells the state file that something changed; called by every mutation. */
  changed(): void {
    this.#onChange()
  }

  node(id: string): NodeRecord | undefined {
    return this.nodes.get(id)
  }

  page(id: string): PageRecord | undefined {
    const node = this.nodes.get(id)
    return node?.kind === 'page' ? node : undefined
  }

  database(id: string): DatabaseRecord | undefined {
    const node = this.nodes.get(id)
    return node?.kind === 'database' ? node : undefined
  }

  dataSource(id: string): DataSourceRecord | undefined {
    const node = this.nodes.get(id)
    return node?.kind === 'data_source' ? node : undefined
  }

  container(id: string): ContainerRecord | undefined {
    const node = this.nodes.get(id)
    return node?.kind === 'page' || node?.kind === 'block' ? node : undefined
  }

  /** Adds a node and lists it in its parent, after `afterId`, first (`null`) or last (left out). */
  insert(node: NodeRecord, afterId?: string | null): void {
    this.nodes.set(node.id, node)
    const siblings = this.siblingsOf(node)
    if (siblings && !siblings.includes(node.id)) {
      const index =
        afterId === undefined ? siblings.length : afterId === null ? 0 : siblings.indexOf(afterId) + 1
      siblings.splice(index, 0, node.id)
    }
    this.changed()
  }

  /** Takes a node out of its parent's list; the node itself stays known. */
  detach(node: NodeRecord): void {
    const siblings = this.siblingsOf(node)
    const index = siblings?.indexOf(node.id) ?? -1
    if (siblings && index >= 0) siblings.splice(index, 1)
    this.changed()
  }

  /** The live list that holds the node, if its parent keeps one. */
  siblingsOf(node: NodeRecord): string[] | undefined {
    const parent = node.parentId === null ? undefined : this.nodes.get(node.parentId)
    switch (parent?.kind) {
      case 'page':
      case 'block':
        return parent.childIds
      case 'data_source':
        return parent.rowIds
      case 'database':
        return parent.dataSourceIds
      case undefined:
        return undefined
    }
  }

  /** The node and everything that contains it, innermost first. */
  *lineage(id: string): Generator<NodeRecord> {
    let node = this.nodes.get(id)
    while (node) {
      yield node
      node = node.parentId === null ? undefined : this.nodes.get(node.parentId)
    }
  }

  /** In the trash itself, or inside something that is. */
  isTrashed(id: string): boolean {
    for (const node of this.lineage(id)) if (node.inTrash) return true
    return false
  }

  /** The page a block stands on (a page is its own). */
  owningPage(id: string): PageRecord | undefined {
    for (const node of this.lineage(id)) if (node.kind === 'page') return node
    return undefined
  }

  /** What a container shows: its blocks, child pages and child databases outside the trash, in order. */
  visibleChildren(container: ContainerRecord): NodeRecord[] {
    return container.childIds
      .map((id) => this.nodes.get(id))
      .filter((node): node is NodeRecord => node !== undefined && !node.inTrash)
  }

  clear(): void {
    this.workspaces.clear()
    this.nodes.clear()
    this.changed()
  }
}

/** Notion keeps times to the minute in its replies (notion-api.md §12). */
export function toMinute(time: string): string {
  return `${time.slice(0, 16)}:00.000Z`
}
