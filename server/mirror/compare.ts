import type { MirroredTodo } from '#shared/todo/mirrored-todo'
import { countMirroredTodos, mirroredTodos, readMirrorMap } from '#server/db/mirror-rows'
import type { MirrorTable } from '#server/notion/mirror-rows'
import { rowHash } from '#server/notion/mirror-values'
import type { Known, Listing, Step } from './diff'
import { findLeftovers, indexOf, planRow } from './diff'
import type { MirrorRun } from './run'
import { takeTicksBack } from './tick-back'
import { RowWriter } from './writer'

/** A to-do on its way into the mirror. */
export interface PlannedRow {
  todo: MirroredTodo
  hash: string
}

/**
 * Compares list and mirror, a thousand to-dos at a time, and writes what differs. To-dos that have left go last,
 * when every other is known to have its row.
 *
 * @throws {MirrorMissing | NotionError | DatabaseError} when the run cannot go on
 */
export async function compareAll(
  run: MirrorRun,
  table: MirrorTable,
  sources: number[],
  listing: Listing,
): Promise<void> {
  const { context, mirror, tally } = run
  const { db } = context
  tally.total = await countMirroredTodos(db, mirror.userId, sources)
  const map = new Map((await readMirrorMap(db, mirror.id)).map((row) => [row.todoId, row]))
  const index = indexOf(listing)
  const writer = new RowWriter(run, table)
  const met = new Set<string>()
  for await (const batch of mirroredTodos(db, mirror.userId, sources)) {
    // The same to-do may be read through two connections.
    const unmet = batch.filter(({ todoId }) => !met.has(todoId) && met.add(todoId))
    const steps = unmet.map((todo) => {
      const planned = { todo, hash: rowHash(todo) }
      const wanted = { todoId: todo.todoId, hash: planned.hash, checked: todo.checked }
      return { planned, step: planRow(wanted, map.get(todo.todoId), index, mirror.tickBack) }
    })
    await take(run, writer, steps)
  }
  await writer.settle()
  await removeLeftovers(run, writer, met, listing)
}

interface Update {
  planned: PlannedRow
  pageId: string
  restore: boolean
}

async function take(
  run: MirrorRun,
  writer: RowWriter,
  steps: { planned: PlannedRow; step: Step }[],
): Promise<void> {
  const { tally } = run
  const toCreate: PlannedRow[] = []
  const toAdopt: { planned: PlannedRow; pageId: string }[] = []
  const toUpdate: Update[] = []
  const ticks: { planned: PlannedRow; checked: boolean }[] = []
  for (const { planned, step } of steps) {
    switch (step.do) {
      case 'keep':
        tally.done += 1
        break
      case 'create':
      case 'look':
        toCreate.push(planned)
        break
      case 'adopt':
        toAdopt.push({ planned, pageId: step.pageId })
        break
      case 'update':
        if (step.conflict) tally.conflicts += 1
        if (step.ticked !== undefined) ticks.push({ planned, checked: step.ticked })
        toUpdate.push({ planned, pageId: step.pageId, restore: step.restore })
    }
  }
  const taken = await takeTicksBack(run, ticks)
  const asTicked = ({ planned, ...row }: Update) => ({
    ...row,
    planned: taken.get(planned.todo.todoId) ?? planned,
  })
  await writer.update(toUpdate.map(asTicked))
  await writer.adopt(toAdopt)
  await writer.create(toCreate)
}

async function removeLeftovers(
  run: MirrorRun,
  writer: RowWriter,
  met: ReadonlySet<string>,
  listing: Listing,
): Promise<void> {
  const map: Known[] = await readMirrorMap(run.context.db, run.mirror.id)
  const { gone, doubles } = findLeftovers(met, map, listing)
  await writer.remove(gone, doubles)
}
