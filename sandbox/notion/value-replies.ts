import type { PageRecord } from './records.ts'
import type { Option, Property, PropertyValue } from './seed-format.ts'
import { toMinute, type Store } from './store.ts'

/** Page objects carry at most this many items of a list property; the rest is behind `properties/{id}`. */
export const INLINE_ITEMS = 25

/** How a cell looks in a page's `properties`. */
export function propertyValue(property: Property, page: PageRecord, store: Store): Record<string, unknown> {
  const content = contentOf(property, page, store)
  const shown = Array.isArray(content) && isPaged(property) ? content.slice(0, INLINE_ITEMS) : content
  return {
    id: property.id,
    type: property.type,
    [property.type]: shown,
    ...(property.type === 'relation' && Array.isArray(content)
      ? { has_more: content.length > INLINE_ITEMS }
      : {}),
  }
}

/** Properties that Notion truncates inside page objects and pages through by `properties/{id}`. */
export function isPaged(property: Property): boolean {
  return ['title', 'rich_text', 'people', 'relation'].includes(property.type)
}

/** The whole content of a cell, empty as Notion writes empty for its type. */
export function contentOf(property: Property, page: PageRecord, store: Store): unknown {
  const stored = page.properties[property.id]
  switch (property.type) {
    case 'created_time':
      return toMinute(page.createdTime)
    case 'last_edited_time':
      return toMinute(page.lastEditedTime)
    case 'created_by':
      return { object: 'user', id: page.createdBy }
    case 'last_edited_by':
      return { object: 'user', id: page.lastEditedBy }
    case 'unique_id':
      return { prefix: property.prefix, number: stored?.type === 'unique_id' ? stored.value : null }
    case 'formula':
      return { type: 'string', string: stored?.type === 'formula' ? stored.value : null }
    case 'select':
    case 'status':
      return stored?.type === property.type ? optionReply(property.options, stored.value) : null
    case 'multi_select':
      return stored?.type === 'multi_select'
        ? stored.value.map((id) => optionReply(property.options, id)).filter((option) => option !== null)
        : []
    default:
      return simpleContent(property.type, stored, page.workspaceId, store)
  }
}

function optionReply(
  options: Option[],
  id: string | null,
): { id: string; name: string; color: string } | null {
  const option = options.find((candidate) => candidate.id === id)
  return option ? { id: option.id, name: option.name, color: option.color } : null
}

function simpleContent(
  type: Property['type'],
  stored: PropertyValue | undefined,
  workspaceId: string,
  store: Store,
): unknown {
  if (stored?.type !== type) return emptyContent(type)
  switch (stored.type) {
    case 'people':
      return stored.value.map((id) => personReply(id, workspaceId, store))
    case 'relation':
      return stored.value.filter((id) => store.page(id)?.inTrash === false).map((id) => ({ id }))
    case 'files':
      return stored.value.map(({ name, url }) => ({ name, type: 'external', external: { url } }))
    default:
      return stored.value
  }
}

function emptyContent(type: Property['type']): unknown {
  if (type === 'checkbox') return false
  return ['title', 'rich_text', 'people', 'files', 'relation'].includes(type) ? [] : null
}

function personReply(id: string, workspaceId: string, store: Store): Record<string, unknown> {
  const person = store.workspaces.get(workspaceId)?.users.find((candidate) => candidate.id === id)
  if (!person) return { object: 'user', id }
  const { name, email, avatar_url } = person
  return { object: 'user', id, name, avatar_url, type: 'person', person: { email } }
}
