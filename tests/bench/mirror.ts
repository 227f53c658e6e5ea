import { createMirror, listMirrors } from '#server/db/mirrors'
import { requestMirrorRun } from '#server/db/mirror-runs'
import { runMirror } from '#server/mirror/run'
import { editAsPerson } from '../../sandbox/notion/control-edits.ts'
import { liftBudget } from '../support/budget.ts'
import { pagesOf } from '../support/notion/pages-of.ts'
import { runEngine } from './child.ts'
import { newReader, type Lab, type Reader } from './lab.ts'

/** Of each page three boxes and the row itself. */
const TODOS_PER_PAGE = 4

/** What keeping a mirror costs: made, unchanged, with one to-do of a hundred changed, and after an answer was lost. */
export async function mirror(
  lab: Lab,
  pages: number,
  note: (what: string, ours: string, bound: string) => void,
): Promise<void> {
  const count = pages * TODOS_PER_PAGE
  const workspace = pagesOf(`mirror-${pages}`, pages)
  const reader = await newReader(lab, workspace.seed)
  await runEngine(lab, reader)
  await liftBudget((sql, values) => lab.pool.query(sql, values), reader.connectionId)
  const parent = { id: workspace.pageIds[0] ?? '', title: 'Page 0' }
  const { userId, listId, connectionId } = reader
  const made = await createMirror(lab.db, { userId, listId, connectionId, parent, tickBack: false })
  if (!made) throw new Error('The mirror was not made')

  lab.notion.world.faults.add({
    method: 'POST',
    path: '/v1/pages',
    skip: Math.floor(count / 2),
    what: { kind: 'status', status: 503, after_commit: true },
  })
  const first = await run(lab, reader, made.id, true)
  lab.notion.world.faults.clear()
  const rows = rowCount(lab)
  note(
    `Mirror of ${count} to-dos, one answer lost: writes, rows`,
    `${first.writes}, ${rows}`,
    `${count} + 1 for the database, ${count}`,
  )

  const second = await run(lab, reader, made.id, true)
  note(
    `Mirror of ${count} to-dos, nothing changed: writes, reads`,
    `${second.writes}, ${second.reads}`,
    `0, ≤ ${Math.ceil(count / 100)} + 1`,
  )

  const changed = Math.floor(count / 100)
  for (const page of (workspace.seed.pages ?? []).slice(0, changed)) {
    const block_id = page.blocks[1]?.id ?? ''
    editAsPerson(lab.notion.world, { op: 'set_text', block_id, text: 'Edited' })
  }
  await runEngine(lab, reader)
  const third = await run(lab, reader, made.id, false)
  note(
    `Mirror of ${count} to-dos, ${changed} changed: writes, reads`,
    `${third.writes}, ${third.reads}`,
    `${changed}, 1`,
  )
}

async function run(
  lab: Lab,
  { userId, botId }: Reader,
  mirrorId: number,
  full: boolean,
): Promise<{ writes: number; reads: number }> {
  const since = lab.notion.world.ledger.entries().at(-1)?.seq ?? 0
  await requestMirrorRun(lab.db, mirrorId, full)
  await runMirror(lab.context, { mirrorId }, new AbortController().signal)
  const [state] = await listMirrors(lab.db, userId, mirrorId)
  if (state?.state !== 'ready') throw new Error(`The mirror is ${state?.state} (${state?.code})`)
  const asked = lab.notion.world.ledger.entries(since).filter((entry) => entry.botId === botId)
  const isWrite = ({ method, path }: { method: string; path: string }) =>
    method !== 'GET' && !path.endsWith('/query') && !path.endsWith('/search')
  const writes = asked.filter(isWrite).length
  return { writes, reads: asked.length - writes }
}

/** Rows of the one mirror there is. */
function rowCount({ notion }: Lab): number {
  const { store } = notion.world
  const sources = [...store.nodes.values()].filter((node) => node.kind === 'data_source')
  const ours = sources.find(({ properties }) => properties.some(({ name }) => name === 'To-do ID'))
  return (ours?.rowIds ?? []).filter((id) => store.page(id)?.inTrash === false).length
}
