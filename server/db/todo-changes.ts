import { z } from 'zod'
import type { DoneProperty } from '#shared/schemas/database'
import { DonePropertySchema } from '#shared/schemas/database'
import type { ErrorCode } from '#shared/schemas/error'
import type { ChangeSource } from '#shared/schemas/history'
import type { ChangesReply, WriteAction } from '#shared/schemas/todo'
import { ChangesReplySchema, TodoKindSchema } from '#shared/schemas/todo'
import type { RichTextSpan } from '#shared/todo/rich-text'
import type { Db } from './client'
import { DatabaseError, done, rows } from './client'
import type { Sql } from './pool'

/** What a person wants a to-do to be. */
export interface Wish {
  /** Notion's id. */
  id: string
  checked: boolean
  /** What they saw when they decided, or the beginning of it; without it, what is known here. */
  text?: string | undefined
}

/** A change on its way to Notion. */
export interface ClaimedTick {
  changeId: number
  notionId: string
  kind: 'block' | 'row'
  checked: boolean
  /** How often it was taken, this time included: names this attempt. */
  attempts: number
  /** How many attempts met a fault. */
  faults: number
  /** One of many: nobody waits for it alone. */
  bulk: boolean
  recordedAt: Date
  /** What the person saw when they decided; of a long text it may be the beginning. */
  text: string
  /** What Notion had then, as far as it was known. */
  baseChecked: boolean | null
  /** Decided on an old view of things: what contradicts it is not overwritten. */
  careful: boolean
  /** The person has seen what Notion has, and insists. */
  insists: boolean
  /** Notion has said within the last minute what the to-do is, and it is what the person saw. */
  isKnown: boolean
  doneProperty: DoneProperty | null
}

/** A to-do as Notion has just said it is. */
export interface SeenTodo {
  checked: boolean
  text: string
  richText: RichTextSpan[]
  lastEditedTime: string
}

/** How an attempt ended; `pending` puts it back for later. */
export type TickOutcome =
  | { state: 'saved'; seen?: SeenTodo }
  | { state: 'conflict'; seen: SeenTodo }
  | { state: 'failed'; code: ErrorCode; seen?: SeenTodo }
  | { state: 'pending'; pauseMs?: number; isFault?: boolean; code?: ErrorCode }

/**
 * Makes changes durable as one entry: history, outbox and cached state in one transaction. Straight to PostgreSQL,
 * because somebody waits for the answer with every click.
 *
 * @param request.clientId the same one again answers what the first was answered, and changes nothing
 * @throws {DatabaseError}
 */
export async function recordChanges(
  sql: Sql,
  request: { userId: string; changes: Wish[]; source: ChangeSource; clientId?: string | undefined },
): Promise<ChangesReply> {
  const { userId, changes, source, clientId = null } = request
  const wishes = JSON.stringify(changes.map(({ id, checked, text }) => ({ id, checked, text })))
  const { rows: answers } = await sql
    .query<{ answer: unknown }>({
      name: 'record-changes',
      text: 'select public.record_changes($1, $2, $3, $4) as answer',
      values: [userId, wishes, source, clientId],
    })
    .catch((error: unknown) => {
      throw new DatabaseError('todoChanges.record', codeOf(error))
    })
  return ChangesReplySchema.parse(answers[0]?.answer)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreachable'
}

/**
 * Takes an entry back, or those to-dos of it that are named, as an entry of its own. Those that are not as the
 * entry left them are refused.
 *
 * @returns null when there is no such entry of this user
 * @throws {DatabaseError}
 */
export async function undoChanges(
  db: Db,
  request: { userId: string; entry: string; ids?: string[] | undefined; clientId?: string | undefined },
): Promise<ChangesReply | null> {
  const answer = await db.rpc('undo_changes', {
    p_user: request.userId,
    p_entry: request.entry,
    p_ids: request.ids,
    p_client: request.clientId,
  })
  done('todoChanges.undo', answer)
  return ChangesReplySchema.nullable().parse(answer.data)
}

/** Notion's ids of a connection's to-dos whose last change was refused for this reason. @throws {DatabaseError} */
export async function listRefusedTodos(db: Db, connectionId: number, code: ErrorCode): Promise<string[]> {
  const found = await db
    .from('todo')
    .select('notion_id')
    .eq('connection_id', connectionId)
    .eq('write_state', 'failed')
    .eq('write_error', code)
    .is('removed_at', null)
    .order('id')
  return rows('todoChanges.listRefused', found).map(({ notion_id }) => notion_id)
}

const ResolutionSchema = z.enum(['done', 'unknown', 'disconnected', 'changed'])
export type Resolution = z.infer<typeof ResolutionSchema>

/** Carries out what the person decided about a change that did not get through. @throws {DatabaseError} */
export async function resolveWrite(
  db: Db,
  request: { userId: string; notionId: string; action: WriteAction },
): Promise<Resolution> {
  return ResolutionSchema.parse(
    rows(
      'todoChanges.resolve',
      await db.rpc('resolve_write', {
        p_user: request.userId,
        p_notion_id: request.notionId,
        p_action: request.action,
      }),
    ),
  )
}

/**
 * Takes unsent changes of a connection whose time has come, one per to-do: single ones first, then the oldest.
 *
 * @param room.bulk how many of them may be parts of an action on many
 * @param worker the key of this process, by which others know whether it lives
 * @throws {DatabaseError}
 */
export async function claimTicks(
  db: Db,
  connectionId: number,
  room: { all: number; bulk: number },
  worker?: number,
): Promise<ClaimedTick[]> {
  const claimed = rows(
    'todoChanges.claim',
    await db.rpc('claim_ticks', {
      p_connection: connectionId,
      p_limit: room.all,
      p_bulk_limit: room.bulk,
      p_worker: worker,
    }),
  )
  return claimed.map((row) => ({
    changeId: row.change_id,
    notionId: row.notion_id,
    kind: TodoKindSchema.parse(row.kind),
    checked: row.checked,
    attempts: row.attempts,
    faults: row.faults,
    bulk: row.bulk,
    recordedAt: new Date(row.recorded_at),
    text: row.text,
    baseChecked: z.boolean().nullable().parse(row.base_checked),
    careful: row.careful,
    insists: row.insists,
    isKnown: row.is_known,
    doneProperty: DonePropertySchema.nullable().parse(row.done_property),
  }))
}

/**
 * Records how an attempt ended. One that is put back is superseded if the person has changed their mind since.
 * Ignored when the change was given to another sender meanwhile.
 *
 * @throws {DatabaseError}
 */
export async function finishTick(
  db: Db,
  { changeId, attempts }: Pick<ClaimedTick, 'changeId' | 'attempts'>,
  outcome: TickOutcome,
): Promise<void> {
  const seen = 'seen' in outcome ? outcome.seen : undefined
  done(
    'todoChanges.finish',
    await db.rpc('finish_tick', {
      p_change: changeId,
      p_attempt: attempts,
      p_state: outcome.state,
      p_error: 'code' in outcome ? outcome.code : undefined,
      p_seen: seen && {
        checked: seen.checked,
        text: seen.text,
        rich_text: seen.richText,
        last_edited_time: seen.lastEditedTime,
      },
      ...(outcome.state === 'pending' && {
        p_pause_ms: Math.round(outcome.pauseMs ?? 0),
        p_is_fault: outcome.isFault ?? false,
      }),
    }),
  )
}

/** Connections that have something to send now. @throws {DatabaseError} */
export async function listConnectionsWithDueTicks(db: Db): Promise<number[]> {
  return rows('todoChanges.due', await db.rpc('connections_with_due_ticks'))
}
