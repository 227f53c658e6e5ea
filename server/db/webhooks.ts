import type { Sql } from './pool'

/** What an event says has happened, as far as it concerns reading. */
export interface ChangeNotice {
  id: string
  type: string
  occurredAt: Date
  workspaceId: string
  /** The bots that may see it; null where Notion does not say. */
  botIds: string[] | null
  /** Who did it, when bots alone did. */
  authorBotIds: string[] | null
  /** Pages whose properties or body may have changed. */
  pageIds: string[]
  /** Databases and data sources in which something changed. */
  placeIds: string[]
  /** The blocks that changed, where they are named. */
  updatedBlockIds: string[]
}

/**
 * Records an event and marks the pages it names as changed, in one transaction.
 *
 * @returns the connections that have something to read because of it; none for one that was seen before
 */
export async function recordChangeNotice(sql: Sql, notice: ChangeNotice): Promise<number[]> {
  const found = await sql.query<{ connection_id: string }>(
    `select roundup_internal.receive_webhook_event($1, $2, $3, $4, $5, $6, $7, $8, $9) as connection_id`,
    [
      notice.id,
      notice.type,
      notice.occurredAt,
      notice.workspaceId,
      notice.botIds,
      notice.authorBotIds,
      notice.pageIds,
      notice.placeIds,
      notice.updatedBlockIds,
    ],
  )
  return found.rows.map((row) => Number(row.connection_id))
}

/** The stored verification token, as ciphertext. */
export async function findSealedWebhookToken(sql: Sql): Promise<string | null> {
  const found = await sql.query<{ token: string }>('select token from roundup_internal.webhook_token')
  return found.rows[0]?.token ?? null
}

/**
 * Keeps the first token that comes. Where it needs arming, whoever keeps it ends that.
 *
 * @returns false when there is one already, or when it is not armed
 */
export async function storeWebhookToken(
  sql: Sql,
  sealed: string,
  { needsArming }: { needsArming: boolean },
): Promise<boolean> {
  const stored = await sql.query(
    `with arming as (delete from roundup_internal.webhook_arming where until > now() returning true)
     insert into roundup_internal.webhook_token (token)
     select $1 where not $2::boolean or exists (select from arming)
     on conflict (only_one) do nothing`,
    [sealed, needsArming],
  )
  return stored.rowCount === 1
}

/** Lets a token in for so long, by the database's clock. @returns false when there is one already */
export async function armWebhooks(sql: Sql, minutes: number): Promise<boolean> {
  const armed = await sql.query(
    `insert into roundup_internal.webhook_arming (until)
     select now() + make_interval(mins => $1) where not exists (select from roundup_internal.webhook_token)
     on conflict (only_one) do update set until = excluded.until`,
    [minutes],
  )
  return armed.rowCount === 1
}

/** Puts a token that is stored under another key. */
export async function replaceWebhookToken(sql: Sql, from: string, to: string): Promise<void> {
  await sql.query('update roundup_internal.webhook_token set token = $2 where token = $1', [from, to])
}

/** Makes room for another handshake. @returns whether there was one */
export async function forgetWebhookToken(sql: Sql): Promise<boolean> {
  const forgotten = await sql.query('delete from roundup_internal.webhook_token')
  return forgotten.rowCount === 1
}
