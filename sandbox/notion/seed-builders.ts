import { seededId } from './ids.ts'
import { dateText, notionUrl, PLAIN, textRun } from './rich-text.ts'
import type {
  BlockSeed,
  DatabaseSeed,
  Option,
  PageSeed,
  Property,
  PropertyValue,
  RichText,
  UserSeed,
} from './seed-format.ts'

/** Short words for writing workspaces down: rich text, blocks, columns, cells. */

type Annotations = RichText['annotations']

export function text(content: string, style: Partial<Annotations> = {}): RichText {
  return { ...textRun(content), annotations: { ...PLAIN, ...style } }
}

export function link(content: string, url: string): RichText {
  return textRun(content, url)
}

const mention = (
  value: { type: string; [detail: string]: unknown },
  plain_text: string,
  href: string | null = null,
): RichText => ({
  type: 'mention',
  mention: value,
  plain_text,
  href,
  annotations: { ...PLAIN },
})

/** An @date; `end` makes it a range. */
export function date(start: string, end: string | null = null): RichText {
  const value = { type: 'date', date: { start, end, time_zone: null } }
  return mention(value, dateText({ start, end }))
}

/** An @person. */
export function person(user: Pick<UserSeed, 'id' | 'name'>): RichText {
  return mention({ type: 'user', user: { object: 'user', id: user.id } }, `@${user.name}`)
}

/** An @page. */
export function pageMention(id: string, title: string): RichText {
  return mention({ type: 'page', page: { id } }, title, notionUrl(id))
}

export function equation(expression: string): RichText {
  return {
    type: 'equation',
    equation: { expression },
    plain_text: expression,
    href: null,
    annotations: { ...PLAIN },
  }
}

export type Words = string | RichText[]

/** Plain words as rich text; rich text as it is. */
export function words(content: Words): RichText[] {
  if (typeof content !== 'string') return content
  return content === '' ? [] : [text(content)]
}

/** Where a child page or database stands among the blocks. */
export function childPage(id: string): BlockSeed {
  return { id, type: 'child_page', content: {} }
}

export function childDatabase(id: string): BlockSeed {
  return { id, type: 'child_database', content: {} }
}

/** Cells, by type. */
export const cell = {
  title: (content: Words): PropertyValue => ({ type: 'title', value: words(content) }),
  richText: (content: Words): PropertyValue => ({ type: 'rich_text', value: words(content) }),
  checkbox: (value: boolean): PropertyValue => ({ type: 'checkbox', value }),
  status: (value: string | null): PropertyValue => ({ type: 'status', value }),
  select: (value: string | null): PropertyValue => ({ type: 'select', value }),
  multiSelect: (value: string[]): PropertyValue => ({ type: 'multi_select', value }),
  date: (start: string | null, end: string | null = null): PropertyValue => ({
    type: 'date',
    value: start === null ? null : { start, end, time_zone: null },
  }),
  people: (value: string[]): PropertyValue => ({ type: 'people', value }),
  number: (value: number | null): PropertyValue => ({ type: 'number', value }),
  url: (value: string | null): PropertyValue => ({ type: 'url', value }),
  relation: (value: string[]): PropertyValue => ({ type: 'relation', value }),
  uniqueId: (value: number): PropertyValue => ({ type: 'unique_id', value }),
  formula: (value: string): PropertyValue => ({ type: 'formula', value }),
}

/** Options whose ids follow from their names. */
export function options(...named: [name: string, color: string][]): Option[] {
  return named.map(([name, color]) => ({
    id: seededId(`option:${name}`).slice(0, 8),
    name,
    color,
    description: null,
  }))
}

/** A status column with Notion's three groups. */
export function statusColumn(
  id: string,
  name: string,
  groups: { todo: [string, string][]; doing: [string, string][]; done: [string, string][] },
): Property {
  const todo = options(...groups.todo)
  const doing = options(...groups.doing)
  const done = options(...groups.done)
  const group = (groupName: string, color: string, members: Option[]) => ({
    id: seededId(`group:${id}:${groupName}`),
    name: groupName,
    color,
    option_ids: members.map((option) => option.id),
  })
  return {
    type: 'status',
    id,
    name,
    description: null,
    options: [...todo, ...doing, ...done],
    groups: [
      group('To-do', 'gray', todo),
      group('In progress', 'blue', doing),
      group('Complete', 'green', done),
    ],
  }
}

export type { BlockSeed, DatabaseSeed, PageSeed, UserSeed }
