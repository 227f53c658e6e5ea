import { randomUUID } from 'node:crypto'
import { CHANGES_MAX } from '#shared/schemas/todo'
import { rowHash } from '#server/notion/mirror-values'
import { changeTodos } from '#server/todos/tick'
import type { PlannedRow } from './compare'
import type { MirrorRun } from './run'

/**
 * Somebody ticked or unticked rows of the mirror: the to-dos follow, on the way every tick takes, as one entry of
 * the history.
 *
 * @returns the rows as they shall stand now, by to-do; those whose to-do cannot be ticked stay as they were planned
 * @throws {DatabaseError}
 */
export async function takeTicksBack(
  run: MirrorRun,
  ticks: { planned: PlannedRow; checked: boolean }[],
): Promise<Map<string, PlannedRow>> {
  const { context, mirror, tally } = run
  const taken = new Map<string, PlannedRow>()
  for (let at = 0; at < ticks.length; at += CHANGES_MAX) {
    const chunk = ticks.slice(at, at + CHANGES_MAX)
    const { accepted, refused } = await changeTodos(context, {
      userId: mirror.userId,
      changes: chunk.map(({ planned, checked }) => ({ id: planned.todo.todoId, checked })),
      source: 'mirror',
      clientId: randomUUID(),
    })
    for (const { code } of refused) tally.addError(code)
    tally.tickedBack += accepted.length
    const isAccepted = new Set(accepted)
    for (const { planned, checked } of chunk) {
      if (!isAccepted.has(planned.todo.todoId)) continue
      const todo = { ...planned.todo, checked }
      taken.set(todo.todoId, { todo, hash: rowHash(todo) })
    }
  }
  return taken
}
