import { z } from 'zod'
import { IdSchema } from './ids.ts'

/** The conditions of `POST /v1/data_sources/{id}/query`, each compiled to a test of a cell's content. */

const existence = [
  z.strictObject({ is_empty: z.literal(true) }),
  z.strictObject({ is_not_empty: z.literal(true) }),
] as const

const oneOrMore = z.union([z.string(), z.array(z.string()).min(1).max(100)])
const personId = z.union([z.literal('me'), IdSchema])
const emptyObject = z.strictObject({})

const RELATIVE_DAYS: ReadonlyMap<string, number> = new Map([
  ['today', 0],
  ['tomorrow', 1],
  ['yesterday', -1],
  ['one_week_ago', -7],
  ['one_week_from_now', 7],
  ['one_month_ago', -30],
  ['one_month_from_now', 30],
])

const RANGES = {
  this_week: [-7, 7],
  past_week: [-7, 0],
  past_month: [-30, 0],
  past_year: [-365, 0],
  next_week: [0, 7],
  next_month: [0, 30],
  next_year: [0, 365],
} as const
type Range = keyof typeof RANGES

export const CheckboxCondition = z.union([
  z.strictObject({ equals: z.boolean() }),
  z.strictObject({ does_not_equal: z.boolean() }),
])
export const TextCondition = z.union([
  z.strictObject({ equals: z.string() }),
  z.strictObject({ does_not_equal: z.string() }),
  z.strictObject({ contains: z.string() }),
  z.strictObject({ does_not_contain: z.string() }),
  z.strictObject({ starts_with: z.string() }),
  z.strictObject({ ends_with: z.string() }),
  ...existence,
])
export const NumberCondition = z.union([
  z.strictObject({ equals: z.number() }),
  z.strictObject({ does_not_equal: z.number() }),
  z.strictObject({ greater_than: z.number() }),
  z.strictObject({ less_than: z.number() }),
  z.strictObject({ greater_than_or_equal_to: z.number() }),
  z.strictObject({ less_than_or_equal_to: z.number() }),
  ...existence,
])
export const OptionCondition = z.union([
  z.strictObject({ equals: oneOrMore }),
  z.strictObject({ does_not_equal: oneOrMore }),
  ...existence,
])
export const OptionsCondition = z.union([
  z.strictObject({ contains: oneOrMore }),
  z.strictObject({ does_not_contain: oneOrMore }),
  ...existence,
])
export const PeopleCondition = z.union([
  z.strictObject({ contains: personId }),
  z.strictObject({ does_not_contain: personId }),
  ...existence,
])
export const RelationCondition = z.union([
  z.strictObject({ contains: IdSchema }),
  z.strictObject({ does_not_contain: IdSchema }),
  ...existence,
])
export const ExistenceCondition = z.union(existence)

const day = z
  .string()
  .refine((text) => RELATIVE_DAYS.has(text) || !Number.isNaN(Date.parse(text)), 'should be a date')
const ranges = Object.keys(RANGES).map((key) => z.strictObject({ [key]: emptyObject }))
export const DateCondition = z.union([
  z.strictObject({ equals: day }),
  z.strictObject({ before: day }),
  z.strictObject({ after: day }),
  z.strictObject({ on_or_before: day }),
  z.strictObject({ on_or_after: day }),
  ...existence,
  ...ranges,
])

type Test<T> = (value: T) => boolean

function emptiness<T>(condition: object, isEmpty: Test<T>): Test<T> | undefined {
  if ('is_empty' in condition) return isEmpty
  return 'is_not_empty' in condition ? (value) => !isEmpty(value) : undefined
}

export function checkboxTest(condition: z.output<typeof CheckboxCondition>): Test<boolean> {
  return 'equals' in condition
    ? (value) => value === condition.equals
    : (value) => value !== condition.does_not_equal
}

export function textTest(condition: z.output<typeof TextCondition>): Test<string> {
  const fold = (text: string) => text.toLowerCase()
  if ('equals' in condition) return (value) => fold(value) === fold(condition.equals)
  if ('does_not_equal' in condition) return (value) => fold(value) !== fold(condition.does_not_equal)
  if ('contains' in condition) return (value) => fold(value).includes(fold(condition.contains))
  if ('does_not_contain' in condition)
    return (value) => !fold(value).includes(fold(condition.does_not_contain))
  if ('starts_with' in condition) return (value) => fold(value).startsWith(fold(condition.starts_with))
  if ('ends_with' in condition) return (value) => fold(value).endsWith(fold(condition.ends_with))
  return 'is_empty' in condition ? (value) => value === '' : (value) => value !== ''
}

