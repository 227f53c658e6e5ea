import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { listTodos, readChangeSeq } from '../../../server/db/todos.ts'
import type { Member, Workspace } from '../../support/database.ts'
import {
  addDatabase,
  makeWorkspace,
  one,
  openPostgres,
  openServiceDb,
  signUpMember,
} from '../../support/database.ts'

// How PostgreSQL goes about the queries that many to-dos make slow. Plans are asserted, times only printed:
// as ratios measured side by side.

const OWN = 20_000
const PAGES = 400
const DATABASES = 4
const OTHERS = 40

let pool: Pool
let member: Member
let workspace: Workspace
const databaseIds: number[] = []
beforeAll(async () => {
  pool = openPostgres()
  // What other files left behind would be walked over, and counted, wherever it lies before ours.
  await pool.query('delete from auth.users')
  member = await signUpMember()
  workspace = await makeWorkspace(openServiceDb(), member.id)
  databaseIds.push(workspace.databaseId)
  while (databaseIds.length < DATABASES) {
    databaseIds.push((await addDatabase(openServiceDb(), workspace.connectionId)).databaseId)
  }
  for (const databaseId of databaseIds)
    await fill({ ...workspace, databaseId }, PAGES / DATABASES, OWN / PAGES)
  await pool.query('insert into auth.users (id) select gen_random_uuid() from generate_series(1, $1)', [
    OTHERS,
  ])
  const { rows } = await pool.query<{ id: string }>(
    'select p.id from profiles p join auth.users u using (id) where u.email is null',
  )
  for (const { id } of rows) await fill(await makeWorkspace(openServiceDb(), id), 20, 50)
  // Every row is in the sample, so that chance has no say in which plan is taken.
  await pool.query('set default_statistics_target = 10000; analyze; reset default_statistics_target')
})
afterAll(() => pool.end())

/** Stores pages and to-dos as if they had been read. */
async function fill(
  { userId, connectionId, databaseId, jobId }: Workspace,
  pages: number,
  todosEach: number,
) {
  await pool.query(
    `with pages as (
       insert into page (user_id, connection_id, database_id, notion_page_id, url, title, listed_by_job, last_edited_time)
       select $1, $2, $3, gen_random_uuid(), 'https://www.notion.so/a-page', 'Page ' || n, $4, now() - n * interval '1 minute'
       from generate_series(1, $5::int) n returning id
     )
     insert into todo (user_id, connection_id, database_id, page_id, notion_id, kind, text, checked, position, seq)
     select $1, $2, $3, id, gen_random_uuid(), 'block', 'A to-do of an ordinary length, number ' || n, n % 3 = 0, n, n
     from pages cross join generate_series(1, $6::int) n`,
    [userId, connectionId, databaseId, jobId, pages, todosEach],
  )
  await pool.query('update profiles set change_seq = $2 where id = $1', [userId, todosEach])
}

const PlanSchema = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Plan Rows': z.number(),
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().optional(),
  get Plans() {
    return z.array(PlanSchema).optional()
  },
})
type Plan = z.infer<typeof PlanSchema>

/** The steps of a query as somebody signed in runs it, outermost first. */
async function explain(sql: string): Promise<Plan[]> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query("select set_config('request.jwt.claims', $1, true)", [
      JSON.stringify({ sub: member.id }),
    ])
    await client.query('set local role authenticated')
    const { rows } = await client.query(`explain (analyze, format json) ${sql}`)
    return flatten(
      z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: PlanSchema })) })).parse(rows)[0]?.[
        'QUERY PLAN'
      ][0]?.Plan,
    )
  } finally {
    await client.query('rollback')
    client.release()
  }
}

function flatten(plan: Plan | undefined): Plan[] {
  return plan ? [plan, ...(plan.Plans ?? []).flatMap(flatten)] : []
}

/** Rows of a table that were looked at. */
function touched(plan: Plan[], table: string): number {
  return plan
    .filter((step) => step['Relation Name'] === table)
    .reduce(
      (sum, step) =>
        sum + (step['Actual Rows'] + (step['Rows Removed by Filter'] ?? 0)) * step['Actual Loops'],
      0,
    )
}

/** As PostgREST puts the queries of listTodos: embedded rows are lateral joins. */
const todosQuery = (condition: string) => `
  select t.id, t.text, row_to_json(p.*), row_to_json(d.*) from public.todo t
  left join lateral (select x.id, x.title from public.page x where x.id = t.page_id) p on true
  left join lateral (select x.data_source_id from public.notion_database x where x.id = t.database_id) d on true
  where t.user_id = '${member.id}' and t.database_id in (${databaseIds.join()}) and ${condition}
  order by t.id limit 1000`

describe(`of ${OWN} to-dos among those of ${OTHERS} other people`, () => {
  it('a batch reads about as many rows as it answers, wherever it begins', async () => {
    const { middle } = await one<{ middle: string }>(
      pool,
      'select percentile_disc(0.5) within group (order by id) as middle from todo where user_id = $1',
      [member.id],
    )
    for (const after of ['0', middle]) {
      const plan = await explain(todosQuery(`t.id > ${after} and t.removed_at is null`))
      expect(plan[0]?.['Actual Rows']).toBe(1000)
      // Which of two indexes is taken hangs on the planner's sample; neither looks at much that is not asked for.
      expect(touched(plan, 'todo')).toBeLessThan(4_000)
      expect(plan.map((step) => step['Node Type'])).not.toContain('Sort')
    }
  })

  it('a delta reads what changed', async () => {
    const plan = await explain(todosQuery(`t.id > 0 and t.seq > ${OWN / PAGES - 1}`))
    expect(plan[0]?.['Actual Rows']).toBe(PAGES)
    expect(touched(plan, 'todo')).toBeLessThanOrEqual(2 * PAGES)
    const none = await explain(todosQuery(`t.id > 0 and t.seq > ${OWN}`))
    expect(touched(none, 'todo')).toBe(0)
  })

  it('costs less when less is asked for', { timeout: 120_000 }, async () => {
    const seq = await readChangeSeq(member.db, member.id)
    const read = {
      whole: () => listTodos(member.db, member.id, databaseIds),
      'a delta of 400': () => listTodos(member.db, member.id, databaseIds, seq - 1),
      'an empty delta': () => listTodos(member.db, member.id, databaseIds, seq),
    }
    expect((await read.whole()).todos).toHaveLength(OWN)
    expect((await read['a delta of 400']()).todos).toHaveLength(PAGES)
    expect((await read['an empty delta']()).todos).toEqual([])
    const times = new Map<string, number>()
    for (let round = 0; round < 3; round++) {
      for (const [name, run] of Object.entries(read)) {
        const start = performance.now()
        await run()
        times.set(name, Math.min(times.get(name) ?? Infinity, performance.now() - start))
      }
    }
    const whole = times.get('whole') ?? 0
    const ratios = [...times].map(([name, time]) => `${name} 1/${(whole / time).toFixed(1)}`)
    process.stdout.write(
      `${OWN} to-dos through the REST interface, relative to reading them whole: ${ratios.join(', ')}\n`,
    )
  })
})

describe('a run', () => {
  it('finds the next pages to read among those of its own database alone', async () => {
    const plan = await explain(`
      select id from public.page where database_id in (${workspace.databaseId}) and listed_by_job = ${workspace.jobId}
        and (read_by_job is null or read_by_job <> ${workspace.jobId}) and trashed_at is null
      order by last_edited_time desc nulls last, id limit 50`)
    expect(touched(plan, 'page')).toBeLessThanOrEqual(PAGES)
  })
})
