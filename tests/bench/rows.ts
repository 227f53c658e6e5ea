import { randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { changeTodos } from '#server/todos/tick'
import { findFreePort } from '../../sandbox/stack/ports.ts'
import { pagesOf } from '../support/notion/pages-of.ts'
import { startApp } from '../support/app.ts'
import { runEngine } from './child.ts'
import { ask, newReader, runEnds, startWorker, type Lab, type Reader } from './lab.ts'
import { fillWithTodos } from './snapshot.ts'
import type { Note } from './waiting.ts'

/** Read by the engine, so that everything that a reading leaves behind is there. */
const READ_PAGES = 1_000
/** And as people write them, so many that what a table costs without rows does not show. */
const TODOS = 100_000
const TICKS = 5_000
const PER_REQUEST = 500
const ROWS_MIN = 1_000
const REFRESHED = 60
const RUNS = 5_000

/** What a row costs in PostgreSQL, indexes and TOAST included, and how many connections an instance holds. */
export async function rowFigures(lab: Lab, note: Note): Promise<void> {
  const synced = await newReader(lab, pagesOf('rows-read', READ_PAGES).seed)
  await runEngine(lab, synced)
  const writer = await newReader(lab, pagesOf('rows-written', 1).seed)
  await fillWithTodos(lab, writer, TODOS)
  await tick(lab, writer)
  await refreshes(lab, note)
  await copyRuns(lab, synced)
  await lab.pool.query('vacuum full analyze')
  for (const { table, rows, heap, indexes } of await sizes(lab)) {
    if (rows < ROWS_MIN) continue
    const each = Math.round((heap + indexes) / rows)
    note(
      `Bytes a row of ${table}, ${rows} rows`,
      `${each} (${Math.round(indexes / rows)} of them indexes)`,
      '',
    )
  }
  await connections(lab, note)
}

async function tick({ context }: Lab, { userId, connectionId }: Reader): Promise<void> {
  const { rows } = await context.sql.query<{ notion_id: string }>(
    'select notion_id from public.todo where connection_id = $1 order by id limit $2',
    [connectionId, TICKS],
  )
  for (let from = 0; from < rows.length; from += PER_REQUEST) {
    const changes = rows
      .slice(from, from + PER_REQUEST)
      .map(({ notion_id: id }) => ({ id, checked: (from / PER_REQUEST) % 2 === 0 }))
    await changeTodos(context, { userId, changes, source: 'list', clientId: randomUUID() })
  }
}

/** Readings that find nothing changed, which is what the clock asks for most, against a Notion that answers at once. */
async function refreshes(lab: Lab, note: Note): Promise<void> {
  const readers: Reader[] = []
  for (let index = 0; index < REFRESHED; index += 1)
    readers.push(await newReader(lab, pagesOf(`rows-refresh-${index}`, 10).seed))
  const worker = await startWorker(lab)
  const all = async () => {
    for (const reader of readers) await ask(lab, reader)
    for (const reader of readers) await runEnds(lab, reader)
  }
  await all()
  const startedAt = performance.now()
  await all()
  const each = (performance.now() - startedAt) / REFRESHED
  await worker.stop()
  note(
    'An unchanged refresh, one worker after the other',
    `${each.toFixed(0)} ms, ${(1_000 / each).toFixed(1)} a second`,
    '',
  )
}

/** As many runs as a month of the clock leaves behind, or as one has time to wait for. */
async function copyRuns({ pool }: Lab, { connectionId }: Reader): Promise<void> {
  await pool.query(
    `insert into public.integration_sync_jobs overriding system value
     select (jsonb_populate_record(j, jsonb_build_object('id', j.id + 1000000 + n))).*
     from public.integration_sync_jobs j, generate_series(1, $2) n
     where j.id = (select max(id) from public.integration_sync_jobs where connection_id = $1)`,
    [connectionId, RUNS],
  )
}

async function sizes({ pool }: Lab) {
  const { rows } = await pool.query<{ table: string; rows: string; heap: string; indexes: string }>(
    `select n.nspname || '.' || c.relname as table, greatest(c.reltuples, 0)::bigint as rows,
       pg_table_size(c.oid) as heap, pg_indexes_size(c.oid) as indexes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname in ('public', 'roundup_internal', 'pgboss')
     order by 2 desc, 1`,
  )
  return rows.map(({ table, ...numbers }) => ({
    table,
    rows: Number(numbers.rows),
    heap: Number(numbers.heap),
    indexes: Number(numbers.indexes),
  }))
}

/** Of one instance that serves and works, at rest and while it is asked. */
async function connections(lab: Lab, note: Note): Promise<void> {
  const count = async () => {
    const { rows } = await lab.pool.query<{ count: string }>(
      "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    )
    return Number(rows[0]?.count)
  }
  const before = await count()
  const port = await findFreePort()
  const app = await startApp(port, { ...lab.environment, BASE_URL: `http://localhost:${port}` })
  try {
    await Promise.all(Array.from({ length: 50 }, () => fetch(`${app.url}/api/health`)))
    note(
      'PostgreSQL connections that a second instance opens of its own',
      String((await count()) - before),
      '',
    )
  } finally {
    await app.stop()
  }
}
