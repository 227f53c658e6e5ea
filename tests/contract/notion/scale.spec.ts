import { collectAllDataSourceRows } from '@notionhq/client'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { NewConnection } from '../../../sandbox/notion/connections.ts'
import { createNotionServer } from '../../../sandbox/notion/server.ts'
import {
  expectedTodos,
  readablePageIds,
  simpleWorkspace,
  workspaceArbitrary,
  type WorkspaceSeed,
} from '../../support/notion-workspace.ts'
import { useContract } from './harness.ts'

const BIG = 10_250
const big = simpleWorkspace(
  'big',
  Array.from({ length: BIG }, (_unused, index) => ({ title: `Row ${index}` })),
)
const spread: WorkspaceSeed = {
  ...big.seed,
  pages: big.seed.pages.map((page, index) => ({
    ...page,
    created_time: new Date(Date.parse('2026-01-01T00:00:00Z') + index * 60_000).toISOString(),
  })),
}
const contract = useContract({ seed: [spread] })

describe('ten thousand rows', () => {
  it('end a query as incomplete, although nothing else says that there is more', async () => {
    const token = await contract().connect()
    const { client } = contract()
    const question = { auth: token, data_source_id: big.dataSourceId, filter_properties: ['title'] }
    let cursor: string | null = null
    let count = 0
    let last
    do {
      last = await client.dataSources.query({ ...question, page_size: 100, start_cursor: cursor })
      count += last.results.length
      cursor = last.next_cursor
    } while (cursor !== null)
    expect(count).toBe(10_000)
    expect(last).toMatchObject({
      has_more: false,
      request_status: { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' },
    })
  }, 60_000)

  it('are all found by the SDK’s windows', async () => {
    const token = await contract().connect()
    const rows = await collectAllDataSourceRows(contract().withToken(token), {
      data_source_id: big.dataSourceId,
      filter_properties: ['title'],
    })
    expect(new Set(rows.map(({ id }) => id)).size).toBe(BIG)
  }, 60_000)
})

const ListSchema = z.object({
  results: z.array(z.looseObject({ id: z.string(), type: z.string(), has_children: z.boolean() })),
  next_cursor: z.string().nullable(),
})
type Block = z.output<typeof ListSchema>['results'][number]

describe('generated workspaces', () => {
  it('are served as they were written: every to-do, once, in order', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(workspaceArbitrary({ maxRows: 3 }), async (seed) => {
        const server = await createNotionServer({ port: 0, seed: [seed], rateLimit: 'off' })
        try {
          const { accessToken } = mint(server.world, seed)
          const list = (id: string) => listAll(`${server.url}/v1/blocks/${id}/children`, accessToken)
          const found: string[] = []
          for (const pageId of readablePageIds(seed)) found.push(...(await ownTodos(list, pageId)))
          expect(found).toEqual(expectedTodos(seed).map(({ id }) => id))
        } finally {
          await server.close()
        }
      }),
      { numRuns: 15 },
    )
  })
})

function mint(world: Awaited<ReturnType<typeof createNotionServer>>['world'], seed: WorkspaceSeed) {
  const userId = seed.users[0]?.id ?? ''
  const request: NewConnection = {
    kind: 'internal',
    workspaceId: seed.id,
    userId,
    rootIds: [],
    everything: true,
  }
  return world.connections.issuePair(world.connections.install(request, 0).botId, 0)
}

async function listAll(url: string, token: string): Promise<Block[]> {
  const headers = { authorization: `Bearer ${token}`, 'notion-version': '2026-03-11' }
  const blocks: Block[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `?start_cursor=${encodeURIComponent(cursor)}`
    const page: z.output<typeof ListSchema> = ListSchema.parse(
      await (await fetch(url + query, { headers })).json(),
    )
    blocks.push(...page.results)
    cursor = page.next_cursor
  } while (cursor !== null)
  return blocks
}

/** The to-dos that stand on a page, read naively: no copies, no other pages, no transcripts. */
async function ownTodos(list: (id: string) => Promise<Block[]>, id: string): Promise<string[]> {
  const found: string[] = []
  for (const block of await list(id)) {
    if (block.type === 'to_do') found.push(block.id)
    if (block.type === 'meeting_notes') {
      for (const section of (await list(block.id)).slice(0, 2))
        found.push(...(await ownTodos(list, section.id)))
    } else if (block.has_children && !['child_page', 'child_database'].includes(block.type)) {
      found.push(...(await ownTodos(list, block.id)))
    }
  }
  return found
}
