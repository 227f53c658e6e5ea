import fc from 'fast-check'
import { seededId } from '../../../sandbox/notion/ids.ts'
import { cell, words } from '../../../sandbox/notion/seed-builders.ts'
import type { DatabaseSeed, PageSeed, WorkspaceSeed } from '../../../sandbox/notion/seed-format.ts'
import { bodyArbitrary, type Shape } from './block-shapes.ts'
import { ShapeWriter } from './shape-writer.ts'

export interface WorkspaceArbitraryOptions {
  /** Rows over all data sources; child pages come on top. */
  maxRows?: number
}

interface Plan {
  /** How many data sources each database has. */
  databases: number[]
  rows: { body: Shape[]; trashed: boolean; source: number }[]
  loose: Shape[][]
  hidden: Shape[]
  childBodies: Shape[][]
}

const rare = fc.integer({ min: 0, max: 14 }).map((roll) => roll === 14)

/**
 * Whole workspaces: trees of every block type (at most 12 deep, at most 250 siblings), synced copies of readable
 * and unreadable originals, unsupported parts, child pages in blocks, trashed blocks and pages, databases with
 * several data sources, and a private page.
 */
export function workspaceArbitrary({
  maxRows = 6,
}: WorkspaceArbitraryOptions = {}): fc.Arbitrary<WorkspaceSeed> {
  return fc
    .record<Plan>({
      databases: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
      rows: fc.array(fc.record({ body: bodyArbitrary, trashed: rare, source: fc.nat(5) }), {
        maxLength: maxRows,
      }),
      loose: fc.array(bodyArbitrary, { maxLength: 1 }),
      hidden: bodyArbitrary,
      childBodies: fc.array(bodyArbitrary, { maxLength: 3 }),
    })
    .map(buildWorkspace)
}

const USER_ID = seededId('generated:user')
const TIME = '2026-02-03T10:00:00.000Z'
const TIMES = { created_time: TIME, last_edited_time: TIME, created_by: USER_ID, last_edited_by: USER_ID }

function buildWorkspace(plan: Plan): WorkspaceSeed {
  const databases = plan.databases.map(buildDatabase)
  const sources = databases.flatMap((database) => database.data_sources)
  const writer = new ShapeWriter(plan.childBodies)
  const rows = plan.rows.map(({ body, trashed, source }, index): PageSeed => {
    const id = seededId(`generated:row:${index}`)
    return {
      id,
      parent: { type: 'data_source_id', data_source_id: sources[source % sources.length]?.id ?? '' },
      properties: { Name: cell.title(`Row ${index}`), Done: cell.checkbox(index % 2 === 0) },
      blocks: writer.write(body, { type: 'page_id', page_id: id }),
      in_trash: trashed,
      ...TIMES,
    }
  })
  const loose = plan.loose.map((body, index) => topPage(writer, `loose:${index}`, body, false))
  const hidden = topPage(writer, 'hidden', plan.hidden, true)
  const inner = writer.finish()
  return {
    id: seededId('generated:workspace'),
    name: 'Generated',
    users: [{ id: USER_ID, name: 'Gen Erated', email: 'gen@example.com' }],
    databases: [...databases, ...inner.databases.map((page) => innerDatabase(page))],
    pages: [...rows, ...loose, hidden, ...inner.pages.map((page) => ({ ...page, ...TIMES }))],
  }
}

function columns() {
  return [
    { type: 'title', id: 'title', name: 'Name' },
    { type: 'checkbox', id: 'dOnE', name: 'Done' },
  ] satisfies DatabaseSeed['data_sources'][number]['properties']
}

function buildDatabase(sourceCount: number, index: number): DatabaseSeed {
  return {
    id: seededId(`generated:database:${index}`),
    parent: { type: 'workspace' },
    title: words(`Database ${index}`),
    data_sources: Array.from({ length: sourceCount }, (_unused, position) => ({
      id: seededId(`generated:source:${index}:${position}`),
      title: words(`Source ${index}.${position}`),
      properties: columns(),
    })),
    ...TIMES,
  }
}

function innerDatabase({ id, parent }: Pick<DatabaseSeed, 'id' | 'parent'>): DatabaseSeed {
  const source = { id: seededId(`source-of:${id}`), title: words('Inner'), properties: columns() }
  return { id, parent, title: words('Inner'), data_sources: [source], ...TIMES }
}

function topPage(writer: ShapeWriter, key: string, body: Shape[], isPrivate: boolean): PageSeed {
  const id = seededId(`generated:${key}`)
  return {
    id,
    parent: { type: 'workspace' },
    properties: { title: cell.title(key) },
    blocks: writer.write(body, { type: 'page_id', page_id: id }, isPrivate),
    private: isPrivate,
    ...TIMES,
  }
}
