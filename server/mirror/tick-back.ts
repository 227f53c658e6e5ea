import { AppError } from '#server/errors/app-error'
import { rowHash } from '#server/notion/mirror-values'
import { tickTodo } from '#server/todos/tick'
import type { PlannedRow } from './compare'
import type { MirrorRun } from './run'

/**
 * Somebody ticked or unticked a row of the mirror: the to-do follows, on the way every tick takes.
 *
 * @returns the row as it shall stand now: with the tick, or without it where the to-do can no longer be ticked
 * @throws {DatabaseError}
 */
export async function takeTickBack(run: MirrorRun, row: PlannedRow, checked: boolean): Promise<PlannedRow> {
  const { context, mirror, tally } = run
  try {
    await tickTodo(context, { userId: mirror.userId, notionId: row.todo.todoId, checked })
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause
    tally.addError(cause.code)
    return row
  }
  tally.tickedBack += 1
  const todo = { ...row.todo, checked }
  return { todo, hash: rowHash(todo) }
}
