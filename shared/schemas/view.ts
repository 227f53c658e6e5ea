import { z } from '../zod'

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
