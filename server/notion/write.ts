import type { Client } from '@notionhq/client'
import { z } from 'zod'
import { normaliseNotionId } from '#shared/todo/notion-id'
import { NotionError, toNotionError } from './errors'
import { ReplyIdSchema, ReplyTimeSchema, UNKNOWN_TIME } from './fields'
import type { DoneProperty } from './reading'
import { rowToTodo } from './rows'

/** What Notion holds after a tick. */
export interface TickedState {
  checked: boolean
  lastEditedTime: string
}

const TickedBlockSchema = z.looseObject({
  id: ReplyIdSchema,
  type: z.literal('to_do'),
  last_edited_time: ReplyTimeSchema.catch(UNKNOWN_TIME),
  to_do: z.looseObject({ checked: z.boolean() }),
})

/**
 * Ticks or unticks a to_do block. Only `checked` is sent: Notion replaces a field that is sent as a whole, and
 * the text sent back would lose its mentions (notion-api.md §5).
 * @throws NotionError; `invalid_reply` when Notion answers another block or state than asked for
 */
export async function setBlockChecked(
  client: Client,
  blockId: string,
  checked: boolean,
): Promise<TickedState> {
  const reply: unknown = await client.blocks
    .update({ block_id: blockId, to_do: { checked } })
    .catch(rethrowAsNotionError)
  const block = TickedBlockSchema.safeParse(reply)
  if (
    !block.success ||
    block.data.id !== normaliseNotionId(blockId) ||
    block.data.to_do.checked !== checked
  ) {
    throw new NotionError('invalid_reply')
  }
  return { checked, lastEditedTime: block.data.last_edited_time }
}

/**
 * Marks a row done or not done through its own property, and touches no other.
 * @throws NotionError; `invalid_reply` when Notion answers another row or state than asked for
 */
export async function setRowDone(
  client: Client,
  pageId: string,
  doneProperty: DoneProperty,
  checked: boolean,
): Promise<TickedState> {
  const value =
    doneProperty.type === 'checkbox'
      ? { checkbox: checked }
      : { status: { id: checked ? doneProperty.done : doneProperty.notDone } }
  const reply: unknown = await client.pages
    .update({ page_id: pageId, properties: { [doneProperty.id]: value } })
    .catch(rethrowAsNotionError)
  const row = rowToTodo(reply, doneProperty)
  if (!row || row.notionId !== normaliseNotionId(pageId) || row.checked !== checked) {
    throw new NotionError('invalid_reply')
  }
  return { checked, lastEditedTime: row.lastEditedTime }
}

function rethrowAsNotionError(cause: unknown): never {
  throw toNotionError(cause)
}
