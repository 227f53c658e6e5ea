import { z } from 'zod'
import type { RichTextMention, RichTextSpan } from '#shared/todo/rich-text'
import { safeHref } from '#shared/todo/rich-text'
import type { NotionPerson } from './reading'

/** Notion adds mention kinds and annotations without notice, so what is not needed may be anything. */
const RichTextItemSchema = z.looseObject({
  type: z.string().catch('text'),
  plain_text: z.string().optional().catch(undefined),
  href: z.string().nullish().catch(null),
  annotations: z.record(z.string(), z.unknown()).catch({}),
  text: z.looseObject({ content: z.string() }).optional().catch(undefined),
  equation: z.looseObject({ expression: z.string() }).optional().catch(undefined),
  mention: z.unknown().optional(),
})

/** Notion's array of rich text, turned into spans as it is parsed. */
export const RichTextSchema = z.array(RichTextItemSchema).transform((items) => items.map(toSpan))

const MentionSchema = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('user'),
    user: z.looseObject({ id: z.string(), name: z.string().nullish() }),
  }),
  z.looseObject({
    type: z.literal('date'),
    date: z.looseObject({
      start: z.string(),
      end: z.string().nullish(),
      time_zone: z.string().nullish(),
    }),
  }),
  z.looseObject({ type: z.literal('page'), page: z.looseObject({ id: z.string() }) }),
  z.looseObject({ type: z.literal('database'), database: z.looseObject({ id: z.string() }) }),
])

const LOOKS = ['bold', 'italic', 'strikethrough', 'underline', 'code'] as const

function toSpan(item: z.output<typeof RichTextItemSchema>): RichTextSpan {
  const text = item.plain_text ?? item.text?.content ?? item.equation?.expression ?? ''
  const href = safeHref(item.href)
  const span: RichTextSpan = { text, ...(href === undefined ? {} : { href }) }
  for (const look of LOOKS) {
    if (item.annotations[look] === true) span[look] = true
  }
  if (item.type === 'mention') span.mention = toMention(item.mention, text)
  if (item.type === 'equation') span.equation = true
  return span
}

function toMention(value: unknown, text: string): RichTextMention {
  const parsed = MentionSchema.safeParse(value)
  if (!parsed.success) return { type: 'other' }
  const mention = parsed.data
  switch (mention.type) {
    case 'user':
      // A deleted or hidden person comes without a name; the text still says "@Ada".
      return { type: 'user', id: mention.user.id, name: mention.user.name ?? text.replace(/^@/, '') }
    case 'date':
      return {
        type: 'date',
        start: mention.date.start,
        ...(mention.date.end ? { end: mention.date.end } : {}),
        ...(mention.date.time_zone ? { timeZone: mention.date.time_zone } : {}),
      }
    case 'page':
      return { type: 'page', id: mention.page.id }
    case 'database':
      return { type: 'database', id: mention.database.id }
  }
}

/** The people mentioned, each once, in order. */
export function peopleInRichText(spans: readonly RichTextSpan[]): NotionPerson[] {
  const people = new Map<string, NotionPerson>()
  for (const { mention } of spans) {
    if (mention?.type === 'user' && !people.has(mention.id)) {
      people.set(mention.id, { id: mention.id, name: mention.name })
    }
  }
  return [...people.values()]
}

/** `#tag` at the start of a word; a bare number is an issue or a rank, not a tag. */
const TAG = /(?<![^\s(,;])#((?=[\p{L}\p{N}_/-]*\p{L})[\p{L}\p{N}_][\p{L}\p{N}_/-]*)/gu

/** The `#tags` written in the text, each once whatever its capitals; code and links do not tag. */
export function tagsInRichText(spans: readonly RichTextSpan[]): string[] {
  const prose = spans
    .map((span) => (span.code || span.href ? ' '.repeat(span.text.length) : span.text))
    .join('')
  const tags = new Map<string, string>()
  for (const [, tag] of prose.matchAll(TAG)) {
    if (tag && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag)
  }
  return [...tags.values()]
}
