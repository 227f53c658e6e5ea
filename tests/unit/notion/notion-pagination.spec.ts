import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchAllChildBlocks, fetchAllDatabasePages } from '#server/utils/notion-pagination'
import type { FakeReply, FakeRequest } from './fake-api'
import { clientFor, errorBody, fakeApi, id, listOf } from './fake-api'

const SOURCE = id(1)

function row(n: number) {
  return {
    object: 'page',
    id: id(1000 + n),
    url: `https://www.notion.so/${n}`,
    created_time: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
    last_edited_time: '2026-11-20T10:00:00.000Z',
    properties: {},
  }
}
const rows = (count: number) => Array.from({ length: count }, (_, n) => row(n))

/** Answers a query a hundred rows at a time. */
function sourceApi(all: unknown[], meddle: (request: FakeRequest) => FakeReply | null = () => null) {
  return fakeApi((request) => {
    const meddled = meddle(request)
    if (meddled) return meddled
    const body = request.body as { page_size: number; start_cursor?: string }
    const start = Number(body.start_cursor ?? 0)
    const end = start + body.page_size
    return { json: listOf(all.slice(start, end), end < all.length ? String(end) : null) }
  })
}
const invalidCursor: FakeReply = {
  status: 400,
  json: {
    object: 'error',
    status: 400,
    code: 'validation_error',
    message: 'The start_cursor provided is invalid',
  },
}

