import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { withConnection } from '#server/connections/vault'
import { requestMirrorRun } from '#server/db/mirror-runs'
import { createMirror, listMirrors } from '#server/db/mirrors'
import { runMirror } from '#server/mirror/run'
import { isReadablePage, rowTitle } from '#server/notion/rows'
import type { Mirror } from '../../shared/schemas/mirror.ts'
import {
  MirrorParentsReplySchema,
  MirrorReplySchema,
  MirrorsReplySchema,
} from '../../shared/schemas/mirror.ts'
import type { Browser } from '../support/browser.ts'
import { linkWorkspace, newInstance, newMember, openPool, readIntoList } from '../support/connection-lab.ts'
import { expectRefusal } from '../support/envelope.ts'
import { eventually } from '../support/eventually.ts'
import { Inspector } from '../support/inspector.ts'
import { killEverywhere } from '../support/killed-flow.ts'
import { NotionControl } from '../support/notion-control.ts'
import { simpleWorkspace } from '../support/notion-workspace.ts'
import type { Reader } from '../support/reader.ts'
import { newReader } from '../support/reader.ts'

// R74–R78 over HTTP, and kill -9 at every request of a run.

const PATIENCE_MS = 400_000
const pool = openPool()
const notion = new NotionControl(inject('environment').NOTION_API_URL ?? '')
let database: Inspector
let ann: Reader
let bob: Reader

beforeAll(async () => {
  database = await Inspector.open(inject('environment').DATABASE_URL, inject('sandboxDir'))
  await notion.settings({ rate_limit: 'off' })
  const world = { appUrl: inject('appUrl'), notion, database }
  ann = await newReader('mirror ann', world)
  bob = await newReader('mirror bob', world)
})
afterAll(async () => {
  await database.close()
  await pool.end()
})

const bodyFor = ({ listId, connectionId, workspace }: Reader) => ({
  listId,
  connectionId,
  parentPageId: workspace.pageIds[0],
})

async function readMirror(browser: Browser, id: number): Promise<Mirror> {
  return MirrorReplySchema.parse((await browser.get(`/api/mirrors/${id}`)).json).mirror
}

/** Waits for the run under way. */
function settled(browser: Browser, id: number): Promise<Mirror> {
  return eventually(
    'the end of the run',
    async () => {
      const mirror = await readMirror(browser, id)
      return mirror.state !== 'waiting' && mirror.state !== 'running' && mirror
    },
    100_000,
  )
}

describe('a list', () => {
  it(
    'is mirrored under a page that was searched for, followed after readings, and let go',
    { timeout: 200_000 },
    async () => {
      const { browser } = ann
      const found = MirrorParentsReplySchema.parse(
        (await browser.get('/api/mirror-parents?query=first')).json,
      )
      expect(found.parents.map(({ id, title }) => [id, title])).toEqual([[ann.workspace.pageIds[0], 'First']])
      const link = `https://www.notion.so/Second-${ann.workspace.pageIds[1]?.replaceAll('-', '')}`
      const linked = await browser.get(`/api/mirror-parents?query=${encodeURIComponent(link)}`)
      expect(MirrorParentsReplySchema.parse(linked.json).parents.map(({ title }) => title)).toEqual([
        'Second',
      ])

      const { mirror } = MirrorReplySchema.parse((await browser.post('/api/mirrors', bodyFor(ann))).json)
      const made = await settled(browser, mirror.id)
      expect(made).toMatchObject({
        state: 'ready',
        result: { created: 6, errors: [] },
        parent: { title: 'First' },
      })
      // Asked for again, it is the same one.
      const again = await browser.post('/api/mirrors', bodyFor(ann))
      expect(MirrorReplySchema.parse(again.json).mirror.id).toBe(mirror.id)

      // What is ticked in Notion comes with the next reading, by itself.
      const [block] = ann.workspace.seed.pages[0]?.blocks ?? []
      await notion.edit({ op: 'set_text', block_id: block?.id ?? '', text: 'one, edited' })
      await browser.post('/api/sync', {})
      await eventually(
        'the mirror to follow',
        async () => (await readMirror(browser, mirror.id)).result?.updated === 1,
        60_000,
      )

      expect((await browser.put(`/api/mirrors/${mirror.id}`, { tickBack: true })).status).toBe(200)
      expect((await browser.post(`/api/mirrors/${mirror.id}/sync`)).status).toBe(202)
      expect(await settled(browser, mirror.id)).toMatchObject({ tickBack: true, result: { unchanged: 6 } })

      expect((await browser.delete(`/api/mirrors/${mirror.id}?database=trash`)).status).toBe(204)
      expectRefusal(await browser.get(`/api/mirrors/${mirror.id}`), 'NOT_FOUND')
      expect(MirrorsReplySchema.parse((await browser.get('/api/mirrors')).json).mirrors).toEqual([])
    },
  )

  it(
    'is followed by its mirror soon after a tick made here, without a reading',
    { timeout: 120_000 },
    async () => {
      const { browser } = ann
      const { mirror } = MirrorReplySchema.parse((await browser.post('/api/mirrors', bodyFor(ann))).json)
      await settled(browser, mirror.id)
      const runs = async () => database.count('public.integration_sync_jobs', 'user_id = $1', [ann.userId])
      const readings = await runs()
      const [block] = ann.workspace.seed.pages[0]?.blocks ?? []
      const tick = { id: block?.id, to_do: { checked: true } }
      expect((await browser.post('/api/toggle-checkbox', tick)).status).toBe(200)
      await eventually(
        'the mirror to follow',
        async () => (await readMirror(browser, mirror.id)).result?.updated === 1,
        60_000,
      )
      expect(await runs()).toBe(readings)
      expect((await browser.delete(`/api/mirrors/${mirror.id}?database=trash`)).status).toBe(204)
    },
  )

  it('is mirrored only by its owner, and only into a workspace of theirs', async () => {
    const { listId, connectionId } = bob
    for (const body of [
      { ...bodyFor(ann), listId },
      { ...bodyFor(bob), connectionId: ann.connectionId },
      { ...bodyFor(bob), listId: ann.listId },
      { ...bodyFor(ann), listId, connectionId },
      { ...bodyFor(bob), parentPageId: '00000000-0000-4000-8000-000000000000' },
    ]) {
      expectRefusal(await bob.browser.post('/api/mirrors', body), 'NOT_FOUND')
    }
    expect(await database.count('public.mirror', 'user_id = $1', [bob.userId])).toBe(0)
  })

  it("that is another's has a mirror that does not exist for me", async () => {
    const { mirror } = MirrorReplySchema.parse((await ann.browser.post('/api/mirrors', bodyFor(ann))).json)
    const path = `/api/mirrors/${mirror.id}`
    expectRefusal(await bob.browser.get(path), 'NOT_FOUND')
    expectRefusal(await bob.browser.put(path, { tickBack: true }), 'NOT_FOUND')
    expectRefusal(await bob.browser.post(`${path}/sync`), 'NOT_FOUND')
    expectRefusal(await bob.browser.delete(`${path}?database=trash`), 'NOT_FOUND')
    expect(MirrorsReplySchema.parse((await bob.browser.get('/api/mirrors')).json).mirrors).toEqual([])
    expect(await settled(ann.browser, mirror.id)).toMatchObject({ state: 'ready', tickBack: false })
    const mine = MirrorParentsReplySchema.parse((await bob.browser.get('/api/mirror-parents')).json)
    expect(mine.parents.filter(({ id }) => ann.workspace.pageIds.includes(id))).toEqual([])
  })
})

