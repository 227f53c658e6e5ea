import { z } from 'zod'
import { safeHref, toPlainText } from '#shared/todo/rich-text'
import type { DataSourceProperty, NotionIcon } from './reading'
import { RichTextSchema } from './rich-text'

const OptionSchema = z.looseObject({ id: z.string(), name: z.string(), color: z.string().catch('default') })
const ChoicesSchema = z.looseObject({
  options: z.array(OptionSchema),
  groups: z
    .array(z.looseObject({ id: z.string(), name: z.string(), option_ids: z.array(z.string()) }))
    .optional(),
})
const PropertySchema = z.looseObject({ id: z.string(), type: z.string() })
const PropertiesSchema = z.looseObject({ properties: z.record(z.string(), z.unknown()) })

const UrlSchema = z.looseObject({ url: z.string() })
const IconSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('emoji'), emoji: z.string() }),
  z.looseObject({ type: z.literal('external'), external: UrlSchema }),
  z.looseObject({ type: z.literal('file'), file: UrlSchema }),
  z.looseObject({ type: z.literal('custom_emoji'), custom_emoji: UrlSchema }),
  z.looseObject({ type: z.literal('icon'), icon: z.looseObject({ name: z.string(), color: z.string() }) }),
])

/** The plain title of a data source or database; empty when it has none. */
export function getTitle(metadata: unknown): string {
  const parsed = z.looseObject({ title: RichTextSchema }).safeParse(metadata)
  return parsed.success ? toPlainText(parsed.data.title).trim() : ''
}

/** The icon of a data source, database or page; `null` without one, or for a kind or link we cannot show. */
export function getIcon(metadata: unknown): NotionIcon | null {
  const parsed = z.looseObject({ icon: IconSchema }).safeParse(metadata)
  if (!parsed.success) return null
  const { icon } = parsed.data
  switch (icon.type) {
    case 'emoji':
      return { type: 'emoji', emoji: icon.emoji }
    case 'external':
      return imageIcon(icon.external.url)
    case 'file':
      return imageIcon(icon.file.url)
    case 'custom_emoji':
      return imageIcon(icon.custom_emoji.url)
    case 'icon':
      return { type: 'named', name: icon.icon.name, color: icon.icon.color }
  }
}

function imageIcon(address: string): NotionIcon | null {
  const url = safeHref(address)
  return url?.startsWith('http') ? { type: 'image', url } : null
}

/** The columns of a data source by name, in Notion's order. */
export function getProperties(metadata: unknown): Map<string, DataSourceProperty> {
  const parsed = PropertiesSchema.safeParse(metadata)
  const properties = new Map<string, DataSourceProperty>()
  for (const [name, value] of Object.entries(parsed.success ? parsed.data.properties : {})) {
    const property = PropertySchema.safeParse(value)
    if (property.success) properties.set(name, toProperty(name, property.data))
  }
  return properties
}

function toProperty(name: string, property: z.output<typeof PropertySchema>): DataSourceProperty {
  const { id, type } = property
  const choices = ChoicesSchema.safeParse(property[type])
  if (!choices.success) return { id, name, type }
  const { options, groups } = choices.data
  return {
    id,
    name,
    type,
    options: options.map((option) => ({ id: option.id, name: option.name, color: option.color })),
    ...(groups
      ? { groups: groups.map((group) => ({ id: group.id, name: group.name, optionIds: group.option_ids })) }
      : {}),
  }
}
