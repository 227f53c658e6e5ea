import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BlockBuilder } from '../../sandbox/notion/block-builder.ts'
import { cell, childPage } from '../../sandbox/notion/seed-builders.ts'
import type { PageSeed } from '../../sandbox/notion/seed-format.ts'
import { findSyncJob, startSyncJob } from '#server/db/sync-jobs'
import { runSync } from '#server/sync/run'
import { liftBudget } from '../support/budget.ts'
import type { Instance, Linked, Member } from '../support/connection-lab.ts'
import {
  ledgerNow,
  linkWorkspace,
  newInstance,
  newMember,
  notionControl,
  openPool,
  readIntoList,
} from '../support/connection-lab.ts'
import type { SimpleWorkspace } from '../support/notion-workspace.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'

// R63: what an ordinary refresh cannot see, a sweep does, and search finds the pages no listing shows. The
// engine itself, on the database and the Notion of the run.

const pool = openPool()
const notion = notionControl()
let instance: Instance
let member: Member
let linked: Linked
let workspace: SimpleWorkspace

/** As every worker does: without it, the app would take these runs over. */
const WORKER = 4_711
let presence: PoolClient

beforeAll(async () => {
  await notion.settings({ rate_limit: 'off' })
  presence = await pool.connect()
  await presence.query('select pg_advisory_lock(7317, $1)', [WORKER])
})
beforeEach(async () => {
  instance = newInstance(pool)
  member = await newMember()
})
afterEach(() => notion.clearFaults())
afterAll(async () => {
  presence.release(true)
  await pool.end()
})

/** Has these rows read once, all of them, and a page that the first of them holds. */
async function read(
  rows: Parameters<typeof simpleWorkspace>[1],
  child?: Pick<PageSeed, 'id' | 'blocks'>,
): Promise<void> {
  workspace = simpleWorkspace(randomUUID(), rows)
  const [around] = workspace.seed.pages
  if (child && around) {
    const parent = { type: 'page_id', page_id: around.id } as const
    workspace.seed.pages.push({ ...around, ...child, parent, properties: { title: cell.title('Inside') } })
  }
  await notion.seed(workspace.seed)
  linked = await linkWorkspace(instance, member.userId, { workspaceId: workspace.seed.id })
  await liftBudget((sql, values) => pool.query(sql, values), linked.connectionId)
  await readIntoList(instance, member.userId, [linked.connectionId])
}

interface Ran {
  asked: string[]
  complete: boolean
  state: string
}

/** One run, and what Notion was asked in it. */
async function run(kind: 'ordinary' | 'sweep', prepare?: (jobId: number) => Promise<unknown>): Promise<Ran> {
  const { context } = instance
  const since = await ledgerNow(notion)
  const started = await startSyncJob(context.db, linked.connectionId, false, kind === 'sweep')
  const jobId = started?.jobId ?? 0
  await prepare?.(jobId)
  const request = { connectionId: linked.connectionId, jobId, worker: WORKER }
  await runSync(context, request, new AbortController().signal)
  const { entries } = await notion.ledger(since)
  const asked = entries
    .filter(({ botId }) => botId === linked.botId)
    .map(({ method, endpoint }) => `${method} ${endpoint}`)
  const job = await findSyncJob(context.db, jobId)
  return { asked, complete: job?.complete ?? false, state: job?.state ?? '' }
}

async function texts(kind = 'block'): Promise<string[]> {
  const { rows } = await pool.query<{ text: string }>(
    `select text from public.todo where connection_id = $1 and kind = $2 and removed_at is null order by text`,
    [linked.connectionId, kind],
  )
  return rows.map(({ text }) => text)
}

const QUERY = 'POST /v1/data_sources/{data_source_id}/query'
const CHILDREN = 'GET /v1/blocks/{block_id}/children'
const SEARCH = 'POST /v1/search'
const PAGE = 'GET /v1/pages/{page_id}'

/** As if the first reading had been yesterday. */
const yesterday = () =>
  pool.query("update public.page set read_at = read_at - interval '1 day' where connection_id = $1", [
    linked.connectionId,
  ])

