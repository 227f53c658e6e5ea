import { z } from '../zod'

const NOTION_ORIGIN = 'https://www.notion.so'
const SAFE_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

const MentionSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('user'), id: z.string(), name: z.string() }),
  z.strictObject({
    type: z.literal('date'),
    start: z.string(),
    end: z.string().optional(),
    timeZone: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('page'), id: z.string() }),
  z.strictObject({ type: z.literal('database'), id: z.string() }),
  z.strictObject({ type: z.literal('other') }),
])

const flag = z.literal(true).optional()

/** One run of text with its look and its meaning; what we keep of Notion's rich text. */
export const RichTextSpanSchema = z.strictObject({
  text: z.string(),
  href: z.string().optional(),
  bold: flag,
  italic: flag,
  strikethrough: flag,
  underline: flag,
  code: flag,
  mention: MentionSchema.optional(),
  equation: flag,
})

export type RichTextSpan = z.infer<typeof RichTextSpanSchema>
export type RichTextMention = z.infer<typeof MentionSchema>

/** The words a person reads, without looks, links or the meaning of mentions. */
export function toPlainText(spans: readonly RichTextSpan[]): string {
  return spans.map((span) => span.text).join('')
}

/** Whether its text says all there is: no looks, no links and no mentions. */
export function isPlainText(todo: { text: string; richText: readonly RichTextSpan[] }): boolean {
  const [span, ...more] = todo.richText
  return span?.text === todo.text && more.length === 0 && Object.keys(span).length === 1
}

/**
 * The link if a browser may follow it: http, https and mailto only, so that nobody who can write a Notion
 * page can run a script here. Notion's own relative links (`/page-id`) become absolute.
 */
export function safeHref(url: string | null | undefined): string | undefined {
  if (!url) return undefined
  const relative = url.startsWith('/')
  if (!URL.canParse(url, relative ? NOTION_ORIGIN : undefined)) return undefined
  const parsed = new URL(url, relative ? NOTION_ORIGIN : undefined)
  // `//host` and `/\host` begin like a path but name another site.
  if (relative && parsed.origin !== NOTION_ORIGIN) return undefined
  return SAFE_PROTOCOLS.has(parsed.protocol) ? parsed.href : undefined
}
