import { z } from 'zod'
import type { DueDate } from '#shared/todo/due'
import { dueFromDate } from '#shared/todo/due'
import type { RichTextSpan } from '#shared/todo/rich-text'
import { toPlainText } from '#shared/todo/rich-text'
import { getIcon } from './data-source'
import { NotionError } from './errors'
import { ReplyIdSchema, ReplyTimeSchema, UNKNOWN_TIME } from './fields'
import type { DoneProperty, NotionPerson, PageParent, PageSummary, RowTodo } from './reading'
import { peopleInRichText, RichTextSchema, tagsInRichText } from './rich-text'
import { dueFromText } from './written-date'

const PageSchema = z.looseObject({
  id: ReplyIdSchema,
  url: z.string().catch(''),
  created_time: ReplyTimeSchema.catch(UNKNOWN_TIME),
  last_edited_time: ReplyTimeSchema,
  in_trash: z.boolean().catch(false),
  parent: z.unknown().optional(),
  properties: z.record(z.string(), z.looseObject({ id: z.string().catch(''), type: z.string() })),
})
type Page = z.output<typeof PageSchema>
type Property = Page['properties'][string] & { name: string }

const CheckboxSchema = z.looseObject({ checkbox: z.boolean() })
const StatusSchema = z.looseObject({ status: z.looseObject({ id: z.string() }).nullable() })
const TitleSchema = z.looseObject({ title: RichTextSchema })
const DateSchema = z.looseObject({
  date: z.looseObject({ start: z.string(), end: z.string().nullish(), time_zone: z.string().nullish() }),
})
const PeopleSchema = z.looseObject({
  people: z.array(z.looseObject({ id: z.string(), name: z.string().nullish() })),
})
const SelectSchema = z.looseObject({ select: z.looseObject({ name: z.string() }) })
const StatusNameSchema = z.looseObject({ status: z.looseObject({ name: z.string() }) })
const MultiSelectSchema = z.looseObject({ multi_select: z.array(z.looseObject({ name: z.string() })) })
const ParentSchema = z.looseObject({ type: z.string() })

const DUE_NAME = /\b(due|deadline|fällig|fälligkeit|fälligkeitsdatum|frist|termin|date|datum|until|bis)\b/u
const TAG_NAME =
  /^(tags?|labels?|categor(y|ies)|kategorien?|schlagw(ort|örter)|stichw(ort|örter)|themen?|topics?|areas?|bereiche?|contexts?|kontexte?)$/u

/** A property that says how important a row is, in the languages that Notion speaks most. */
const PRIORITY_NAME =
  /^(prio(rity|rität)?|importance|wichtigkeit|dringlichkeit|urgency|priorité|prioridade?|priorità|prioriteit|prioritet|priorytet|優先度|优先级|우선순위)$/u

/** Is this a whole page object, as opposed to an id alone or something else? */
export function isReadablePage(value: unknown): boolean {
  return PageSchema.safeParse(value).success
}

/** The words of a row's or page's title, found by the property's type: its name is the person's own. */
export function rowTitle(page: unknown): string {
  return toPlainText(titleSpans(parsePage(page)))
}

/**
 * What we keep of a page besides its to-dos.
 * @throws NotionError `invalid_reply` when it is not a full page object
 */
export function pageSummary(value: unknown): PageSummary {
  const page = parsePage(value)
  return {
    notionId: page.id,
    title: toPlainText(titleSpans(page)).trim(),
    icon: getIcon(page),
    url: page.url,
    lastEditedTime: page.last_edited_time,
    createdTime: page.created_time,
    inTrash: page.in_trash,
    parent: toParent(page.parent),
  }
}

/**
 * A row as a to-do. `null` when it does not carry the property that means done, as after a change of the schema:
 * nobody can say then whether it is done.
 * @param timeZone where its people are: what day "tomorrow" was written on
 * @throws NotionError `invalid_reply` when it is not a full page object
 */
export function rowToTodo(value: unknown, doneProperty: DoneProperty, timeZone = 'UTC'): RowTodo | null {
  const page = parsePage(value)
  const properties = propertiesOf(page)
  const checked = isDone(properties, doneProperty)
  if (checked === null) return null
  const richText = titleSpans(page)
  return {
    notionId: page.id,
    text: toPlainText(richText),
    richText,
    checked,
    due:
      dueFromProperties(properties) ?? dueFromText(richText, { editedAt: page.last_edited_time, timeZone }),
    people: peopleOf(properties, richText),
    tags: tagsOf(properties, richText),
    lastEditedTime: page.last_edited_time,
  }
}

