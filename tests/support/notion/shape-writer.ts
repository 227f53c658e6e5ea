import { seededId } from '../../../sandbox/notion/ids.ts'
import { cell, words } from '../../../sandbox/notion/seed-builders.ts'
import type { BlockSeed, DatabaseSeed, PageSeed } from '../../../sandbox/notion/seed-format.ts'
import { MAX_DEPTH, type Shape } from './block-shapes.ts'

type Parent = { type: 'page_id'; page_id: string } | { type: 'block_id'; block_id: string }
type InnerPage = Pick<PageSeed, 'id' | 'parent' | 'properties' | 'blocks'>
type InnerDatabase = Pick<DatabaseSeed, 'id' | 'parent'>

interface Place {
  parent: Parent
  isPrivate: boolean
  /** Inside the original of a synced block: no copies there, or a page could show itself for ever. */
  inOriginal: boolean
  level: number
}

interface Copy {
  block: BlockSeed
  pick: number
  foreign: boolean
}

const FILE = { type: 'external', external: { url: 'https://files.example.com/a' }, caption: [] }
const LINK = { url: 'https://example.com/', caption: [] }

/** Writes shapes out as blocks with ids, and remembers the child pages, databases and copies met on the way. */
export class ShapeWriter {
  readonly #childBodies: Shape[][]
  readonly #pages: InnerPage[] = []
  readonly #databases: InnerDatabase[] = []
  readonly #copies: Copy[] = []
  readonly #originals: { id: string; isPrivate: boolean }[] = []
  #count = 0

  constructor(childBodies: Shape[][]) {
    this.#childBodies = [...childBodies]
  }

