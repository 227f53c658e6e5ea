import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { listTodosOf } from '#server/todos/list'
import { snapshotJson } from '#server/todos/snapshot'
import { compress } from '#server/utils/compressed'
import type { Lab, Reader } from './lab.ts'

const TODOS_PER_PAGE = 5
const ROUNDS = 7
const WORDS =
  `answer ask book buy call check clean draft email finish invite meet order pay plan prepare print read repair
  reply review send sign sort test update write the a for with about before after garden invoice report slides tickets
  contract budget kitchen team customer release summer winter Monday Friday train flight doctor school window letter`.split(
    /\s+/,
  )

/** Fills a reader's database with to-dos as people write them, without asking Notion. */
export async function fillWithTodos(
  { pool }: Pick<Lab, 'pool'>,
  reader: Pick<Reader, 'userId' | 'connectionId'>,
  count: number,
): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    'select id from public.notion_database where connection_id = $1 limit 1',
    [reader.connectionId],
  )
  const databaseId = rows[0]?.id
  const pages = Math.ceil(count / TODOS_PER_PAGE)
  await pool.query(
    `insert into public.page (user_id, connection_id, database_id, notion_page_id, title, url, icon, last_edited_time, complete, read_at)
     select $1, $2, $3, p.id, p.title, 'https://www.notion.so/' || replace(p.id, '-', ''), '{"type":"emoji","emoji":"📄"}',
       now() - make_interval(mins => p.place::integer), true, now()
     from unnest($4::text[], $5::text[]) with ordinality as p (id, title, place)`,
    [
      reader.userId,
      reader.connectionId,
      databaseId,
      Array.from({ length: pages }, () => randomUUID()),
      Array.from({ length: pages }, (_, page) => sentence(page, 4)),
    ],
  )
  await pool.query(
    `with clock as (select public.next_change_seq($1) as seq), page as (
       select id, row_number() over (order by id desc) - 1 as place from public.page where connection_id = $2
     )
     insert into public.todo (user_id, connection_id, database_id, page_id, notion_id, kind, text, rich_text, checked,
       position, heading_path, due, people, tags, last_edited_time, seq)
     select $1, $2, $3, page.id, t.id, 'block', t.text, jsonb_build_array(jsonb_build_object('text', t.text)), t.place % 4 = 0,
       t.place % ${TODOS_PER_PAGE}, case when t.place % 3 = 0 then '{}' else array['Week', 'Part ' || t.place % 7] end,
       case when t.place % 5 = 0 then jsonb_build_object('start', '2026-11-' || lpad((1 + t.place % 28)::text, 2, '0'), 'source', 'mention') end,
       case when t.place % 10 = 0 then '[{"id":"11111111-1111-4111-8111-111111111111","name":"Ada"}]'::jsonb else '[]' end,
       case when t.place % 8 = 0 then array['home'] else '{}' end, now(), clock.seq
     from clock, unnest($4::text[], $5::text[]) with ordinality as t (id, text, place)
     join page on page.place = (t.place - 1) / ${TODOS_PER_PAGE}`,
    [
      reader.userId,
      reader.connectionId,
      databaseId,
      Array.from({ length: count }, () => randomUUID()),
      Array.from({ length: count }, (_, todo) => sentence(todo * 31 + 7, 7)),
    ],
  )
  await pool.query('analyze public.todo, public.page')
}

/** Words in an order that only the number decides, so that every run measures the same. */
function sentence(number: number, words: number): string {
  let state = number + 1
  const next = () => (state = (state * 48_271 + 11) % 2_147_483_647)
  return Array.from({ length: words }, () => WORDS[next() % WORDS.length]).join(' ')
}

async function best(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now()
    await work()
    times.push(performance.now() - startedAt)
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0
}

/** Bytes and server time of the whole list and of a delta, beside `GET /api/todos`. */
export async function snapshotFigures(
  lab: Lab,
  reader: Reader,
  note: (what: string, ours: string, bound: string, naive?: string) => void,
): Promise<void> {
  const count = 20_000
  await fillWithTodos(lab, reader, count)
  const { userId } = reader
  const db = { service: lab.db, user: lab.db }
  const meters = () => Promise.resolve([])
  const { json } = await snapshotJson(db, { userId }, meters)
  const plain = JSON.stringify(await listTodosOf(lab.db, { userId }))
  for (const encoding of ['br', 'gzip'] as const) {
    const { body } = await compress(json, encoding)
    const baseline = await compress(plain, encoding)
    note(
      `Snapshot of ${count} to-dos, ${encoding}`,
      `${megabytes(body.length)} (${megabytes(json.length)} plain)`,
      '≤ 1.5 MB',
      `${megabytes(plain.length)} as it is sent, ${megabytes(baseline.body.length)} compressed`,
    )
    const took = await best(async () => compress((await snapshotJson(db, { userId }, meters)).json, encoding))
    const naive = encoding === 'br' ? await best(() => listTodosOf(lab.db, { userId })) : undefined
    note(
      `Server time of that, ${encoding}, median of ${ROUNDS}`,
      `${took.toFixed(0)} ms`,
      '≤ 300 ms',
      naive === undefined ? '' : `${naive.toFixed(0)} ms`,
    )
  }
  const cursor = /"cursor" : "([^"]+)"/.exec(json)?.[1]
  const delta = await best(() => snapshotJson(db, { userId, cursor }, meters))
  const { json: unchanged } = await snapshotJson(db, { userId, cursor }, meters)
  note('Warm open, nothing changed', `${unchanged.length} bytes, ${delta.toFixed(0)} ms`, 'small')
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(2)} MB`