/** Is the row done? `null` when the property is missing or of another type now. */
function isDone(properties: Property[], doneProperty: DoneProperty): boolean | null {
  const property = properties.find(
    ({ id, type }) => sameId(id, doneProperty.id) && type === doneProperty.type,
  )
  if (doneProperty.type === 'checkbox') {
    const box = CheckboxSchema.safeParse(property)
    return box.success ? box.data.checkbox : null
  }
  const status = StatusSchema.safeParse(property)
  if (!status.success) return null
  return status.data.status !== null && doneProperty.completeOptionIds.includes(status.data.status.id)
}

/** Property ids come percent-encoded in some replies and plain in others. */
function sameId(one: string, other: string): boolean {
  return one === other || decoded(one) === decoded(other)
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}

function parsePage(value: unknown): Page {
  const page = PageSchema.safeParse(value)
  if (!page.success) throw new NotionError('invalid_reply')
  return page.data
}

function propertiesOf(page: Page): Property[] {
  return Object.entries(page.properties).map(([name, property]) => ({ ...property, name }))
}

function titleSpans(page: Page): RichTextSpan[] {
  const title = TitleSchema.safeParse(Object.values(page.properties).find(({ type }) => type === 'title'))
  return title.success ? title.data.title : []
}

/** The first filled date property, one named like a due date before the others. */
function dueFromProperties(properties: Property[]): DueDate | null {
  const dates = properties.filter(({ type }) => type === 'date')
  const isNamed = ({ name }: Property) => DUE_NAME.test(name.toLowerCase())
  for (const property of [...dates.filter(isNamed), ...dates.filter((date) => !isNamed(date))]) {
    const parsed = DateSchema.safeParse(property)
    if (!parsed.success) continue
    const { start, end, time_zone: timeZone } = parsed.data.date
    const due = dueFromDate({ start, end: end ?? undefined, timeZone: timeZone ?? undefined }, 'property')
    if (due) return due
  }
  return null
}

function peopleOf(properties: Property[], title: readonly RichTextSpan[]): NotionPerson[] {
  const people = new Map<string, NotionPerson>()
  for (const property of properties) {
    const parsed = property.type === 'people' ? PeopleSchema.safeParse(property) : null
    for (const { id, name } of parsed?.success ? parsed.data.people : []) {
      people.set(id, { id, name: name ?? '' })
    }
  }
  for (const person of peopleInRichText(title)) if (!people.has(person.id)) people.set(person.id, person)
  return [...people.values()]
}

function tagsOf(properties: Property[], title: readonly RichTextSpan[]): string[] {
  const chosen = properties
    .filter(({ name }) => TAG_NAME.test(name.trim().toLowerCase()))
    .flatMap((property) => {
      const many = MultiSelectSchema.safeParse(property)
      if (many.success) return many.data.multi_select.map(({ name }) => name)
      const one = SelectSchema.safeParse(property)
      return one.success ? [one.data.select.name] : []
    })
  return [...new Set([...chosen, ...prioritiesOf(properties), ...tagsInRichText(title)])]
}

/** What somebody chose as its priority is a tag like others: to filter and group by, and read by `priorityOf`. */
function prioritiesOf(properties: Property[]): string[] {
  return properties
    .filter(({ name }) => PRIORITY_NAME.test(name.trim().toLowerCase()))
    .flatMap((property) => {
      const select = SelectSchema.safeParse(property)
      const name = select.success
        ? select.data.select.name
        : StatusNameSchema.safeParse(property).data?.status.name
      // A bare number is only in this property a priority: as a tag it has to say so.
      return name === undefined ? [] : [/^[0-4]$/u.test(name.trim()) ? `P${name.trim()}` : name]
    })
}

const PARENT_TYPES = {
  page_id: 'page',
  database_id: 'database',
  data_source_id: 'data_source',
  block_id: 'block',
} as const

function toParent(value: unknown): PageParent {
  const parent = ParentSchema.safeParse(value)
  if (!parent.success) return { type: 'other', id: '' }
  const { type } = parent.data
  if (type === 'workspace') return { type: 'workspace' }
  const id = parent.data[type]
  return {
    type: type in PARENT_TYPES ? PARENT_TYPES[type as keyof typeof PARENT_TYPES] : 'other',
    id: typeof id === 'string' ? ReplyIdSchema.catch(id).parse(id) : '',
  }
}
