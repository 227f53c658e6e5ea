import type { Client } from '@notionhq/client'
import type { ClaimedTick, SeenTodo, TickOutcome } from '#server/db/todo-changes'
import { AppError } from '#server/errors/app-error'
import { lookAtBlock, lookAtRow, setBlockChecked, setRowDone } from '#server/notion/write'
import { judge } from './judge'

/**
 * Brings Notion to what the person wants, unless it is so already or contradicts what they decided about. Looks
 * first, unless Notion has just said what the to-do is.
 *
 * @throws {NotionError}
 * @throws {AppError} CONFLICT when nobody can say any more what "done" means for this row
 */
export async function sendTick(client: Client, tick: ClaimedTick): Promise<TickOutcome> {
  if (!tick.isKnown) {
    const seen = await look(client, tick)
    const verdict = judge(tick, seen)
    if (verdict === 'done') return { state: 'saved', seen }
    if (verdict === 'conflict') return { state: 'conflict', seen }
  }
  return { state: 'saved', seen: await write(client, tick) }
}

async function look(client: Client, tick: ClaimedTick): Promise<SeenTodo> {
  if (tick.kind === 'block') return lookAtBlock(client, tick.notionId)
  const row = await lookAtRow(client, tick.notionId, doneProperty(tick))
  if (!row) throw new AppError('CONFLICT')
  return row
}

function write(client: Client, tick: ClaimedTick): Promise<SeenTodo> {
  return tick.kind === 'block'
    ? setBlockChecked(client, tick.notionId, tick.checked)
    : setRowDone(client, tick.notionId, doneProperty(tick), tick.checked)
}

/** The database's choice of a done property may have been taken back meanwhile. */
function doneProperty(tick: ClaimedTick): NonNullable<ClaimedTick['doneProperty']> {
  if (!tick.doneProperty) throw new AppError('CONFLICT')
  return tick.doneProperty
}
