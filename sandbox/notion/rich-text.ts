import { z } from 'zod'
import { validationError } from './errors.ts'
import { IdSchema } from './ids.ts'
import type { PageRecord } from './records.ts'
import { AnnotationsSchema, DateValueSchema, type RichText } from './seed-format.ts'
import type { Store } from './store.ts'

/** Notion's limits for one request (notion-api.md §8). */
export const MAX_TEXT_CHARS = 2000
export const MAX_ARRAY_ITEMS = 100

const TEXT_COLORS = [
  'default',
  'gray',
  'brown',
  'orange',
  'yellow',
  'green',
  'blue',
  'purple',
  'pink',
  'red',
] as const

export const ColorSchema = z.enum([
  ...TEXT_COLORS,
  ...TEXT_COLORS.map((color) => `${color}_background` as const),
])
export const SelectColorSchema = z.enum(TEXT_COLORS)

export const PLAIN = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: 'default',
}

const AnnotationsRequest = z.strictObject({
  bold: z.boolean().optional(),
  italic: z.boolean().optional(),
  strikethrough: z.boolean().optional(),
  underline: z.boolean().optional(),
  code: z.boolean().optional(),
  color: ColorSchema.optional(),
})

const common = {
  annotations: AnnotationsRequest.optional(),
  plain_text: z.string().optional(),
  href: z.string().nullish(),
}

const TextRequest = z.strictObject({
  type: z.literal('text').optional(),
  text: z.strictObject({
    content: z.string().max(MAX_TEXT_CHARS, `length should be ≤ \`${MAX_TEXT_CHARS}\``),
    link: z.strictObject({ url: z.string().min(1).max(2000) }).nullish(),
  }),
  ...common,
})

const EquationRequest = z.strictObject({
  type: z.literal('equation').optional(),
  equation: z.strictObject({ expression: z.string().max(1000) }),
  ...common,
})

const MentionRequest = z.strictObject({
  type: z.literal('mention').optional(),
  mention: z.union([
    z.strictObject({
      type: z.literal('user').optional(),
      user: z.strictObject({ id: IdSchema, object: z.literal('user').optional() }),
    }),
    z.strictObject({ type: z.literal('date').optional(), date: DateValueSchema }),
    z.strictObject({ type: z.literal('page').optional(), page: z.strictObject({ id: IdSchema }) }),
    z.strictObject({ type: z.literal('database').optional(), database: z.strictObject({ id: IdSchema }) }),
  ]),
  ...common,
})

/** Rich text as clients send it. */
export const RichTextRequestSchema = z
  .array(z.union([TextRequest, MentionRequest, EquationRequest]))
  .max(MAX_ARRAY_ITEMS, `length should be ≤ \`${MAX_ARRAY_ITEMS}\``)
export type RichTextRequest = z.output<typeof RichTextRequestSchema>

export function plainText(runs: readonly { plain_text: string }[]): string {
  return runs.map((run) => run.plain_text).join('')
}

/** A single unformatted run. */
export function textRun(content: string, url: string | null = null): RichText {
  return {
    type: 'text',
    text: { content, link: url === null ? null : { url } },
    plain_text: content,
    href: url,
    annotations: { ...PLAIN },
  }
}

/** How Notion writes a date mention as plain text. */
export function dateText(date: { start: string; end: string | null }): string {
  return date.end === null ? date.start : `${date.start} → ${date.end}`
}

/**
 * Turns requested rich text into what Notion answers with, filling in names and plain text.
 * @throws NotionApiError validation_error for a mention of somebody or something unknown
 */
export function fromRequest(runs: RichTextRequest, store: Store, workspaceId: string): RichText[] {
  return runs.map((run) => {
    const annotations = AnnotationsSchema.parse({ ...PLAIN, ...run.annotations })
    if ('text' in run) {
      const { content, link } = run.text
      return { ...textRun(content, link?.url ?? null), annotations }
    }
    if ('equation' in run) {
      const { expression } = run.equation
      return { type: 'equation', equation: { expression }, plain_text: expression, href: null, annotations }
    }
    return { type: 'mention', ...mentionFrom(run.mention, store, workspaceId), annotations }
  })
}

type MentionRequestValue = z.output<typeof MentionRequest>['mention']

function mentionFrom(
  mention: MentionRequestValue,
  store: Store,
  workspaceId: string,
): Pick<Extract<RichText, { type: 'mention' }>, 'mention' | 'plain_text' | 'href'> {
  if ('user' in mention) {
    const user = store.workspaces.get(workspaceId)?.users.find(({ id }) => id === mention.user.id)
    if (!user) throw validationError(`Could not find user with ID: ${mention.user.id}.`)
    return {
      mention: { type: 'user', user: { object: 'user', id: user.id } },
      plain_text: `@${user.name}`,
      href: null,
    }
  }
  if ('date' in mention)
    return { mention: { type: 'date', date: mention.date }, plain_text: dateText(mention.date), href: null }
  if ('page' in mention) {
    const page = store.page(mention.page.id)
    if (!page) throw validationError(`Could not find page with ID: ${mention.page.id}.`)
    return {
      mention: { type: 'page', page: { id: page.id } },
      plain_text: plainText(titleRuns(page)) || 'Untitled',
      href: notionUrl(page.id),
    }
  }
  const database = store.database(mention.database.id)
  if (!database) throw validationError(`Could not find database with ID: ${mention.database.id}.`)
  return {
    mention: { type: 'database', database: { id: database.id } },
    plain_text: plainText(database.title) || 'Untitled',
    href: notionUrl(database.id),
  }
}

/** The runs of a page's title property, whatever its name. */
export function titleRuns(page: PageRecord): RichText[] {
  for (const value of Object.values(page.properties)) if (value.type === 'title') return value.value
  return []
}

/** Where a page would be on notion.so. Clients store it and do not build it (notion-api.md §6). */
export function notionUrl(id: string): string {
  return `https://www.notion.so/${id.replaceAll('-', '')}`
}
