import { seededId } from './ids.ts'
import { dateText, notionUrl, PLAIN, textRun } from './rich-text.ts'
import type {
  BlockSeed,
  BlockType,
  DataSourceSeed,
  DatabaseSeed,
  Option,
  PageSeed,
  Property,
  PropertyValue,
  RichText,
  UserSeed,
} from './seed-format.ts'

/** Short words for writing workspaces down: rich text, blocks, columns, cells. */

type Annotations = RichText['annotations']

export function text(content: string, style: Partial<Annotations> = {}): RichText {
  return { ...textRun(content), annotations: { ...PLAIN, ...style } }
}

export function link(content: string, url: string): RichText {
  return textRun(content, url)
}

const mention = (
  value: { type: string; [detail: string]: unknown },
  plain_text: string,
  href: string | null = null,
): RichText => ({
  type: 'mention',
  mention: value,
  plain_text,
  href,
  annotations: { ...PLAIN },
})

/** An @date; `end` makes it a range. */
export function date(start: string, end: string | null = null): RichText {
  const value = { type: 'date', date: { start, end, time_zone: null } }
  return mention(value, dateText({ start, end }))
}

/** An @person. */
export function person(user: Pick<UserSeed, 'id' | 'name'>): RichText {
  return mention({ type: 'user', user: { object: 'user', id: user.id } }, `@${user.name}`)
}

/** An @page. */
export function pageMention(id: string, title: string): RichText {
  return mention({ type: 'page', page: { id } }, title, notionUrl(id))
}

export function equation(expression: string): RichText {
  return {
    type: 'equation',
    equation: { expression },
    plain_text: expression,
    href: null,
    annotations: { ...PLAIN },
  }
}

export type Words = string | RichText[]

/** Plain words as rich text; rich text as it is. */
export function words(content: Words): RichText[] {
  if (typeof content !== 'string') return content
  return content === '' ? [] : [text(content)]
}

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

/** Where a child page or database stands among the blocks. */
export function childPage(id: string): BlockSeed {
  return { id, type: 'child_page', content: {} }
}

export function childDatabase(id: string): BlockSeed {
  return { id, type: 'child_database', content: {} }
}

/** Cells, by type. */
export const cell = {
  title: (content: Words): PropertyValue => ({ type: 'title', value: words(content) }),
  richText: (content: Words): PropertyValue => ({ type: 'rich_text', value: words(content) }),
  checkbox: (value: boolean): PropertyValue => ({ type: 'checkbox', value }),
  status: (value: string | null): PropertyValue => ({ type: 'status', value }),
  select: (value: string | null): PropertyValue => ({ type: 'select', value }),
  multiSelect: (value: string[]): PropertyValue => ({ type: 'multi_select', value }),
  date: (start: string | null, end: string | null = null): PropertyValue => ({
    type: 'date',
    value: start === null ? null : { start, end, time_zone: null },
  }),
  people: (value: string[]): PropertyValue => ({ type: 'people', value }),
  number: (value: number | null): PropertyValue => ({ type: 'number', value }),
  url: (value: string | null): PropertyValue => ({ type: 'url', value }),
  relation: (value: string[]): PropertyValue => ({ type: 'relation', value }),
  uniqueId: (value: number): PropertyValue => ({ type: 'unique_id', value }),
  formula: (value: string): PropertyValue => ({ type: 'formula', value }),
}

/** Options whose ids follow from their names. */
export function options(...named: [name: string, color: string][]): Option[] {
  return named.map(([name, color]) => ({
    id: seededId(`option:${name}`).slice(0, 8),
    name,
    color,
    description: null,
  }))
}

/** A status column with Notion's three groups. */
export function statusColumn(
  id: string,
  name: string,
  groups: { todo: [string, string][]; doing: [string, string][]; done: [string, string][] },
): Property {
  const todo = options(...groups.todo)
  const doing = options(...groups.doing)
  const done = options(...groups.done)
  const group = (groupName: string, color: string, members: Option[]) => ({
    id: seededId(`group:${id}:${groupName}`),
    name: groupName,
    color,
    option_ids: members.map((option) => option.id),
  })
  return {
    type: 'status',
    id,
    name,
    description: null,
    options: [...todo, ...doing, ...done],
    groups: [
      group('To-do', 'gray', todo),
      group('In progress', 'blue', doing),
      group('Complete', 'green', done),
    ],
  }
}

export type { BlockSeed, DataSourceSeed, DatabaseSeed, PageSeed, Property, UserSeed }
