import { randomUUID } from 'node:crypto'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeConnection } from '../../server/db/connections.ts'
import { insertFeed } from '../../server/db/calendar-feeds.ts'
import { listRules } from '../../server/db/list-rules.ts'
import { insertSavedView } from '../../server/db/saved-views.ts'
import { listSources } from '../../server/db/sources.ts'
import { createTodoList, listConnectionsRead } from '../../server/db/todo-lists.ts'
import { listSourceIds } from '../../server/db/todos.ts'
import { toAppError } from '../../server/errors/to-app-error.ts'
import { FEEDS_MAX } from '../../shared/schemas/feed.ts'
import { LISTS_MAX } from '../../shared/schemas/todo-list.ts'
import { SAVED_VIEWS_MAX } from '../../shared/schemas/view.ts'
import {
  addDatabase,
  one,
  openPostgres,
  openServiceDb,
  signUpMember,
  tokenRecord,
} from '../support/database.ts'

const db = openServiceDb()
let pool: Pool
beforeAll(() => {
  pool = openPostgres()
})
afterAll(() => pool.end())

const VIEW = { query: '', group: 'page', sort: 'due', show: 'all' } as const

async function reader() {
  const { id: userId } = await signUpMember()
  const connectionId = await storeConnection(db, userId, tokenRecord())
  const { databaseId, dataSourceId } = await addDatabase(db, connectionId)
  return { userId, connectionId, databaseId, dataSourceId }
}

const addView = (userId: string) => insertSavedView(db, userId, { name: 'View', view: VIEW }, 1)

describe('one too many', () => {
  it.each([
    [
      'todo_list',
      LISTS_MAX,
      async () => {
        const { userId, dataSourceId } = await reader()
        return { userId, add: () => createTodoList(db, userId, 'List', [dataSourceId]) }
      },
    ],
    [
      'saved_view',
      SAVED_VIEWS_MAX,
      async () => {
        const { userId } = await reader()
        return { userId, add: () => addView(userId) }
      },
    ],
    [
      'calendar_feed',
      FEEDS_MAX,
      async () => {
        const { userId } = await reader()
        const { id: viewId } = await addView(userId)
        const feed = { viewId, contains: 'both', locale: 'en', timeZone: 'UTC', expiresAt: null } as const
        return { userId, add: () => insertFeed(db, userId, { ...feed, tokenHash: randomUUID() }) }
      },
    ],
  ] as const)(
    'of %s is refused, also of those that come at once; another person has their own',
    async (table, most, prepare) => {
      const { userId, add } = await prepare()
      const outcomes = await Promise.allSettled(Array.from({ length: most + 10 }, () => add()))
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [toAppError(outcome.reason)] : [],
      )
      expect(refused).toHaveLength(10)
      for (const error of refused) {
        expect(error).toMatchObject({ code: 'INVALID_REQUEST', issues: [{ path: '', code: 'too_many' }] })
      }
      const { count } = await one<{ count: string }>(
        pool,
        `select count(*) from public.${table} where user_id = $1`,
        [userId],
      )
      expect(Number(count)).toBe(most)
      const other = await prepare()
      await expect(other.add()).resolves.not.toBeNull()
    },
  )
})

describe('more rows than one answer of PostgREST holds', () => {
  const MANY = 1_050

  it('are all read: databases, those that lists read, and what is hidden', async () => {
    const { userId, connectionId, databaseId } = await reader()
    await pool.query(
      `insert into public.notion_database (user_id, connection_id, data_source_id, notion_database_id, name)
       select $1, $2, gen_random_uuid()::text, gen_random_uuid()::text, 'Database ' || n
       from generate_series(2, $3::integer) n`,
      [userId, connectionId, MANY],
    )
    expect((await listSources(db, userId)).databases).toHaveLength(MANY)

    for (let list = 0; list < 2; list += 1) {
      await pool.query(
        `with list as (insert into public.todo_list (user_id, name) values ($1, 'Half') returning id)
         insert into public.todo_list_source (list_id, database_id, user_id, position)
         select list.id, d.id, $1, d.place from list, (
           select id, row_number() over (order by id) as place from public.notion_database where user_id = $1
         ) d where d.place % 2 = $2`,
        [userId, list],
      )
    }
    expect(await listSourceIds(db, userId)).toHaveLength(MANY)
    expect(await listConnectionsRead(db, userId)).toEqual([connectionId])

    await pool.query(
      `with pages as (
         insert into public.page (user_id, connection_id, database_id, notion_page_id, url)
         select $1, $2, $3, gen_random_uuid()::text, 'https://www.notion.so/p' from generate_series(1, $4::integer)
         returning id
       )
       insert into public.list_rule (user_id, effect, page_id) select $1, 'hide', id from pages`,
      [userId, connectionId, databaseId, MANY],
    )
    expect(await listRules(db, userId)).toHaveLength(MANY)
  })
})
