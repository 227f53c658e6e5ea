import type { Client } from '@notionhq/client'
import type { RichTextSpan } from '#shared/todo/rich-text'
import { toPlainText } from '#shared/todo/rich-text'
import { normaliseNotionId } from '#shared/todo/notion-id'
import { parseBlock } from './block'
import { NotionError, toNotionError } from './errors'
import type { DoneProperty } from './reading'
import { pageSummary, rowToTodo } from './rows'

/** A to-do as Notion has just said it is. */
export interface TodoState {
  checked: boolean
  text: string
  richText: RichTextSpan[]
  lastEditedTime: string
}

/**
 * Ticks or unticks a to_do block. Only `checked` is sent: Notion replaces a field that is sent as a whole, and
 * the text sent back would lose its mentions (notion-api.md §5).
 * @throws NotionError; `invalid_reply` when Notion answers another block or state than asked for
 */
export async function setBlockChecked(client: Client, blockId: string, checked: boolean): Promise<TodoState> {
  const reply: unknown = await client.blocks
    .update({ block_id: blockId, to_do: { checked } })
    .catch(rethrowAsNotionError)
  const state = blockState(reply, blockId)
  if (state?.checked !== checked) throw new NotionError('invalid_reply')
  return state
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
): Promise<TodoState> {
  const value =
    doneProperty.type === 'checkbox'
      ? { checkbox: checked }
      : { status: { id: checked ? doneProperty.done : doneProperty.notDone } }
  const reply: unknown = await client.pages
    .update({ page_id: pageId, properties: { [doneProperty.id]: value } })
    .catch(rethrowAsNotionError)
  const state = rowState(reply, pageId, doneProperty)
  if (state?.checked !== checked) throw new NotionError('invalid_reply')
  return state
}

/**
 * Looks at a to_do block before it is written.
 * @throws NotionError; `not_found` also when it lies in the trash, or is no to-do any more
 */
export async function lookAtBlock(client: Client, blockId: string): Promise<TodoState> {
  const reply: unknown = await client.blocks.retrieve({ block_id: blockId }).catch(rethrowAsNotionError)
  const block = parseBlock(reply)
  if (!block) throw new NotionError('invalid_reply')
  const state = blockState(reply, blockId)
  if (!state) throw new NotionError('not_found')
  return state
}

/**
 * Looks at a row before it is written. `null` when it does not carry the property that means done (any more).
 * @throws NotionError; `not_found` also when it lies in the trash
 */
export async function lookAtRow(
  client: Client,
  pageId: string,
  doneProperty: DoneProperty,
): Promise<TodoState | null> {
  const reply: unknown = await client.pages.retrieve({ page_id: pageId }).catch(rethrowAsNotionError)
  if (pageSummary(reply).inTrash) throw new NotionError('not_found')
  return rowState(reply, pageId, doneProperty)
}

/** `null` for another block, or one that is no living to-do. */
function blockState(reply: unknown, blockId: string): TodoState | null {
  const block = parseBlock(reply)
  if (block?.id !== normaliseNotionId(blockId) || block.content.kind !== 'to_do') return null
  const { richText, checked } = block.content
  return { checked, text: toPlainText(richText), richText, lastEditedTime: block.lastEditedTime }
}

function rowState(reply: unknown, pageId: string, doneProperty: DoneProperty): TodoState | null {
  const row = rowToTodo(reply, doneProperty)
  if (row?.notionId !== normaliseNotionId(pageId)) return null
  const { checked, text, richText, lastEditedTime } = row
  return { checked, text, richText, lastEditedTime }
}

function rethrowAsNotionError(cause: unknown): never {
  throw toNotionError(cause)
}
