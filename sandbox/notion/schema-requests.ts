import { z } from 'zod'
import { schemaError, validationError } from './errors.ts'
import { freshId, IdSchema } from './ids.ts'
import { SelectColorSchema } from './rich-text.ts'
import { PropertySchema, type Option, type Property, type PropertyType } from './seed-format.ts'

/** Columns as clients create and change them (notion-api.md §7). */

const empty = z.strictObject({})
const OptionConfig = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1).max(100).optional(),
  color: SelectColorSchema.optional(),
  description: z.string().nullish(),
})
const optionsConfig = z.strictObject({ options: z.array(OptionConfig).max(100).optional() })

const CONFIG_SCHEMAS = {
  title: empty,
  rich_text: empty,
  date: empty,
  people: empty,
  files: empty,
  checkbox: empty,
  url: empty,
  email: empty,
  phone_number: empty,
  created_time: empty,
  created_by: empty,
  last_edited_time: empty,
  last_edited_by: empty,
  number: z.strictObject({ format: z.string().optional() }),
  select: optionsConfig,
  multi_select: optionsConfig,
  status: optionsConfig,
  unique_id: z.strictObject({ prefix: z.string().nullish() }),
  formula: z.strictObject({ expression: z.string().optional() }),
  relation: z.strictObject({
    data_source_id: IdSchema,
    type: z.enum(['single_property', 'dual_property']).optional(),
    single_property: empty.optional(),
    dual_property: z.looseObject({}).optional(),
  }),
} as const satisfies Record<PropertyType, z.ZodType>

export const PropertiesConfigSchema = z.record(z.string(), z.record(z.string(), z.unknown()).nullable())
type Config = Record<string, unknown>

const isPropertyType = (key: string): key is PropertyType => key in CONFIG_SCHEMAS

/** Notion's columns have short ids; the title's is always `title`. */
function newPropertyId(type: PropertyType): string {
  return type === 'title' ? 'title' : freshId().slice(0, 4)
}

/**
 * The columns of a new data source.
 * @throws NotionApiError validation_error unless there is exactly one title and each column has one known type
 */
export function columnsFrom(request: Record<string, Config | null>): Property[] {
  const columns = Object.entries(request).map(([name, config]) => columnFrom(name, config ?? {}))
  if (columns.filter(({ type }) => type === 'title').length !== 1)
    throw validationError('body failed validation: body.properties should hold exactly one title property.')
  return columns
}

function columnFrom(name: string, config: Config, known?: Property): Property {
  const { type: declared, description, name: _renamed, ...rest } = config
  const [key, ...others] = Object.keys(rest)
  if (
    key === undefined ||
    others.length > 0 ||
    !isPropertyType(key) ||
    (declared !== undefined && declared !== key)
  )
    throw validationError(
      `body failed validation: body.properties.${name} should have one known property type.`,
    )
  const parsed = CONFIG_SCHEMAS[key].safeParse(rest[key])
  if (!parsed.success) throw schemaError('body', parsed.error)
  return PropertySchema.parse({
    type: key,
    id: known?.id ?? newPropertyId(key),
    name,
    ...(typeof description === 'string' ? { description } : {}),
    ...configFor(key, parsed.data, known),
  })
}

function configFor(type: PropertyType, config: object, known: Property | undefined): Config {
  const knownOptions = known && 'options' in known ? known.options : []
  switch (type) {
    case 'select':
    case 'multi_select':
      return { options: 'options' in config ? optionsFrom(config.options, knownOptions) : knownOptions }
    case 'status':
      return statusConfig('options' in config ? optionsFrom(config.options, knownOptions) : [], known)
    case 'number':
      return { format: 'format' in config ? config.format : 'number' }
    case 'unique_id':
      return { prefix: 'prefix' in config ? config.prefix : null }
    case 'formula':
      return { expression: 'expression' in config ? config.expression : '' }
    case 'relation':
      return { data_source_id: 'data_source_id' in config ? config.data_source_id : '' }
    default:
      return {}
  }
}

/** Options are matched by id or name; the others are new. */
function optionsFrom(requested: unknown, known: Option[]): Option[] {
  const list = z.array(OptionConfig).catch([]).parse(requested)
  return list.map(({ id, name, color, description }) => {
    const same = known.find((option) => option.id === id || option.name === name)
    const label = name ?? same?.name
    if (label === undefined)
      throw validationError(`body failed validation: option ${id ?? ''} does not exist.`)
    return {
      id: same?.id ?? freshId(),
      name: label,
      color: color ?? same?.color ?? 'default',
      description: description ?? same?.description ?? null,
    }
  })
}

/** Without options a status column gets Notion's three; own options all start in the To-do group. */
function statusConfig(requested: Option[], known: Property | undefined): Config {
  if (known?.type === 'status' && requested.length === 0)
    return { options: known.options, groups: known.groups }
  const defaults = [
    { id: freshId(), name: 'Not started', color: 'default', description: null },
    { id: freshId(), name: 'In progress', color: 'blue', description: null },
    { id: freshId(), name: 'Done', color: 'green', description: null },
  ]
  const options = requested.length > 0 ? requested : defaults
  const ids = options.map(({ id }) => id)
  const members = requested.length > 0 ? [ids, [], []] : ids.map((id) => [id])
  const groups = [
    ['To-do', 'gray'],
    ['In progress', 'blue'],
    ['Complete', 'green'],
  ].map(([name, color], index) => ({ id: freshId(), name, color, option_ids: members[index] ?? [] }))
  return { options, groups }
}

/**
 * The columns after a change: new ones added, named ones renamed or redefined, null ones removed.
 * @throws NotionApiError validation_error when the title would be removed or a name be used twice
 */
export function changedColumns(columns: Property[], request: Record<string, Config | null>): Property[] {
  let changed = [...columns]
  for (const [key, config] of Object.entries(request)) {
    const known = changed.find(({ id, name }) => id === key || name === key)
    if (config === null) {
      if (known?.type === 'title') throw validationError('The title property cannot be removed.')
      changed = changed.filter((column) => column !== known)
      continue
    }
    const column = changedColumn(key, config, known)
    changed = known ? changed.map((old) => (old === known ? column : old)) : [...changed, column]
  }
  if (new Set(changed.map(({ name }) => name)).size !== changed.length)
    throw validationError('Property names have to be unique.')
  return changed
}

function changedColumn(key: string, config: Config, known: Property | undefined): Property {
  const name = typeof config['name'] === 'string' ? config['name'] : (known?.name ?? key)
  const onlyRenamed =
    known && Object.keys(config).every((field) => field === 'name' || field === 'description')
  return onlyRenamed ? { ...known, name } : columnFrom(name, config, known)
}