describe('fetchAllDatabasePages', () => {
  it.each([
    [0, 1],
    [1, 1],
    [100, 1],
    [101, 2],
    [250, 3],
  ])('reads %i rows with %i requests of a hundred', async (count, requests) => {
    const api = sourceApi(rows(count))
    const found = await fetchAllDatabasePages(clientFor(api), SOURCE)
    expect(found).toEqual({ pages: rows(count), wasLimited: false })
    expect(api.requests).toHaveLength(requests)
    expect(api.requests.every(({ path }) => path === `/data_sources/${SOURCE}/query`)).toBe(true)
  })

  it.each([
    [99, true],
    [100, false],
    [101, false],
  ])(
    'with a limit of %i of a hundred rows says truthfully whether it stopped: %s',
    async (limit, wasLimited) => {
      const found = await fetchAllDatabasePages(clientFor(sourceApi(rows(100))), SOURCE, { limit })
      expect(found.pages).toHaveLength(Math.min(limit, 100))
      expect(found.wasLimited).toBe(wasLimited)
      expect(found.incompleteReason).toBe(wasLimited ? 'limit' : undefined)
    },
  )

  it('asks for the properties and the edits it was told to', async () => {
    const api = sourceApi(rows(1))
    await fetchAllDatabasePages(clientFor(api), SOURCE, {
      filterProperties: ['title', 'a%3Bb'],
      editedOnOrAfter: '2026-11-20T09:58:00.000Z',
    })
    const [request] = api.requests
    expect(request?.query.getAll('filter_properties')).toEqual(['title', 'a;b'])
    expect(request?.body).toMatchObject({
      page_size: 100,
      filter: {
        timestamp: 'last_edited_time',
        last_edited_time: { on_or_after: '2026-11-20T09:58:00.000Z' },
      },
    })
  })

  it('hands rows on as they arrive and waits for whoever takes them', async () => {
    const batches: number[] = []
    const api = sourceApi(rows(250))
    await fetchAllDatabasePages(clientFor(api), SOURCE, {
      onBatch: async (pages) => {
        await new Promise((resolve) => setImmediate(resolve))
        batches.push(pages.length, api.requests.length)
      },
    })
    expect(batches).toEqual([100, 1, 100, 2, 50, 3])
  })

  it('goes past the ten thousand rows of one query', async () => {
    const all = rows(25)
    const api = fakeApi(({ body }) => {
      const query = body as { filter?: { created_time?: { on_or_after: string } } }
      const from = query.filter?.created_time?.on_or_after ?? ''
      const rest = all.filter(({ created_time: time }) => time >= from)
      const status =
        rest.length > 10 ? { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' } : undefined
      return { json: { ...listOf(rest.slice(0, 10)), request_status: status } }
    })
    const found = await fetchAllDatabasePages(clientFor(api), SOURCE)
    expect(found).toEqual({ pages: all, wasLimited: false })
  })

  it('admits it when more rows share a minute than a query gives', async () => {
    const status = { type: 'incomplete', incomplete_reason: 'query_result_limit_reached' }
    const api = fakeApi(() => ({ json: { ...listOf([row(1), row(1)]), request_status: status } }))
    const found = await fetchAllDatabasePages(clientFor(api), SOURCE)
    expect(found).toMatchObject({ wasLimited: true, incompleteReason: 'same_minute' })
    expect(found.pages).toHaveLength(1)
  })

  it('begins again when Notion forgets a cursor, and gives each row once', async () => {
    let forgets = 2
    const seen: string[] = []
    const api = sourceApi(rows(250), ({ body }) =>
      (body as { start_cursor?: string }).start_cursor === '200' && forgets-- > 0 ? invalidCursor : null,
    )
    const found = await fetchAllDatabasePages(clientFor(api), SOURCE, {
      onBatch: (pages) => void seen.push(...pages.map((page) => page.id)),
    })
    // Handed on, they are not kept as well.
    expect(found).toEqual({ pages: [], wasLimited: false })
    expect(seen).toEqual(rows(250).map((page) => page.id))
  })

  it('keeps what it has when the cursor never works, and says so', async () => {
    const api = sourceApi(rows(250), ({ body }) =>
      (body as { start_cursor?: string }).start_cursor ? invalidCursor : null,
    )
    const found = await fetchAllDatabasePages(clientFor(api), SOURCE)
    expect(found).toMatchObject({ wasLimited: true, incompleteReason: 'cursor' })
    expect(found.pages).toHaveLength(100)
  })

  describe('of a heavy data source', () => {
    beforeEach(() => void vi.useFakeTimers())
    afterEach(() => void vi.useRealTimers())
    const tooLong = errorBody(504, 'gateway_timeout')

    it('asks for less at a time where Notion takes too long, and gives each row once', async () => {
      const sizes: number[] = []
      const api = sourceApi(rows(130), ({ body }) => {
        const { page_size: size, start_cursor: cursor } = body as { page_size: number; start_cursor?: string }
        sizes.push(size)
        return size > 25 && cursor !== undefined ? tooLong : null
      })
      const reading = fetchAllDatabasePages(clientFor(api), SOURCE)
      await vi.runAllTimersAsync()
      expect(await reading).toEqual({ pages: rows(130), wasLimited: false })
      expect([...new Set(sizes)]).toEqual([100, 25])
    })

    it('gives up when that does not help', async () => {
      const api = sourceApi(rows(3), () => tooLong)
      const reading = expect(fetchAllDatabasePages(clientFor(api), SOURCE)).rejects.toMatchObject({
        kind: 'unavailable',
      })
      await vi.runAllTimersAsync()
      await reading
      expect(new Set(api.requests.map(({ body }) => (body as { page_size: number }).page_size))).toEqual(
        new Set([100, 25, 10]),
      )
    })
  })

  it('leaves out child tables of a wiki, and does not pass ids alone off as pages', async () => {
    const wiki = [row(1), { object: 'data_source', id: id(7), properties: {} }]
    expect((await fetchAllDatabasePages(clientFor(sourceApi(wiki)), SOURCE)).wasLimited).toBe(false)
    const partial = [row(1), { object: 'page', id: id(8) }, { ...row(2), properties: null }]
    expect(await fetchAllDatabasePages(clientFor(sourceApi(partial)), SOURCE)).toMatchObject({
      pages: [row(1)],
      wasLimited: true,
      incompleteReason: 'partial_rows',
    })
  })

  it('leaves the failures of whoever takes the rows as they are', async () => {
    const full = new Error('The disk is full')
    const failed = fetchAllDatabasePages(clientFor(sourceApi(rows(1))), SOURCE, {
      onBatch: () => Promise.reject(full),
    })
    await expect(failed).rejects.toBe(full)
  })

  it('passes failures on, and stops when asked to', async () => {
    const gone = fetchAllDatabasePages(clientFor(fakeApi(() => errorBody(404, 'object_not_found'))), SOURCE)
    await expect(gone).rejects.toMatchObject({ kind: 'not_found' })
    const stopped = fetchAllDatabasePages(clientFor(sourceApi(rows(1))), SOURCE, {
      signal: AbortSignal.abort(),
    })
    await expect(stopped).rejects.toMatchObject({ kind: 'aborted' })
  })
})

describe('fetchAllChildBlocks', () => {
  const block = (n: number, hasChildren = false) => ({
    object: 'block',
    id: id(n),
    type: 'toggle',
    toggle: { rich_text: [] },
    has_children: hasChildren,
    last_edited_time: '2026-11-20T10:00:00.000Z',
  })
  const tree: Record<string, unknown[]> = {
    [id(1)]: [block(2, true), block(5)],
    [id(2)]: [block(3, true)],
    [id(3)]: [block(4)],
  }
  const api = () => fakeApi(({ path }) => ({ json: listOf(tree[path.split('/')[2] ?? ''] ?? []) }))

  it('keeps parent, depth and order at every level, in document order', async () => {
    const { blocks, wasLimited } = await fetchAllChildBlocks(clientFor(api()), id(1))
    expect(
      blocks.map(({ block: { id: blockId }, parentId, depth, order }) => [blockId, parentId, depth, order]),
    ).toEqual([
      [id(2), id(1), 0, 0],
      [id(3), id(2), 1, 0],
      [id(4), id(3), 2, 0],
      [id(5), id(1), 0, 1],
    ])
    expect(wasLimited).toBe(false)
  })

  it('can stay on the first level', async () => {
    const fake = api()
    const { blocks } = await fetchAllChildBlocks(clientFor(fake), id(1), { recursive: false })
    expect(blocks).toHaveLength(2)
    expect(fake.requests).toHaveLength(1)
  })

  it.each([
    [1, true],
    [3, true],
    [4, false],
  ])(
    'with a limit of %i of four blocks says truthfully whether it stopped: %s',
    async (limit, wasLimited) => {
      const found = await fetchAllChildBlocks(clientFor(api()), id(1), { limit })
      expect(found.blocks).toHaveLength(limit)
      expect(found.wasLimited).toBe(wasLimited)
    },
  )
})
