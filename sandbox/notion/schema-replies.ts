import type { Property } from './seed-format.ts'
import type { Store } from './store.ts'

/** How a column looks in a data source's `properties`. */
export function propertyConfig(property: Property, store: Store): Record<string, unknown> {
  const { id, name, description, type } = property
  return { id, name, description, type, [type]: configOf(property, store) }
}

function configOf(property: Property, store: Store): Record<string, unknown> {
  switch (property.type) {
    case 'number':
      return { format: property.format }
    case 'select':
    case 'multi_select':
      return { options: property.options }
    case 'status':
      return { options: property.options, groups: property.groups }
    case 'unique_id':
      return { prefix: property.prefix }
    case 'formula':
      return { expression: property.expression }
    case 'relation':
      return relationConfig(property, store)
    default:
      return {}
  }
}

function relationConfig(
  property: Extract<Property, { type: 'relation' }>,
  store: Store,
): Record<string, unknown> {
  const target = store.dataSource(property.data_source_id)
  const ids = {
    data_source_id: property.data_source_id,
    database_id: target?.parentId ?? property.data_source_id,
  }
  const back = target?.properties.find(({ id }) => id === property.synced_property_id)
  if (!back) return { ...ids, type: 'single_property', single_property: {} }
  return {
    ...ids,
    type: 'dual_property',
    dual_property: { synced_property_id: back.id, synced_property_name: back.name },
  }
}
