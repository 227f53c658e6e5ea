import { z } from 'zod'
import { schemaError, validationError } from './errors.ts'
import {
  CheckboxCondition,
  checkboxTest,
  DateCondition,
  dateTest,
  ExistenceCondition,
  idsTest,
  NumberCondition,
  numberTest,
  OptionCondition,
  OptionsCondition,
  optionsTest,
  optionTest,
  PeopleCondition,
  RelationCondition,
  TextCondition,
  textTest,
} from './filter-conditions.ts'
import type { DataSourceRecord, PageRecord } from './records.ts'
import { plainText } from './rich-text.ts'
import type { Option, Property, PropertyValue } from './seed-format.ts'
import { toMinute } from './store.ts'

const LeafSchema = z.record(z.string(), z.unknown())
const GroupSchema = z.union([
  z.strictObject({ and: z.array(LeafSchema).max(100) }),
  z.strictObject({ or: z.array(LeafSchema).max(100) }),
])

/** A filter before its conditions are checked: a leaf, or groups at most two levels deep. */
export const FilterSchema = z.union([
  z.strictObject({ and: z.array(z.union([GroupSchema, LeafSchema])).max(100) }),
  z.strictObject({ or: z.array(z.union([GroupSchema, LeafSchema])).max(100) }),
  LeafSchema,
])
export type Filter = z.output<typeof FilterSchema>

export interface FilterContext {
  source: DataSourceRecord
  /** Whom `me` stands for. */
  me: string
  now: number
}

export type RowTest = (page: PageRecord) => boolean

/** @throws NotionApiError validation_error for an unknown property, a wrong type or an unknown condition */
export function compileFilter(filter: Filter, context: FilterContext, level = 0): RowTest {
  const group = 'and' in filter ? filter.and : 'or' in filter ? filter.or : undefined
  if (!Array.isArray(group)) return compileLeaf(LeafSchema.parse(filter), context)
  if (level >= 2) throw validationError('body failed validation: body.filter may be nested two levels deep.')
  const tests = group.map((inner) => compileFilter(inner, context, level + 1))
  return 'and' in filter
    ? (page) => tests.every((test) => test(page))
    : (page) => tests.some((test) => test(page))
}

function compileLeaf(leaf: Record<string, unknown>, context: FilterContext): RowTest {
  const { property: wanted, timestamp, type: declared, ...rest } = leaf
  const [kind, ...others] = Object.keys(rest)
  if (kind === undefined || others.length > 0 || (declared !== undefined && declared !== kind))
    throw validationError('body failed validation: body.filter should hold one condition.')
  if (timestamp !== undefined) return timestampTest(timestamp, kind, rest[kind], wanted, context)
  const property = context.source.properties.find(({ id, name }) => id === wanted || name === wanted)
  if (!property) throw validationError(`Could not find property with name or id: ${String(wanted)}`)
  if (property.type !== kind)
    throw validationError(`database property ${property.type} does not match filter ${kind}`)
  return propertyTest(property, rest[kind], context)
}

function timestampTest(
  timestamp: unknown,
  kind: string,
  condition: unknown,
  property: unknown,
  context: FilterContext,
): RowTest {
  if (
    (timestamp !== 'created_time' && timestamp !== 'last_edited_time') ||
    kind !== timestamp ||
    property !== undefined
  )
    throw validationError(
      'body failed validation: body.filter.timestamp should be `created_time` or `last_edited_time`.',
    )
  const test = dateTest(parse(DateCondition, condition), context.now)
  return (page) => test(toMinute(timestamp === 'created_time' ? page.createdTime : page.lastEditedTime))
}

function parse<S extends z.ZodType>(schema: S, condition: unknown): z.output<S> {
  const parsed = schema.safeParse(condition)
  if (!parsed.success) throw schemaError('body', parsed.error)
  return parsed.data
}

/** The stored value of a cell if it has the column's type. */
function cell<T extends PropertyValue['type']>(page: PageRecord, property: Property, type: T) {
  const value = page.properties[property.id]
  return value?.type === type ? (value as Extract<PropertyValue, { type: T }>) : undefined
}

function propertyTest(property: Property, condition: unknown, context: FilterContext): RowTest {
  switch (property.type) {
    case 'checkbox': {
      const test = checkboxTest(parse(CheckboxCondition, condition))
      return (page) => test(cell(page, property, 'checkbox')?.value ?? false)
    }
    case 'title':
    case 'rich_text': {
      const test = textTest(parse(TextCondition, condition))
      return (page) => test(plainText(cell(page, property, property.type)?.value ?? []))
    }
    case 'url':
    case 'email':
    case 'phone_number': {
      const test = textTest(parse(TextCondition, condition))
      return (page) => test(cell(page, property, property.type)?.value ?? '')
    }
    case 'number':
    case 'unique_id': {
      const test = numberTest(parse(NumberCondition, condition))
      return (page) => test(cell(page, property, property.type)?.value ?? null)
    }
    default:
      return choiceTest(property, condition, context)
  }
}

function choiceTest(property: Property, condition: unknown, context: FilterContext): RowTest {
  switch (property.type) {
    case 'select':
    case 'status': {
      const test = optionTest(parse(OptionCondition, condition))
      return (page) => test(optionOf(property.options, cell(page, property, property.type)?.value ?? null))
    }
    case 'multi_select': {
      const test = optionsTest(parse(OptionsCondition, condition))
      return (page) => {
        const chosen = cell(page, property, 'multi_select')?.value ?? []
        return test(property.options.filter(({ id }) => chosen.includes(id)))
      }
    }
    case 'people':
    case 'created_by':
    case 'last_edited_by': {
      const test = idsTest(parse(PeopleCondition, condition), context.me)
      return (page) => test(peopleOf(page, property))
    }
    case 'relation': {
      const test = idsTest(parse(RelationCondition, condition), context.me)
      return (page) => test(cell(page, property, 'relation')?.value ?? [])
    }
    case 'files': {
      const wantsEmpty = 'is_empty' in parse(ExistenceCondition, condition)
      return (page) => ((cell(page, property, 'files')?.value ?? []).length === 0) === wantsEmpty
    }
    case 'date':
    case 'created_time':
    case 'last_edited_time': {
      const test = dateTest(parse(DateCondition, condition), context.now)
      return (page) => test(dateOf(page, property))
    }
    default:
      throw validationError(`The stand-in cannot filter ${property.type} properties.`)
  }
}

function optionOf(options: Option[], id: string | null): Option | null {
  return options.find((option) => option.id === id) ?? null
}

function peopleOf(page: PageRecord, property: Property): string[] {
  if (property.type === 'created_by') return [page.createdBy]
  if (property.type === 'last_edited_by') return [page.lastEditedBy]
  return cell(page, property, 'people')?.value ?? []
}

function dateOf(page: PageRecord, property: Property): string | null {
  if (property.type === 'created_time') return toMinute(page.createdTime)
  if (property.type === 'last_edited_time') return toMinute(page.lastEditedTime)
  return cell(page, property, 'date')?.value?.start ?? null
}