describe('kill -9', () => {
  /** A list of three to-dos (two boxes and their row), whose mirror is asked for. */
  async function prepare() {
    const instance = newInstance(pool)
    const { context } = instance
    const { userId } = await newMember()
    const key = `killed mirror ${userId}`
    const workspace = simpleWorkspace(key, [{ title: 'Plan', blocks: (b) => [b.todo('one'), b.todo('two')] }])
    await notion.seed(workspace.seed)
    const { connectionId } = await linkWorkspace(instance, userId, { workspaceId: workspace.seed.id })
    const listId = await readIntoList(instance, userId, [connectionId])
    const [pageId = ''] = workspace.pageIds
    const parent = { id: pageId, title: 'Plan' }
    const made = await createMirror(context.db, { userId, listId, connectionId, parent, tickBack: false })
    if (!made) throw new Error('the mirror was not made')
    await requestMirrorRun(context.db, made.id, true)
    return { userId, connectionId, pageId, mirrorId: made.id }
  }

  /** What stands under the page: databases, and the titles of the rows of each. */
  function inNotion(connectionId: number, pageId: string): Promise<string[][]> {
    return withConnection(newInstance(pool).context, connectionId, 'interactive', async ({ client }) => {
      const { results } = await client.blocks.children.list({ block_id: pageId })
      const databases = results.filter((block) => 'type' in block && block.type === 'child_database')
      return Promise.all(
        databases.map(async ({ id }) => {
          const found = await client.databases.retrieve({ database_id: id })
          const source = 'data_sources' in found ? found.data_sources[0]?.id : undefined
          const rows = await client.dataSources.query({ data_source_id: source ?? '' })
          return rows.results.filter(isReadablePage).map(rowTitle).sort()
        }),
      )
    })
  }

  it(
    'at any request of a run leaves one database and one row a to-do, once another goes on',
    { timeout: PATIENCE_MS },
    async () => {
      const { points, tried } = await killEverywhere('mirror', {
        prepare,
        args: ({ mirrorId }) => ({ mirrorId, settleMs: 0 }),
        judge: async ({ userId, connectionId, pageId, mirrorId }, where) => {
          await pool.query("update public.mirror set pulse_at = now() - interval '1 minute' where id = $1", [
            mirrorId,
          ])
          const { context } = newInstance(pool)
          await runMirror(context, { mirrorId, settleMs: 0 }, new AbortController().signal)
          // Unless the app of this run has found it first and is at it.
          const inStep = async () => {
            const [found] = await listMirrors(context.db, userId, mirrorId)
            return found?.state === 'ready' && found
          }
          const mirror = await eventually(`${where}: the mirror in step`, inStep, 90_000)
          expect(await inNotion(connectionId, pageId), where).toEqual([['Plan', 'one', 'two']])
          expect(mirror, where).toMatchObject({ result: { created: 3, removed: 0, errors: [] } })
        },
      })
      console.info(`killed at ${tried} of ${points} points`)
      expect(points).toBeGreaterThan(20)
    },
  )
})
