import type { Feed, FeedBody } from '#shared/schemas/feed'
import { FeedContentSchema } from '#shared/schemas/feed'
import type { Db } from './client'
import { done, rows } from './client'

/** What has to be known to answer a calendar. */
export interface OpenFeed {
  id: number
  userId: string
  viewId: number
  contains: Feed['contains']
  locale: 'en' | 'de'
  timeZone: string
}

const FEED_COLUMNS = `id, view_id, contains, created_at, expires_at, last_used_at,
  view:saved_view!inner (name)` as const
const LAST_USED_PRECISION_MS = 60_000

/** A user's feeds, oldest first. @throws {DatabaseError} */
export async function listFeeds(db: Db, userId: string): Promise<Feed[]> {
  const found = await db.from('calendar_feed').select(FEED_COLUMNS).eq('user_id', userId).order('id')
  return rows('feeds.list', found).map(toFeed)
}

/** @param feed the view is the user's own, as the caller has checked @throws {DatabaseError} */
export async function insertFeed(
  db: Db,
  userId: string,
  feed: Omit<FeedBody, 'lifetimeDays'> & { tokenHash: string; expiresAt: Date | null },
): Promise<Feed> {
  const inserted = await db
    .from('calendar_feed')
    .insert({
      user_id: userId,
      view_id: feed.viewId,
      token_hash: feed.tokenHash,
      contains: feed.contains,
      locale: feed.locale,
      time_zone: feed.timeZone,
      expires_at: feed.expiresAt?.toISOString() ?? null,
    })
    .select(FEED_COLUMNS)
    .single()
  return toFeed(rows('feeds.insert', inserted))
}

/** @returns whether there was such a feed of this user @throws {DatabaseError} */
export async function deleteFeed(db: Db, userId: string, id: number): Promise<boolean> {
  const deleted = await db.from('calendar_feed').delete().eq('user_id', userId).eq('id', id).select('id')
  return rows('feeds.delete', deleted).length > 0
}

/** The feed of a token, unless it has run out. @throws {DatabaseError} */
export async function findOpenFeed(db: Db, tokenHash: string, now: Date): Promise<OpenFeed | null> {
  const found = rows(
    'feeds.find',
    await db
      .from('calendar_feed')
      .select('id, user_id, view_id, contains, locale, time_zone')
      .eq('token_hash', tokenHash)
      .or(`expires_at.is.null,expires_at.gt.${now.toISOString()}`),
  )[0]
  if (!found) return null
  return {
    id: found.id,
    userId: found.user_id,
    viewId: found.view_id,
    contains: FeedContentSchema.parse(found.contains),
    locale: found.locale === 'de' ? 'de' : 'en',
    timeZone: found.time_zone,
  }
}

/** Notes that a calendar has asked; to the minute, so that asking often writes little. @throws {DatabaseError} */
export async function noteFeedUse(db: Db, id: number, now: Date): Promise<void> {
  const before = new Date(now.getTime() - LAST_USED_PRECISION_MS).toISOString()
  done(
    'feeds.noteUse',
    await db
      .from('calendar_feed')
      .update({ last_used_at: now.toISOString() })
      .eq('id', id)
      .or(`last_used_at.is.null,last_used_at.lt.${before}`),
  )
}

interface FeedRow {
  id: number
  view_id: number
  contains: string
  created_at: string
  expires_at: string | null
  last_used_at: string | null
  view: { name: string }
}

function toFeed(row: FeedRow): Feed {
  return {
    id: row.id,
    viewId: row.view_id,
    viewName: row.view.name,
    contains: FeedContentSchema.parse(row.contains),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  }
}
