import { seededId } from '../../../sandbox/notion/ids.ts'
import { BlockBuilder } from '../../../sandbox/notion/block-builder.ts'
import { type BlockSeed, cell, words, type Words } from '../../../sandbox/notion/seed-builders.ts'
import type { WorkspaceSeed } from '../../../sandbox/notion/seed-format.ts'

export interface SimpleRow {
  title?: Words
  done?: boolean
  blocks?: (b: BlockBuilder) => BlockSeed[]
}

export interface SimpleWorkspace {
  seed: WorkspaceSeed
  userId: string
  databaseId: string
  dataSourceId: string
  /** In the order of the rows. */
  pageIds: string[]
}

const TIME = '2026-01-05T08:00:00.000Z'

/**
 * A workspace with one person and one database ("Tasks", with a `Done` checkbox) that holds the given rows.
 * Ids follow from `key`, so that two keys give two workspaces that share nothing.
 */
export function simpleWorkspace(key: string, rows: SimpleRow[]): SimpleWorkspace {
  const userId = seededId(`${key}:user`)
  const databaseId = seededId(`${key}:database`)
  const dataSourceId = seededId(`${key}:data-source`)
  const times = { created_time: TIME, last_edited_time: TIME, created_by: userId, last_edited_by: userId }
  const pageIds = rows.map((_row, index) => seededId(`${key}:row:${index}`))
  const seed: WorkspaceSeed = {
    id: seededId(`${key}:workspace`),
    name: key,
    users: [{ id: userId, name: `Person of ${key}`, email: `person@${key}.example` }],
    databases: [
      {
        id: databaseId,
        parent: { type: 'workspace' },
        title: words('Tasks'),
        ...times,
        data_sources: [
          {
            id: dataSourceId,
            title: words('Tasks'),
            properties: [
              { type: 'title', id: 'title', name: 'Name' },
              { type: 'checkbox', id: 'dOnE', name: 'Done' },
            ],
          },
        ],
      },
    ],
    pages: rows.map(({ title = 'A row', done = false, blocks }, index) => ({
      id: seededId(`${key}:row:${index}`),
      parent: { type: 'data_source_id', data_source_id: dataSourceId },
      properties: { Name: cell.title(title), Done: cell.checkbox(done) },
      blocks: blocks?.(new BlockBuilder(`${key}:blocks:${index}`)) ?? [],
      ...times,
    })),
  }
  return { seed, userId, databaseId, dataSourceId, pageIds }
}