export function numberTest(condition: z.output<typeof NumberCondition>): Test<number | null> {
  const compare = (test: Test<number>) => (value: number | null) => value !== null && test(value)
  if ('equals' in condition) return (value) => value === condition.equals
  if ('does_not_equal' in condition) return (value) => value !== condition.does_not_equal
  if ('greater_than' in condition) return compare((value) => value > condition.greater_than)
  if ('less_than' in condition) return compare((value) => value < condition.less_than)
  if ('greater_than_or_equal_to' in condition)
    return compare((value) => value >= condition.greater_than_or_equal_to)
  if ('less_than_or_equal_to' in condition)
    return compare((value) => value <= condition.less_than_or_equal_to)
  return 'is_empty' in condition ? (value) => value === null : (value) => value !== null
}

export interface ChosenOption {
  id: string
  name: string
}

const among = (wanted: string | string[]) => {
  const names = typeof wanted === 'string' ? [wanted] : wanted
  return ({ id, name }: ChosenOption) => names.includes(name) || names.includes(id)
}

export function optionTest(condition: z.output<typeof OptionCondition>): Test<ChosenOption | null> {
  const empty = emptiness<ChosenOption | null>(condition, (value) => value === null)
  if (empty) return empty
  if ('equals' in condition) return (value) => value !== null && among(condition.equals)(value)
  if (!('does_not_equal' in condition)) return () => true
  return (value) => value === null || !among(condition.does_not_equal)(value)
}

export function optionsTest(condition: z.output<typeof OptionsCondition>): Test<ChosenOption[]> {
  const empty = emptiness<ChosenOption[]>(condition, (value) => value.length === 0)
  if (empty) return empty
  if ('contains' in condition) return (value) => value.some(among(condition.contains))
  if (!('does_not_contain' in condition)) return () => true
  return (value) => !value.some(among(condition.does_not_contain))
}

/** People and relations: lists of ids. `me` is whoever the token acts for. */
export function idsTest(
  condition: z.output<typeof PeopleCondition> | z.output<typeof RelationCondition>,
  me: string,
): Test<string[]> {
  const empty = emptiness<string[]>(condition, (value) => value.length === 0)
  if (empty) return empty
  const resolve = (id: string) => (id === 'me' ? me : id)
  if ('contains' in condition) return (value) => value.includes(resolve(condition.contains))
  if (!('does_not_contain' in condition)) return () => true
  return (value) => !value.includes(resolve(condition.does_not_contain))
}

const DAY_MS = 86_400_000
const startOfDay = (time: number) => Math.floor(time / DAY_MS) * DAY_MS

/** Dates compare by day when the condition names a day, and to the moment when it names one. */
export function dateTest(condition: z.output<typeof DateCondition>, now: number): Test<string | null> {
  const empty = emptiness<string | null>(condition, (value) => value === null)
  if (empty) return empty
  const range = Object.keys(condition).find((key): key is Range => key in RANGES)
  if (range) {
    const [from, to] = RANGES[range]
    const low = startOfDay(now) + from * DAY_MS
    const high = startOfDay(now) + (to + 1) * DAY_MS
    return (value) => value !== null && Date.parse(value) >= low && Date.parse(value) < high
  }
  const [operator, wanted] = Object.entries(condition)[0] ?? ['equals', '']
  return (value) => value !== null && compareDates(operator, value, String(wanted), now)
}

function compareDates(operator: string, value: string, wanted: string, now: number): boolean {
  const days = RELATIVE_DAYS.get(wanted)
  const wholeDay = days !== undefined || /^\d{4}-\d{2}-\d{2}$/.test(wanted)
  const target = days === undefined ? Date.parse(wanted) : startOfDay(now) + days * DAY_MS
  const actual = wholeDay ? startOfDay(Date.parse(value)) : Date.parse(value)
  switch (operator) {
    case 'before':
      return actual < target
    case 'after':
      return actual > target
    case 'on_or_before':
      return actual <= target
    case 'on_or_after':
      return actual >= target
    default:
      return actual === target
  }
}
