import { seededId } from './ids.ts'
import { words, type Words } from './seed-builders.ts'
import type { BlockSeed, BlockType } from './seed-format.ts'

const COLOURED: ReadonlySet<BlockType> = new Set<BlockType>([
  'paragraph',
  'heading_1',
  'heading_2',
  'heading_3',
  'heading_4',
  'bulleted_list_item',
  'numbered_list_item',
  'to_do',
  'toggle',
  'quote',
  'callout',
])

/** Builds blocks whose ids follow from one key and their order, so that they stay the same between resets. */
export class BlockBuilder {
  readonly #key: string
  #count = 0

  constructor(key: string) {
    this.#key = key
  }

  nextId(): string {
    this.#count += 1
    return seededId(`${this.#key}:${this.#count}`)
  }

  block(type: BlockType, content: Record<string, unknown> = {}, children: BlockSeed[] = []): BlockSeed {
    return { id: this.nextId(), type, content, ...(children.length > 0 ? { children } : {}) }
  }

  /** A block that is mostly its text. */
  textBlock(
    type: BlockType,
    content: Words,
    children: BlockSeed[] = [],
    extra: Record<string, unknown> = {},
  ): BlockSeed {
    const colour = COLOURED.has(type) ? { color: 'default' } : {}
    return this.block(type, { rich_text: words(content), ...colour, ...extra }, children)
  }

  todo(content: Words, children: BlockSeed[] = [], checked = false): BlockSeed {
    return this.textBlock('to_do', content, children, { checked })
  }

  done(content: Words, children: BlockSeed[] = []): BlockSeed {
    return this.todo(content, children, true)
  }

  paragraph(content: Words, children: BlockSeed[] = []): BlockSeed {
    return this.textBlock('paragraph', content, children, { icon: null })
  }

  heading(level: 1 | 2 | 3 | 4, content: Words, children: BlockSeed[] = []): BlockSeed {
    return this.textBlock(`heading_${level}`, content, children, { is_toggleable: children.length > 0 })
  }

  toggle(content: Words, children: BlockSeed[]): BlockSeed {
    return this.textBlock('toggle', content, children)
  }

  bullet(content: Words, children: BlockSeed[] = []): BlockSeed {
    return this.textBlock('bulleted_list_item', content, children)
  }

  numbered(content: Words, children: BlockSeed[] = []): BlockSeed {
    return this.textBlock('numbered_list_item', content, children)
  }

  quote(content: Words, children: BlockSeed[] = []): BlockSeed {
    return this.textBlock('quote', content, children)
  }

  callout(emoji: string, content: Words, children: BlockSeed[] = []): BlockSeed {
    return this.textBlock('callout', content, children, { icon: { type: 'emoji', emoji } })
  }

  template(content: Words, children: BlockSeed[]): BlockSeed {
    return this.textBlock('template', content, children)
  }

  columns(...columns: BlockSeed[][]): BlockSeed {
    return this.block(
      'column_list',
      {},
      columns.map((children) => this.block('column', {}, children)),
    )
  }

  /** A tab group: each tab is a paragraph holding the tab's blocks. */
  tabs(...tabs: [title: string, children: BlockSeed[]][]): BlockSeed {
    return this.block(
      'tab',
      {},
      tabs.map(([title, children]) => this.paragraph(title, children)),
    )
  }

  synced(children: BlockSeed[]): BlockSeed {
    return this.block('synced_block', { synced_from: null }, children)
  }

  syncedCopy(originalId: string): BlockSeed {
    return this.block('synced_block', { synced_from: { type: 'block_id', block_id: originalId } })
  }

  table(rows: string[][]): BlockSeed {
    const content = { table_width: rows[0]?.length ?? 1, has_column_header: true, has_row_header: false }
    const row = (cells: string[]) => this.block('table_row', { cells: cells.map((cell) => words(cell)) })
    return this.block('table', content, rows.map(row))
  }

  /** AI meeting notes: three sections behind pointers, the transcript among them. */
  meetingNotes(title: string, summary: BlockSeed[], notes: BlockSeed[], transcript: BlockSeed[]): BlockSeed {
    const section = (name: string, children: BlockSeed[]) =>
      this.block('unsupported', { block_type: `meeting_notes_${name}` }, children)
    const sections = [section('summary', summary), section('notes', notes), section('transcript', transcript)]
    const [summaryId, notesId, transcriptId] = sections.map(({ id }) => id)
    return this.block(
      'meeting_notes',
      {
        title: words(title),
        status: 'notes_ready',
        children: { summary_block_id: summaryId, notes_block_id: notesId, transcript_block_id: transcriptId },
      },
      sections,
    )
  }

  divider(): BlockSeed {
    return this.block('divider')
  }

  unsupported(blockType: string): BlockSeed {
    return this.block('unsupported', { block_type: blockType })
  }
}