  write(body: Shape[], parent: Parent, isPrivate = false): BlockSeed[] {
    return body.map((shape) => this.#block(shape, { parent, isPrivate, inOriginal: false, level: 1 }))
  }

  /** Points every copy at an original (there may be none that fits: then at nothing) and hands over what was met. */
  finish(): { pages: InnerPage[]; databases: InnerDatabase[] } {
    for (const { block, pick, foreign } of this.#copies) {
      const fitting = this.#originals.filter(({ isPrivate }) => isPrivate === foreign)
      const original = fitting[pick % Math.max(1, fitting.length)]
      const id = original?.id ?? seededId('generated:nowhere')
      block.content = { synced_from: { type: 'block_id', block_id: id } }
    }
    return { pages: this.#pages, databases: this.#databases }
  }

  #nextId(): string {
    this.#count += 1
    return seededId(`generated:block:${this.#count}`)
  }

  #block(shape: Shape, place: Place): BlockSeed {
    const id = this.#nextId()
    const trashed = shape.trashed ? { in_trash: true } : {}
    switch (shape.kind) {
      case 'copy':
      case 'foreign_copy':
        return { ...this.#copy(id, shape, place), ...trashed }
      case 'child_page':
        return this.#childPage(id, place)
      case 'child_database':
        this.#databases.push({ id, parent: place.parent })
        return { id, type: 'child_database', content: {} }
      case 'original':
        this.#originals.push({ id, isPrivate: place.isPrivate })
        return { ...this.#container(id, shape, { ...place, inOriginal: true }), ...trashed }
      case 'column_list':
      case 'tab':
        return { id, type: shape.kind, content: {}, children: this.#groups(shape, place), ...trashed }
      case 'meeting_notes':
        return { ...this.#meeting(id, shape, place), ...trashed }
      default:
        return { ...this.#container(id, shape, place), ...trashed }
    }
  }

  #copy(id: string, { kind, pick }: Shape, place: Place): BlockSeed {
    const block: BlockSeed = { id, type: 'synced_block', content: { synced_from: null } }
    if (!place.inOriginal) this.#copies.push({ block, pick, foreign: kind === 'foreign_copy' })
    return block
  }

  /** A page inside a page, as long as there are bodies left. */
  #childPage(id: string, place: Place): BlockSeed {
    const body = this.#childBodies.pop() ?? []
    const page: InnerPage = {
      id,
      parent: place.parent,
      properties: { title: cell.title('Inside') },
      blocks: [],
    }
    this.#pages.push(page)
    const parent = { type: 'page_id', page_id: id } as const
    page.blocks = body.map((shape) => this.#block(shape, { ...place, parent, inOriginal: false, level: 1 }))
    return { id, type: 'child_page', content: {} }
  }

  #container(id: string, shape: Shape, place: Place): BlockSeed {
    const children = this.#children(shape.groups[0] ?? [], id, place)
    const type = shape.kind === 'original' ? 'synced_block' : shape.kind
    if (type === 'copy' || type === 'foreign_copy') throw new Error('Copies are written elsewhere')
    const own = type === 'table' ? this.#rows() : children
    return { id, type, content: contentOf(shape, id), ...(own.length > 0 ? { children: own } : {}) }
  }

  #children(shapes: Shape[], parentId: string, place: Place): BlockSeed[] {
    if (place.level >= MAX_DEPTH) return []
    const inside: Place = {
      ...place,
      parent: { type: 'block_id', block_id: parentId },
      level: place.level + 1,
    }
    return shapes.map((shape) => this.#block(shape, inside))
  }

  #rows(): BlockSeed[] {
    return [{ id: this.#nextId(), type: 'table_row', content: { cells: [words('[ ] no'), words('to-do')] } }]
  }

  /** Columns of a column list, or tabs (paragraphs) of a tab group. */
  #groups(shape: Shape, place: Place): BlockSeed[] {
    return shape.groups.map((group) => {
      const id = this.#nextId()
      const children = this.#children(group, id, { ...place, level: place.level + 1 })
      return shape.kind === 'tab'
        ? {
            id,
            type: 'paragraph',
            content: { rich_text: words('Tab'), color: 'default', icon: null },
            children,
          }
        : { id, type: 'column', content: {}, children }
    })
  }

  /** Summary, notes and a transcript; only the first two may hold to-dos. */
  #meeting(id: string, shape: Shape, place: Place): BlockSeed {
    const section = (name: string, group: Shape[]): BlockSeed => {
      const sectionId = this.#nextId()
      const children = this.#children(group, sectionId, { ...place, level: place.level + 1 })
      return {
        id: sectionId,
        type: 'unsupported',
        content: { block_type: `meeting_notes_${name}` },
        children,
      }
    }
    const said: BlockSeed = {
      id: this.#nextId(),
      type: 'paragraph',
      content: { rich_text: words('Hello?'), color: 'default', icon: null },
    }
    const summary = section('summary', shape.groups[0] ?? [])
    const notes = section('notes', shape.groups[1] ?? [])
    const transcript = { ...section('transcript', []), children: [said] }
    const pointers = {
      summary_block_id: summary.id,
      notes_block_id: notes.id,
      transcript_block_id: transcript.id,
    }
    const content = { title: words('Call'), status: 'notes_ready', children: pointers }
    return { id, type: 'meeting_notes', content, children: [summary, notes, transcript] }
  }
}

function contentOf({ kind, words: rich_text, checked, groups }: Shape, id: string): Record<string, unknown> {
  const text = { rich_text, color: 'default' }
  switch (kind) {
    case 'to_do':
      return { ...text, checked }
    case 'paragraph':
    case 'callout':
      return { ...text, icon: null }
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'heading_4':
      return { ...text, is_toggleable: groups.length > 0 }
    case 'template':
      return { rich_text }
    case 'code':
      return { rich_text, caption: [], language: 'plain text' }
    case 'equation':
      return { expression: 'x' }
    case 'table_of_contents':
      return { color: 'default' }
    case 'table':
      return { table_width: 2, has_column_header: false, has_row_header: false }
    case 'bookmark':
    case 'embed':
      return LINK
    case 'link_preview':
      return { url: 'https://example.com/' }
    case 'image':
    case 'video':
    case 'pdf':
    case 'audio':
      return FILE
    case 'file':
      return { ...FILE, name: 'a' }
    case 'link_to_page':
      return { type: 'page_id', page_id: id }
    case 'unsupported':
      return { block_type: 'form' }
    case 'original':
      return { synced_from: null }
    case 'divider':
    case 'breadcrumb':
      return {}
    default:
      return text
  }
}
