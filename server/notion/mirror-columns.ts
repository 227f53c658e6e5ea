import type { Client, CreateDatabaseParameters } from '@notionhq/client'
import { z } from 'zod'
import { NotionError, toNotionError } from './errors'

type PropertyConfigs = NonNullable<NonNullable<CreateDatabaseParameters['initial_data_source']>['properties']>

/** The names of the two options of Status. */
export const STATUS_NAME = { done: 'Done', open: 'To do' } as const

/** The columns of a mirror: their names when they are made, and what each is. */
const COLUMNS = {
  name: { label: 'Name', type: 'title', config: { title: {} } },
  done: { label: 'Done', type: 'checkbox', config: { checkbox: {} } },
  status: {
    label: 'Status',
    type: 'select',
    config: {
      select: {
        options: [
          { name: STATUS_NAME.open, color: 'gray' },
          { name: STATUS_NAME.done, color: 'green' },
        ],
      },
    },
  },
  due: { label: 'Due', type: 'date', config: { date: {} } },
  people: { label: 'People', type: 'multi_select', config: { multi_select: {} } },
  page: { label: 'Page', type: 'rich_text', config: { rich_text: {} } },
  pageLink: { label: 'Page Link', type: 'url', config: { url: {} } },
  blockLink: { label: 'Block Link', type: 'url', config: { url: {} } },
  source: { label: 'Source Database', type: 'select', config: { select: {} } },
  todoId: { label: 'To-do ID', type: 'rich_text', config: { rich_text: {} } },
  created: { label: 'Created', type: 'date', config: { date: {} } },
  updated: { label: 'Last Updated', type: 'date', config: { date: {} } },
} as const satisfies Record<string, { label: string; type: string; config: PropertyConfigs[string] }>

export type MirrorColumn = keyof typeof COLUMNS
export const MIRROR_COLUMNS = Object.keys(COLUMNS).filter((key): key is MirrorColumn => key in COLUMNS)

/** Notion's ids of the columns. People rename columns; ids stay. */
export type ColumnIds = Record<MirrorColumn, string>

export const ColumnIdsSchema = z.record(z.enum(MIRROR_COLUMNS), z.string().min(1))

/** The schema a new mirror is made with (notion-api.md §7). */
export function mirrorSchema(): PropertyConfigs {
  return Object.fromEntries(MIRROR_COLUMNS.map((key) => [COLUMNS[key].label, COLUMNS[key].config]))
}

const SchemaSchema = z.looseObject({
  in_trash: z.boolean().catch(false),
  properties: z.record(z.string(), z.looseObject({ id: z.string(), type: z.string() })),
})

type Schema = z.output<typeof SchemaSchema>

/**
 * Finds the columns of a mirror, by their ids where they are known, else by the names they were made with. Those
 * somebody has deleted, or turned into something else, are made again.
 *
 * @returns null when the data source is in the trash, gone or not shared: Notion does not tell the latter apart.
 * `repaired` says that what stood in some column is gone
 * @throws NotionError
 */
export async function ensureColumns(
  client: Client,
  dataSourceId: string,
  known: Partial<ColumnIds>,
): Promise<{ ids: ColumnIds; repaired: boolean } | null> {
  const before = await readSchema(client, dataSourceId)
  if (!before) return null
  const complete = findColumns(before, known)
  if (complete.missing.length === 0) return { ids: ColumnIdsSchema.parse(complete.found), repaired: false }
  const reply: unknown = await client.dataSources
    .update({ data_source_id: dataSourceId, properties: repairs(before, known, complete.missing) })
    .catch(rethrow)
  const after = findColumns(parseSchema(reply), complete.found)
  if (after.missing.length > 0) throw new NotionError('invalid_reply')
  return { ids: ColumnIdsSchema.parse(after.found), repaired: true }
}

async function readSchema(client: Client, dataSourceId: string): Promise<Schema | null> {
  try {
    const schema = parseSchema(await client.dataSources.retrieve({ data_source_id: dataSourceId }))
    return schema.in_trash ? null : schema
  } catch (cause) {
    const error = toNotionError(cause)
    if (error.kind === 'not_found') return null
    throw error
  }
}

function parseSchema(reply: unknown): Schema {
  const parsed = SchemaSchema.safeParse(reply)
  if (!parsed.success) throw new NotionError('invalid_reply')
  return parsed.data
}

function findColumns(
  { properties }: Schema,
  known: Partial<ColumnIds>,
): { found: Partial<ColumnIds>; missing: MirrorColumn[] } {
  const found: Partial<ColumnIds> = {}
  const missing: MirrorColumn[] = []
  for (const key of MIRROR_COLUMNS) {
    const { label, type } = COLUMNS[key]
    const candidates = Object.entries(properties).filter(([, property]) => property.type === type)
    const match =
      candidates.find(([, { id }]) => id === known[key]) ??
      candidates.find(([name]) => (type === 'title' ? true : name === label))
    if (match) found[key] = match[1].id
    else missing.push(key)
  }
  return { found, missing }
}

/** A column that has become another type is turned back; one that is gone is added under its first name. */
function repairs({ properties }: Schema, known: Partial<ColumnIds>, missing: MirrorColumn[]) {
  return Object.fromEntries(
    missing.map((key) => {
      const { label, config } = COLUMNS[key]
      const turned = Object.entries(properties).find(([name, { id }]) => id === known[key] || name === label)
      return [turned?.[1].id ?? label, config]
    }),
  )
}

function rethrow(cause: unknown): never {
  throw toNotionError(cause)
}
