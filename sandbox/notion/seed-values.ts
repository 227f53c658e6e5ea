import { z } from 'zod'

/** Rich text, columns and cells of a workspace seed; `seed-format.ts` has the rest and exports these too. */

/** An id as Notion answers with it. */
export const Id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/)

export const AnnotationsSchema = z.strictObject({
  bold: z.boolean(),
  italic: z.boolean(),
  strikethrough: z.boolean(),
  underline: z.boolean(),
  code: z.boolean(),
  color: z.string(),
})

const richTextCommon = {
  plain_text: z.string(),
  href: z.string().nullable(),
  annotations: AnnotationsSchema,
}

/** One run of rich text, in the shape of Notion's replies. */
export const RichTextSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('text'),
    text: z.strictObject({ content: z.string(), link: z.strictObject({ url: z.string() }).nullable() }),
    ...richTextCommon,
  }),
  z.strictObject({
    type: z.literal('mention'),
    mention: z.looseObject({ type: z.string() }),
    ...richTextCommon,
  }),
  z.strictObject({
    type: z.literal('equation'),
    equation: z.strictObject({ expression: z.string() }),
    ...richTextCommon,
  }),
])
export type RichText = z.infer<typeof RichTextSchema>

export const OptionSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  color: z.string(),
  description: z.string().nullable(),
})
export type Option = z.infer<typeof OptionSchema>

const propertyCommon = { id: z.string(), name: z.string(), description: z.string().nullable().default(null) }
const bare = <T extends string>(type: T) => z.strictObject({ type: z.literal(type), ...propertyCommon })

/** A column of a data source. */
export const PropertySchema = z.discriminatedUnion('type', [
  bare('title'),
  bare('rich_text'),
  bare('date'),
  bare('people'),
  bare('files'),
  bare('checkbox'),
  bare('url'),
  bare('email'),
  bare('phone_number'),
  bare('created_time'),
  bare('created_by'),
  bare('last_edited_time'),
  bare('last_edited_by'),
  bare('number').extend({ format: z.string().default('number') }),
  bare('select').extend({ options: z.array(OptionSchema) }),
  bare('multi_select').extend({ options: z.array(OptionSchema) }),
  bare('status').extend({
    options: z.array(OptionSchema),
    groups: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        color: z.string(),
        option_ids: z.array(z.string()),
      }),
    ),
  }),
  bare('relation').extend({ data_source_id: Id, synced_property_id: z.string().nullable().default(null) }),
  bare('unique_id').extend({ prefix: z.string().nullable().default(null) }),
  bare('formula').extend({ expression: z.string() }),
])
export type Property = z.infer<typeof PropertySchema>
export type PropertyType = Property['type']

export const DateValueSchema = z.strictObject({
  start: z.string(),
  end: z.string().nullable().default(null),
  time_zone: z.string().nullable().default(null),
})

const valueOf = <T extends string, V extends z.ZodType>(type: T, value: V) =>
  z.strictObject({ type: z.literal(type), value })

/** A cell. Options are held by option id (a seed may also give the option's name); people and relations by id. */
export const PropertyValueSchema = z.discriminatedUnion('type', [
  valueOf('title', z.array(RichTextSchema)),
  valueOf('rich_text', z.array(RichTextSchema)),
  valueOf('number', z.number().nullable()),
  valueOf('select', z.string().nullable()),
  valueOf('status', z.string().nullable()),
  valueOf('multi_select', z.array(z.string())),
  valueOf('date', DateValueSchema.nullable()),
  valueOf('people', z.array(Id)),
  valueOf('files', z.array(z.strictObject({ name: z.string(), url: z.string() }))),
  valueOf('checkbox', z.boolean()),
  valueOf('url', z.string().nullable()),
  valueOf('email', z.string().nullable()),
  valueOf('phone_number', z.string().nullable()),
  valueOf('relation', z.array(Id)),
  valueOf('unique_id', z.number()),
  valueOf('formula', z.string().nullable()),
])
export type PropertyValue = z.infer<typeof PropertyValueSchema>
