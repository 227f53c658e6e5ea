import { z } from '../zod'
import { DueDateSchema } from '../todo/due'
import { RichTextSpanSchema } from '../todo/rich-text'
import { IconSchema } from './database'
import { PersonSchema, SyncStatusSchema, TodoSchema, WriteStateSchema } from './todo'

const bit = z.union([z.literal(0), z.literal(1)])
const place = z.number().int().nonnegative()

/** Where a reader stands: the change counter, and a mark of the databases that were read. */
const CursorSchema = z.string().regex(/^\d{1,15}-[0-9a-f]{12}$/)

/** GET /api/todos/snapshot */
export const SnapshotQuerySchema = z.strictObject({
  /** From the last answer; without it, or when it no longer holds, everything is answered. */
  cursor: CursorSchema.optional(),
})

/**
 * To-dos by columns: `text[i]` and `page[i]` are about the same one, and `pages.title[page[i]]` is the title of
 * its page. The same meaning as a list of `TodoSchema`; `shared/todo/snapshot.ts` goes from one to the other.
 */
export const CompactTodosSchema = z.strictObject({
  todos: z.strictObject({
    id: z.array(z.number().int()),
    notionId: z.array(z.string()),
    /** 1: a task row; 0: a box. */
    row: z.array(bit),
    text: z.array(z.string()),
    /** null: plain, as the text says. */
    richText: z.array(z.array(RichTextSpanSchema).nullable()),
    checked: z.array(bit),
    page: z.array(place),
    database: z.array(place),
    parentId: z.array(z.number().int().nullable()),
    depth: z.array(z.number().int()),
    position: z.array(z.number().int()),
    headings: z.array(place),
    due: z.array(place.nullable()),
    people: z.array(place),
    tags: z.array(place),
  }),
  pages: z.strictObject({
    id: z.array(z.number().int()),
    title: z.array(z.string()),
    icon: z.array(IconSchema.nullable()),
    url: z.array(z.string()),
    lastEditedTime: z.array(z.iso.datetime({ offset: true }).nullable()),
  }),
  databases: z.array(z.string()),
  headings: z.array(z.array(z.string())),
  dues: z.array(DueDateSchema),
  people: z.array(z.array(PersonSchema)),
  tags: z.array(z.array(z.string())),
})
export type CompactTodos = z.infer<typeof CompactTodosSchema>

export const SnapshotReplySchema = z.strictObject({
  snapshot: CompactTodosSchema.extend({
    cursor: CursorSchema,
    seq: z.number().int(),
    /** Everything there is, instead of what changed since the cursor. */
    whole: z.boolean(),
    /** Ids that left since the cursor. */
    removed: z.array(z.number().int()),
  }),
  /** Of those that are not in step with Notion: where their tick stands. */
  writes: z.array(z.tuple([z.number().int(), WriteStateSchema])),
  sync: SyncStatusSchema,
})
export type SnapshotReply = z.infer<typeof SnapshotReplySchema>

/** GET /api/todos/first: what the plain list begins with; no to-dos where only the whole list tells that. */
export const FirstTodosReplySchema = z.strictObject({
  /** All of the pages that the first rows are on. */
  todos: z.array(TodoSchema),
  /** In the whole of each of their databases. */
  open: z.array(z.strictObject({ databaseId: z.string(), count: z.number().int() })),
  sync: SyncStatusSchema,
})
export type FirstTodosReply = z.infer<typeof FirstTodosReplySchema>
