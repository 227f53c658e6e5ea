import { z } from '../zod'
import { NotionIdSchema } from '../todo/notion-id'

/** What the to-dos of a view stand under. */
export const GroupBySchema = z.enum([
  'page',
  'database',
  'workspace',
  'heading',
  'due',
  'person',
  'tag',
  'state',
])
export type GroupBy = z.infer<typeof GroupBySchema>

/** The order within a group; `document` is the order a reader of the page meets them in. */
export const SortBySchema = z.enum(['document', 'due', 'edited', 'text', 'urgency'])
export type SortBy = z.infer<typeof SortBySchema>

/** Longer than anybody types; short enough that a URL holds it. */
export const QUERY_MAX_LENGTH = 1_000
/** With ids in place of names a line gets longer. */
export const STORED_QUERY_MAX_LENGTH = 4_000

/** The screens that everybody has and that show a part of the to-dos. */
export const ScreenNameSchema = z.enum(['today', 'mine'])
export type ScreenName = z.infer<typeof ScreenNameSchema>

/** How a person looks at their to-dos: the same on the screen, in the URL, in an export and in a feed. */
export const TodoViewSchema = z.strictObject({
  /** The filter line (docs/query.md); empty for everything. */
  query: z.string().max(QUERY_MAX_LENGTH),
  group: GroupBySchema,
  sort: SortBySchema,
  show: z.enum(['open', 'all']),
})
export type TodoView = z.infer<typeof TodoViewSchema>

export const DEFAULT_VIEW: TodoView = { query: '', group: 'page', sort: 'document', show: 'open' }

/** The same as it is stored: names in its line bound to ids, so that it outlives a renaming. */
export const StoredViewSchema = TodoViewSchema.extend({ query: z.string().max(STORED_QUERY_MAX_LENGTH) })

export const VIEW_NAME_MAX_LENGTH = 100
export const SAVED_VIEWS_MAX = 50

export const SavedViewSchema = z.strictObject({
  id: z.number().int(),
  name: z.string(),
  view: StoredViewSchema,
  /** Where its person begins. */
  isDefault: z.boolean(),
})
export type SavedView = z.infer<typeof SavedViewSchema>

/** A place that a person keeps out of all lists (`hide`), or an exception to that (`show`). */
const RuleTargetSchema = z.union([
  z.strictObject({ database: NotionIdSchema }),
  z.strictObject({ page: z.number().int().positive() }),
])
export const NamedRuleSchema = z.strictObject({
  effect: z.enum(['hide', 'show']),
  target: RuleTargetSchema,
  /** Of the database or page; empty when it has none. */
  name: z.string(),
})
export type NamedRule = z.infer<typeof NamedRuleSchema>

const NamedSchema = z.strictObject({ id: z.string(), name: z.string() })

/** What names in a filter line are looked up in, beside the to-dos: also of workspaces that were disconnected. */
export const SourcesSchema = z.strictObject({
  databases: z.array(NamedSchema.extend({ workspaceId: z.string() })),
  workspaces: z.array(NamedSchema),
  me: z.array(z.string()),
})

/** GET /api/views */
export const ViewsReplySchema = z.strictObject({
  views: z.array(SavedViewSchema),
  rules: z.array(NamedRuleSchema),
  sources: SourcesSchema,
})
export type ViewsReply = z.infer<typeof ViewsReplySchema>

/** POST /api/views, PUT /api/views/:id */
export const SavedViewBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(VIEW_NAME_MAX_LENGTH),
  view: StoredViewSchema,
})
export type SavedViewBody = z.input<typeof SavedViewBodySchema>

export const SavedViewReplySchema = z.strictObject({ view: SavedViewSchema })
export type SavedViewReply = z.infer<typeof SavedViewReplySchema>

/** PUT /api/views/:id, DELETE /api/views/:id */
export const ViewParamsSchema = z.strictObject({ id: z.coerce.number().int().positive() })

/** PUT /api/views/order */
export const ViewOrderBodySchema = z.strictObject({
  ids: z.array(z.number().int().positive()).max(SAVED_VIEWS_MAX),
})
export type ViewOrderBody = z.infer<typeof ViewOrderBodySchema>

/** PUT /api/views/default: `null` for none. */
export const DefaultViewBodySchema = z.strictObject({ id: z.number().int().positive().nullable() })
export type DefaultViewBody = z.infer<typeof DefaultViewBodySchema>

/** PUT /api/views/rules: `null` lets go of what was said about the place. */
export const RuleBodySchema = z.strictObject({
  effect: z.enum(['hide', 'show']).nullable(),
  target: RuleTargetSchema,
})
export type RuleBody = z.input<typeof RuleBodySchema>

export const RulesReplySchema = z.strictObject({ rules: z.array(NamedRuleSchema) })
export type RulesReply = z.infer<typeof RulesReplySchema>
