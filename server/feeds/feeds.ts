import { createHash, randomBytes } from 'node:crypto'
import type { FeedBody, FeedReply } from '#shared/schemas/feed'
import type { AppContext } from '#server/context'
import { deleteFeed, findOpenFeed, insertFeed, noteFeedUse } from '#server/db/calendar-feeds'
import { listSavedViews } from '#server/db/saved-views'
import { AppError } from '#server/errors/app-error'
import { hashedUser } from '#server/logging/logger'
import { selectTodos } from '#server/views/select'
import { toCalendar } from './calendar'

const TOKEN_BYTES = 32
const DAY_MS = 86_400_000

/**
 * Makes a secret address for a view. The token in it is told here and never again: what is stored is its hash.
 *
 * @throws {AppError} NOT_FOUND when the view is not the user's
 * @throws {DatabaseError} also for one feed too many
 */
export async function createFeed(
  { db, environment, log }: AppContext,
  userId: string,
  { lifetimeDays, ...feed }: FeedBody,
): Promise<FeedReply> {
  const views = await listSavedViews(db, userId, feed.viewId)
  if (views.length === 0) throw new AppError('NOT_FOUND')
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const expiresAt = lifetimeDays === undefined ? null : new Date(Date.now() + lifetimeDays * DAY_MS)
  const made = await insertFeed(db, userId, { ...feed, tokenHash: hashOf(token), expiresAt })
  log.info({ event: 'feed.made', feed: made.id, user: hashedUser(userId) })
  return { feed: made, url: new URL(`/api/feeds/${token}.ics`, environment.BASE_URL).href }
}

/** Ends a feed at once. @throws {AppError} NOT_FOUND @throws {DatabaseError} */
export async function revokeFeed({ db, log }: AppContext, userId: string, id: number): Promise<void> {
  if (!(await deleteFeed(db, userId, id))) throw new AppError('NOT_FOUND')
  log.info({ event: 'feed.revoked', feed: id, user: hashedUser(userId) })
}

/**
 * What a calendar gets for a token.
 *
 * @throws {AppError} NOT_FOUND when it was revoked, has run out or never was; TOO_MANY_REQUESTS
 * @throws {DatabaseError}
 */
export async function readFeed(context: AppContext, token: string): Promise<string> {
  const { db, log, takeFromBudget } = context
  const now = new Date()
  const feed = await findOpenFeed(db, hashOf(token), now)
  if (!feed) throw new AppError('NOT_FOUND')
  await takeFromBudget('feed', String(feed.id))
  const { userId, timeZone } = feed
  const [saved] = await listSavedViews(db, userId, feed.viewId)
  if (!saved) throw new AppError('NOT_FOUND')
  const { todos } = await selectTodos(db, db, { userId, view: saved.view, now, timeZone })
  await noteFeedUse(db, feed.id, now)
  log.info({ event: 'feed.read', feed: feed.id, user: hashedUser(userId), todos: todos.length })
  return toCalendar(todos, { ...feed, name: `${saved.name} · Roundup` })
}

/** The token is 256 random bits, so a plain hash cannot be turned round. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
