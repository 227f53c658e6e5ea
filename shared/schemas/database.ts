import { z } from '../zod'
import { NotionIdSchema } from '../todo/notion-id'
import { ErrorCodeSchema } from './error'

/** An icon in Notion: an emoji, a picture, or one of Notion's own named glyphs. */
export const IconSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('emoji'), emoji: z.string() }),
  z.strictObject({ type: z.literal('image'), url: z.string() }),
  z.strictObject({ type: z.literal('named'), name: z.string(), color: z.string() }),
])
export type Icon = z.infer<typeof IconSchema>

/** Which property of a row means "done", and what is written to tick it and to untick it. */
export const DonePropertySchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('checkbox'),
    id: z.string(),
    done: z.literal(true),
    notDone: z.literal(false),
  }),
  z.strictObject({
    type: z.literal('status'),
    id: z.string(),
    /** Option ids written when ticked and when unticked. */
    done: z.string(),
    notDone: z.string(),
    /** Every option id that counts as done. */
    completeOptionIds: z.array(z.string()),
  }),
])
export type DoneProperty = z.infer<typeof DonePropertySchema>

/** Which property a person may name as the one that means "done", with the values it can take. */
export const DoneCandidateSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('checkbox'), id: z.string(), name: z.string() }),
  z.strictObject({
    type: z.literal('status'),
    id: z.string(),
    name: z.string(),
    options: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  }),
])
export type DoneCandidate = z.infer<typeof DoneCandidateSchema>

/** A data source a connection can read, as the chooser shows it. */
export const DatabaseSchema = z.strictObject({
  /** Notion's data source id: what lists are made of. */
  id: z.string(),
  /** Notion's database id: the container, which may hold several data sources. */
  notionDatabaseId: z.string(),
  /** Empty when untitled. */
  name: z.string(),
  icon: IconSchema.nullable(),
  url: z.string().nullable(),
  workspace: z.strictObject({ connectionId: z.number().int(), name: z.string() }),
  lastEditedTime: z.iso.datetime({ offset: true }).nullable(),
  /** False when Notion no longer lets the connection read it. */
  accessible: z.boolean(),
  /** What counts as a to-do here. */
  counts: z.strictObject({ boxes: z.boolean(), rows: z.boolean() }),
  doneProperty: DonePropertySchema.nullable(),
})
export type Database = z.infer<typeof DatabaseSchema>

/** GET /api/search-notion */
export const SearchNotionQuerySchema = z.strictObject({
  query: z.string().max(200).optional(),
  refresh: z.stringbool().optional(),
})

export const SearchNotionReplySchema = z.strictObject({
  databases: z.array(DatabaseSchema),
  /** Connections whose refresh failed: their part is the cache as it was. */
  stale: z.array(z.strictObject({ connectionId: z.number().int(), code: ErrorCodeSchema })),
  /** A workspace connected moments ago may still be on its way into Notion's search. */
  indexing: z.boolean(),
})
export type SearchNotionReply = z.infer<typeof SearchNotionReplySchema>

/** GET and PUT /api/databases/:id/counting */
export const DatabaseParamsSchema = z.strictObject({ id: NotionIdSchema })

export const CountingReplySchema = z.strictObject({
  database: DatabaseSchema,
  /** Properties that can mean "done": statuses first, then check boxes, each by name. */
  candidates: z.array(DoneCandidateSchema),
})
export type CountingReply = z.infer<typeof CountingReplySchema>

const PROPERTY_ID_MAX_LENGTH = 200
const PropertyIdSchema = z.string().min(1).max(PROPERTY_ID_MAX_LENGTH)

/** PUT /api/databases/:id/counting: what counts as a to-do, and which property of a row means "done". */
export const CountingBodySchema = z.strictObject({
  boxes: z.boolean(),
  rows: z.boolean(),
  /** Needed where rows count. */
  done: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('checkbox'), id: PropertyIdSchema }),
      z.strictObject({
        type: z.literal('status'),
        id: PropertyIdSchema,
        /** Option ids that are written when a row is ticked, and when it is unticked. */
        done: PropertyIdSchema,
        notDone: PropertyIdSchema,
      }),
    ])
    .nullable(),
})
export type CountingBody = z.infer<typeof CountingBodySchema>
