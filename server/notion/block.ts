import { z } from 'zod'
import type { RichTextSpan } from '#shared/todo/rich-text'
import { toPlainText } from '#shared/todo/rich-text'
import { ReplyIdSchema, ReplyTimeSchema, UNKNOWN_TIME } from './fields'
import { RichTextSchema } from './rich-text'

/** What a block means for finding to-dos (notion-api.md §5). */
export type BlockContent =
  | { kind: 'to_do'; richText: RichTextSpan[]; checked: boolean }
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'child_page' | 'child_database'; title: string }
  /** A mirror of children that live under another block. */
  | { kind: 'synced_copy'; sourceId: string }
  /** Its text lives under blocks of its own; the transcript among them is left out. */
  | { kind: 'meeting_notes'; childIds: string[] }
  | { kind: 'unsupported'; blockType: string }
  /** Cannot hold a to-do of this page. */
  | { kind: 'leaf' }
  /** Anything else: its children, if it has any, may hold to-dos. */
  | { kind: 'container' }

export interface Block {
  id: string
  type: string
  hasChildren: boolean
  lastEditedTime: string
  content: BlockContent
}

const BlockSchema = z.looseObject({
  id: ReplyIdSchema,
  type: z.string(),
  has_children: z.boolean(),
  last_edited_time: ReplyTimeSchema.catch(UNKNOWN_TIME),
  in_trash: z.boolean().catch(false),
})

const ToDoSchema = z.looseObject({ rich_text: RichTextSchema, checked: z.boolean() })
const HeadingSchema = z.looseObject({ rich_text: RichTextSchema })
const TitledSchema = z.looseObject({ title: z.string() })
const SyncedSchema = z.looseObject({
  synced_from: z.looseObject({ block_id: ReplyIdSchema }).nullable(),
})
const MeetingNotesSchema = z.looseObject({
  children: z
    .looseObject({ summary_block_id: ReplyIdSchema.optional(), notes_block_id: ReplyIdSchema.optional() })
    .optional(),
})
const UnsupportedSchema = z.looseObject({ block_type: z.string().optional() })

/** Blocks that have children or point somewhere, but never to a to-do of this page. */
const LEAVES: ReadonlySet<string> = new Set(['table', 'table_row', 'link_to_page'])
const HEADING = /^heading_([1-9])$/

/**
 * Parses a block as Notion lists it. A type nobody knows yet is a container: a to-do inside it must not be
 * missed. `null` for a block that cannot be read (only its id was given, or its content is not what its type
 * promises), so that the reading can say so.
 */
export function parseBlock(value: unknown): Block | null {
  const parsed = BlockSchema.safeParse(value)
  if (!parsed.success) return null
  const {
    id,
    type,
    has_children: hasChildren,
    last_edited_time: lastEditedTime,
    in_trash: inTrash,
  } = parsed.data
  const content: BlockContent | null = inTrash ? { kind: 'leaf' } : parseContent(type, parsed.data[type])
  return content && { id, type, hasChildren, lastEditedTime, content }
}

function parseContent(type: string, value: unknown): BlockContent | null {
  if (LEAVES.has(type)) return { kind: 'leaf' }
  const [, level] = HEADING.exec(type) ?? []
  if (level) {
    const heading = HeadingSchema.safeParse(value)
    return {
      kind: 'heading',
      level: Number(level),
      text: heading.success ? toPlainText(heading.data.rich_text) : '',
    }
  }
  switch (type) {
    case 'to_do': {
      const todo = ToDoSchema.safeParse(value)
      return todo.success
        ? { kind: 'to_do', richText: todo.data.rich_text, checked: todo.data.checked }
        : null
    }
    case 'child_page':
    case 'child_database': {
      const titled = TitledSchema.safeParse(value)
      return { kind: type, title: titled.success ? titled.data.title : '' }
    }
    case 'synced_block': {
      const synced = SyncedSchema.safeParse(value)
      if (!synced.success) return null
      const { synced_from: source } = synced.data
      return source ? { kind: 'synced_copy', sourceId: source.block_id } : { kind: 'container' }
    }
    case 'meeting_notes':
    case 'transcription': {
      const notes = MeetingNotesSchema.safeParse(value)
      if (!notes.success) return null
      const { summary_block_id: summary, notes_block_id: written } = notes.data.children ?? {}
      return { kind: 'meeting_notes', childIds: [summary, written].filter((id) => id !== undefined) }
    }
    case 'unsupported': {
      const unsupported = UnsupportedSchema.safeParse(value)
      return {
        kind: 'unsupported',
        blockType: (unsupported.success && unsupported.data.block_type) || 'unknown',
      }
    }
    default:
      return { kind: 'container' }
  }
}

/** The ids whose children have to be listed to see everything this block shows on its page. */
export function containersOf(block: Block): string[] {
  const { content, hasChildren, id } = block
  switch (content.kind) {
    case 'to_do':
    case 'heading':
    case 'container':
      return hasChildren ? [id] : []
    case 'synced_copy':
      return hasChildren ? [content.sourceId] : []
    case 'meeting_notes':
      return content.childIds
    case 'child_page':
    case 'child_database':
    case 'unsupported':
    case 'leaf':
      return []
  }
}
