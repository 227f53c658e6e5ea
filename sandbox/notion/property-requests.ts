import { z } from 'zod'
import { schemaError, validationError } from './errors.ts'
import { freshId, IdSchema } from './ids.ts'
import type { DataSourceRecord, PageRecord } from './records.ts'
import { fromRequest, MAX_ARRAY_ITEMS, RichTextRequestSchema, SelectColorSchema } from './rich-text.ts'
import { DateValueSchema, type Option, type Property, type PropertyValue } from './seed-format.ts'
import type { Store } from './store.ts'

/** Cells as clients write them (notion-api.md §6), checked against their column. */

/** Commas part the options where people type them. */
const OptionName = z
  .string()
  .min(1)
  .max(100)
  .refine((name) => !name.includes(','), 'commas not allowed in an option')

const OptionRequest = z.union([
  z.strictObject({
    id: z.string(),
    name: OptionName.optional(),
    color: SelectColorSchema.optional(),
    description: z.string().nullish(),
  }),
  z.strictObject({
    name: OptionName,
    color: SelectColorSchema.optional(),
    description: z.string().nullish(),
  }),
])
type OptionRequestValue = z.output<typeof OptionRequest>

const list = <S extends z.ZodType>(item: S) =>
  z.array(item).max(MAX_ARRAY_ITEMS, `length should be ≤ \`${MAX_ARRAY_ITEMS}\``)
const fullText = z.string().min(1).max(2000)

const ValueSchemas = {
  title: z.strictObject({ type: z.literal('title').optional(), title: RichTextRequestSchema }),
  rich_text: z.strictObject({ type: z.literal('rich_text').optional(), rich_text: RichTextRequestSchema }),
  number: z.strictObject({ type: z.literal('number').optional(), number: z.number().nullable() }),
  url: z.strictObject({ type: z.literal('url').optional(), url: fullText.nullable() }),
  email: z.strictObject({ type: z.literal('email').optional(), email: fullText.max(200).nullable() }),
  phone_number: z.strictObject({
    type: z.literal('phone_number').optional(),
    phone_number: fullText.max(200).nullable(),
  }),
  select: z.strictObject({ type: z.literal('select').optional(), select: OptionRequest.nullable() }),
  status: z.strictObject({ type: z.literal('status').optional(), status: OptionRequest.nullable() }),
  multi_select: z.strictObject({
    type: z.literal('multi_select').optional(),
    multi_select: list(OptionRequest),
  }),
  date: z.strictObject({ type: z.literal('date').optional(), date: DateValueSchema.nullable() }),
  checkbox: z.strictObject({ type: z.literal('checkbox').optional(), checkbox: z.boolean() }),
  people: z.strictObject({
    type: z.literal('people').optional(),
    people: list(z.strictObject({ object: z.literal('user').optional(), id: IdSchema })),
  }),
  relation: z.strictObject({
    type: z.literal('relation').optional(),
    relation: list(z.strictObject({ id: IdSchema })),
  }),
} as const

/** The `properties` of a request, before they are held against the columns. */
export const PropertiesRequestSchema = z.record(z.string(), z.unknown())

/**
 * Turns requested cells into stored ones, by property id. New select options are added to the column, as Notion
 * does; an unknown status is refused.
 * @throws NotionApiError validation_error for an unknown or read-only property or a value of another type
 */
export function cellsFrom(
  request: Record<string, unknown>,
  source: DataSourceRecord,
  store: Store,
): Record<string, PropertyValue> {
  const cells: Record<string, PropertyValue> = {}
  for (const [key, value] of Object.entries(request)) {
    const property = source.properties.find(({ id, name }) => id === key || name === key)
    if (!property) throw validationError(`${key} is not a property that exists.`)
    cells[property.id] = cellFrom(property, value, source, store)
  }
  return cells
}

/** A page outside a database has one property, its title. */
export function titleOnly(
  request: Record<string, unknown>,
  page: Pick<PageRecord, 'workspaceId'>,
  store: Store,
) {
  const cells: Record<string, PropertyValue> = {}
  for (const [key, value] of Object.entries(request)) {
    if (key !== 'title') throw validationError(`${key} is not a property that exists.`)
    const runs = parseValue(ValueSchemas.title, value).title
    cells['title'] = { type: 'title', value: fromRequest(runs, store, page.workspaceId) }
  }
  return cells
}

function parseValue<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw schemaError('body', parsed.error)
  return parsed.data
}

function cellFrom(property: Property, value: unknown, source: DataSourceRecord, store: Store): PropertyValue {
  const { workspaceId } = source
  switch (property.type) {
    case 'title':
      return {
        type: 'title',
        value: fromRequest(parseValue(ValueSchemas.title, value).title, store, workspaceId),
      }
    case 'rich_text':
      return {
        type: 'rich_text',
        value: fromRequest(parseValue(ValueSchemas.rich_text, value).rich_text, store, workspaceId),
      }
    case 'number':
      return { type: 'number', value: parseValue(ValueSchemas.number, value).number }
    case 'url':
      return { type: 'url', value: parseValue(ValueSchemas.url, value).url }
    case 'email':
      return { type: 'email', value: parseValue(ValueSchemas.email, value).email }
    case 'phone_number':
      return { type: 'phone_number', value: parseValue(ValueSchemas.phone_number, value).phone_number }
    case 'date':
      return { type: 'date', value: parseValue(ValueSchemas.date, value).date }
    case 'checkbox':
      return { type: 'checkbox', value: parseValue(ValueSchemas.checkbox, value).checkbox }
    default:
      return referenceFrom(property, value, workspaceId, store)
  }
}

function referenceFrom(property: Property, value: unknown, workspaceId: string, store: Store): PropertyValue {
  switch (property.type) {
    case 'select': {
      const { select } = parseValue(ValueSchemas.select, value)
      return { type: 'select', value: select && optionFor(property.options, select, true).id }
    }
    case 'status': {
      const { status } = parseValue(ValueSchemas.status, value)
      return { type: 'status', value: status && optionFor(property.options, status, false).id }
    }
    case 'multi_select': {
      const chosen = parseValue(ValueSchemas.multi_select, value).multi_select
      return {
        type: 'multi_select',
        value: chosen.map((option) => optionFor(property.options, option, true).id),
      }
    }
    case 'people': {
      const ids = parseValue(ValueSchemas.people, value).people.map(({ id }) => id)
      const users = store.workspaces.get(workspaceId)?.users ?? []
      const unknown = ids.find((id) => !users.some((user) => user.id === id))
      if (unknown !== undefined) throw validationError(`Could not find user with ID: ${unknown}.`)
      return { type: 'people', value: ids }
    }
    case 'relation': {
      const ids = parseValue(ValueSchemas.relation, value).relation.map(({ id }) => id)
      const foreign = ids.find((id) => store.page(id)?.parentId !== property.data_source_id)
      if (foreign !== undefined) throw validationError(`Page ${foreign} is not in the related data source.`)
      return { type: 'relation', value: ids }
    }
    default:
      throw validationError(`${property.name} is a ${property.type} property and cannot be written.`)
  }
}

function optionFor(options: Option[], wanted: OptionRequestValue, create: boolean): Option {
  const known = options.find((option) =>
    'id' in wanted ? option.id === wanted.id : option.name === wanted.name,
  )
  if (known) return known
  if (!create || 'id' in wanted)
    throw validationError(`Option ${'id' in wanted ? wanted.id : wanted.name} does not exist.`)
  const option = { id: freshId(), name: wanted.name, color: wanted.color ?? 'default', description: null }
  options.push(option)
  return option
}