describe('a sweep', () => {
  const many = Array.from({ length: 105 }, (_, n) => ({
    title: `Row ${n}`,
    blocks: (b: BlockBuilder) => [b.todo(`box ${n}`)],
  }))

  it('lets go of rows that have gone, in the trash or out of sight, and of nothing else', async () => {
    await read(many)
    await notion.edit({ op: 'trash', id: workspace.pageIds[3] ?? '' })
    await notion.edit({ op: 'unshare', id: workspace.pageIds[4] ?? '', bot_id: linked.botId })
    // An ordinary run asks for what was edited; what has gone is not among it.
    await run('ordinary')
    expect(await texts()).toHaveLength(105)

    const { asked, complete } = await run('sweep')
    const left = many.map((_, n) => `box ${n}`).filter((_, n) => n !== 3 && n !== 4)
    expect(await texts()).toEqual(left.toSorted())
    expect(await texts('row')).toHaveLength(103)
    // One listing of what changed, two of ids alone, and a second sign for each of the two.
    expect(asked.filter((request) => request === QUERY)).toHaveLength(3)
    expect(asked.filter((request) => request === PAGE)).toHaveLength(2)
    expect(complete).toBe(true)
  })

  it('removes nothing when the second sign cannot be had', async () => {
    await read(many)
    await notion.edit({ op: 'trash', id: workspace.pageIds[3] ?? '' })
    await notion.fault({ path: '/v1/pages/*', bot_id: linked.botId, what: { kind: 'status', status: 403 } })
    expect(await run('sweep')).toMatchObject({ state: 'done' })
    expect(await texts()).toHaveLength(105)
    await run('sweep')
    expect(await texts()).toHaveLength(104)
  })

  it('reads again what was not read for longest, and so heals an edit that left no trace', async () => {
    await read([
      { title: 'Quiet', blocks: (b) => [b.todo('as it was')] },
      { title: 'Fresh', blocks: (b) => [b.todo('the same')] },
    ])
    await yesterday()
    await pool.query(
      "update public.page set read_at = now() - interval '1 hour' where connection_id = $1 and title = 'Fresh'",
      [linked.connectionId],
    )
    // Through Notion's API, as another program would: the page's edit time stays.
    const block = workspace.seed.pages[0]?.blocks[0]?.id ?? ''
    const response = await fetch(`${notion.url}/v1/blocks/${block}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${linked.accessToken}`,
        'notion-version': '2026-03-11',
        'content-type': 'application/json',
      },
      body: JSON.stringify({ to_do: { rich_text: [{ text: { content: 'silently edited' } }] } }),
    })
    expect(response.status).toBe(200)
    expect((await run('ordinary')).asked).toEqual([QUERY])
    expect(await texts()).toEqual(['as it was', 'the same'])

    const { asked } = await run('sweep')
    expect(await texts()).toEqual(['silently edited', 'the same'])
    expect(asked).toEqual([QUERY, CHILDREN])
  })

  it('gives way when somebody asks for a run of their own', async () => {
    await read([{ title: 'Old', blocks: (b) => [b.todo('box')] }])
    await yesterday()
    const { asked } = await run('sweep', (jobId) =>
      pool.query('update public.integration_sync_jobs set again = true where id = $1', [jobId]),
    )
    // Its own listing, and that of the run that followed: no page was walked.
    expect(asked).toEqual([QUERY, QUERY])
  })
})

describe('pages that are no rows', () => {
  let inside: string
  beforeEach(async () => {
    const id = randomUUID()
    const builder = new BlockBuilder(id)
    const blocks = [builder.todo('inside'), builder.todo('stays')]
    inside = blocks[0]?.id ?? ''
    await read(
      [
        { title: 'Around', blocks: (b) => [b.todo('outside'), childPage(id)] },
        { title: 'Beside', blocks: (b) => [b.todo('beside')] },
      ],
      { id, blocks },
    )
    await yesterday()
  })

  it('are found by one search when they were edited, and walked alone', async () => {
    expect((await run('ordinary')).asked).toEqual([QUERY, SEARCH])
    await notion.edit({ op: 'set_text', block_id: inside, text: 'edited inside' })
    const { asked } = await run('ordinary')
    expect(asked.toSorted()).toEqual([CHILDREN, QUERY, SEARCH].toSorted())
    expect(await texts()).toEqual(['beside', 'edited inside', 'outside', 'stays'])
  })

  it.each([403, 500])('are found by the next search when this one is answered with %i', async (status) => {
    await notion.edit({ op: 'set_text', block_id: inside, text: 'edited inside' })
    await notion.fault({
      path: '/v1/search',
      times: status === 500 ? 5 : 1,
      bot_id: linked.botId,
      what: { kind: 'status', status: status as 403 | 500 },
    })
    expect(await run('ordinary')).toMatchObject({ state: 'done' })
    expect(await texts()).toContain('inside')
    await notion.clearFaults()
    await run('ordinary')
    expect(await texts()).toContain('edited inside')
  })
})
