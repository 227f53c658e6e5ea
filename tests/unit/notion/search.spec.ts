import { describe, expect, it } from 'vitest'
import { resolveDatabaseId, retrieveDataSource, searchDataSources } from '#server/notion/search'
import { clientFor, errorBody, fakeApi, id, listOf, text } from './fake-api'

function source(n: number, extra: Record<string, unknown> = {}) {
  return {
    object: 'data_source',
    id: id(n),
    title: [text(`Table ${n}`)],
    parent: { type: 'database_id', database_id: id(900) },
    url: `https://www.notion.so/${n}`,
    last_edited_time: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString(),
    icon: { type: 'emoji', emoji: '📝' },
    in_trash: false,
    properties: { Name: { id: 'title', name: 'Name', type: 'title', title: {} } },
    ...extra,
  }
}

describe('searchDataSources', () => {
  it('reads every page of results and answers newest first', async () => {
    const all = Array.from({ length: 230 }, (_, n) => source(n))
    const api = fakeApi(({ body }) => {
      const start = Number((body as { start_cursor?: string }).start_cursor ?? 0)
      return {
        json: listOf(all.slice(start, start + 100), start + 100 < all.length ? String(start + 100) : null),
      }
    })
    const found = await searchDataSources(clientFor(api))
    expect(found.complete).toBe(true)
    expect(found.dataSources.map(({ dataSourceId }) => dataSourceId)).toEqual(
      all.map((one) => one.id).reverse(),
    )
    expect(api.requests).toHaveLength(3)
    expect(api.requests[0]?.body).toEqual({
      filter: { property: 'object', value: 'data_source' },
      sort: { timestamp: 'last_edited_time', direction: 'descending' },
      page_size: 100,
    })
  })

  it('passes the query on', async () => {
    const api = fakeApi(() => ({ json: listOf([]) }))
    await searchDataSources(clientFor(api), { query: 'tasks' })
    expect(api.requests[0]?.body).toMatchObject({ query: 'tasks' })
  })

  it('describes each, the untitled and bare ones too', async () => {
    const untitled = source(2, { title: [], icon: null })
    const { dataSources } = await searchDataSources(clientFor(fakeApi(() => ({ json: listOf([untitled]) }))))
    expect(dataSources).toEqual([
      {
        dataSourceId: id(2),
        databaseId: id(900),
        name: '',
        icon: null,
        url: 'https://www.notion.so/2',
        lastEditedTime: '2026-01-01T00:02:00.000Z',
        properties: [{ id: 'title', name: 'Name', type: 'title' }],
        raw: untitled,
      },
    ])
  })

  it('lists the tables of one database separately, and leaves out what is in the trash', async () => {
    const results = [source(1), source(2), source(3, { in_trash: true })]
    const found = await searchDataSources(clientFor(fakeApi(() => ({ json: listOf(results) }))))
    expect(found.dataSources.map(({ databaseId }) => databaseId)).toEqual([id(900), id(900)])
    expect(found.complete).toBe(true)
  })

  it('asks for what search gave as an id alone, and admits what it cannot get', async () => {
    const partial = (n: number) => ({ object: 'data_source', id: id(n), properties: {} })
    const api = fakeApi(({ path }) => {
      if (path === '/search') return { json: listOf([partial(1), partial(2)]) }
      return path === `/data_sources/${id(1)}` ? { json: source(1) } : errorBody(404, 'object_not_found')
    })
    const found = await searchDataSources(clientFor(api))
    expect(found.dataSources.map(({ name }) => name)).toEqual(['Table 1'])
    expect(found.complete).toBe(false)
  })

  it('is not complete when Notion says so', async () => {
    const reply = { ...listOf([source(1)]), request_status: { type: 'incomplete' } }
    expect((await searchDataSources(clientFor(fakeApi(() => ({ json: reply }))))).complete).toBe(false)
  })
})

describe('resolveDatabaseId', () => {
  const api = fakeApi(({ path }) => {
    if (path === `/databases/${id(900)}`) {
      const data_sources = [
        { id: id(1), name: 'One' },
        { id: id(2), name: 'Two' },
      ]
      return { json: { object: 'database', id: id(900), title: [], data_sources } }
    }
    if (path === `/data_sources/${id(1)}`) return { json: source(1) }
    if (path === `/databases/${id(1)}`) return errorBody(400, 'validation_error')
    return errorBody(404, 'object_not_found')
  })

  it('finds all tables of a database, and the database of a table', async () => {
    const client = clientFor(api)
    expect(await resolveDatabaseId(client, id(900))).toEqual({
      databaseId: id(900),
      dataSourceIds: [id(1), id(2)],
    })
    expect(await resolveDatabaseId(client, id(1))).toEqual({ databaseId: id(900), dataSourceIds: [id(1)] })
  })

  it('says not found for anything else', async () => {
    await expect(resolveDatabaseId(clientFor(api), id(5))).rejects.toMatchObject({ kind: 'not_found' })
    await expect(retrieveDataSource(clientFor(api), id(5))).rejects.toMatchObject({ kind: 'not_found' })
  })
})
