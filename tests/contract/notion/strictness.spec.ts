import { type Client, collectPaginatedAPI, isFullPage } from '@notionhq/client'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoWorkspaces } from '../../../sandbox/notion/demo/workspaces.ts'
import { seededId } from '../../../sandbox/notion/ids.ts'
import { errorOf, useContract } from './harness.ts'

/** The stand-in is as strict as Notion: what Notion would refuse must fail here, before it fails there. */

let now = Date.parse('2026-11-20T12:00:30Z')
const contract = useContract({ seed: () => demoWorkspaces(new Date(now)), clock: () => now })
const TASKS = seededId('ds:tasks')
const QUERY = `/v1/data_sources/${TASKS}/query`
const MEETING = seededId('page:meeting:weekly-0')
let token = ''

beforeAll(async () => {
  token = await contract().connect()
})

async function firstTodo(): Promise<string> {
  const { results } = await contract().client.blocks.children.list({ auth: token, block_id: MEETING })
  return results.find((block) => 'type' in block && block.type === 'to_do')?.id ?? ''
}

describe('refusals', () => {
  it('wants a token and a version it knows', async () => {
    const missing = await contract().raw('POST', '/v1/search', { token, version: null, body: {} })
    expect(errorOf(missing)).toMatchObject({ status: 400, code: 'missing_version' })
    const old = await contract().raw('POST', '/v1/search', { token, version: '2022-06-28', body: {} })
    expect(errorOf(old).code).toBe('validation_error')
    const nobody = await contract().raw('POST', '/v1/search', { token: 'ntn_nobody', body: {} })
    expect(errorOf(nobody)).toMatchObject({ status: 401, code: 'unauthorized' })
    contract().judge('POST', '/v1/search', 401, nobody.text)
  })

  it.each<[string, string, string, unknown]>([
    ['an unknown field', 'POST', '/v1/search', { surprise: true }],
    [
      'the old name of data sources',
      'POST',
      '/v1/search',
      { filter: { property: 'object', value: 'database' } },
    ],
    ['101 rows at once', 'POST', QUERY, { page_size: 101 }],
    ['no rows at once', 'POST', QUERY, { page_size: 0 }],
    ['a made-up cursor', 'POST', QUERY, { start_cursor: 'made-up' }],
    ['a filter three levels deep', 'POST', QUERY, { filter: { and: [{ or: [{ and: [] }] }] } }],
    ['an unknown column', 'POST', QUERY, { filter: { property: 'Nope', checkbox: { equals: true } } }],
    ['a filter of another type', 'POST', QUERY, { filter: { property: 'Done', status: { equals: 'x' } } }],
    ['an unknown condition', 'POST', QUERY, { filter: { property: 'Done', checkbox: { is: true } } }],
    ['in_trash in a query', 'POST', QUERY, { in_trash: true }],
    ['an unknown property to read', 'POST', `${QUERY}?filter_properties=nope`, {}],
    ['an unknown query parameter', 'GET', `/v1/blocks/${MEETING}/children?size=3`, undefined],
    ['101 children at once', 'GET', `/v1/blocks/${MEETING}/children?page_size=101`, undefined],
    ['a broken id', 'GET', '/v1/blocks/not-an-id/children', undefined],
    ['archived', 'PATCH', `/v1/pages/${MEETING}`, { archived: true }],
    [
      'an unknown property to write',
      'PATCH',
      `/v1/pages/${MEETING}`,
      { properties: { Nope: { checkbox: true } } },
    ],
    [
      'a read-only property',
      'PATCH',
      `/v1/pages/${seededId('page:task:1')}`,
      { properties: { 'No.': { number: 3 } } },
    ],
    ['after', 'PATCH', `/v1/blocks/${MEETING}/children`, { children: [], after: MEETING }],
    ['an unknown block', 'PATCH', `/v1/blocks/${MEETING}/children`, { children: [{ todo: {} }] }],
    [
      'a child page as block',
      'PATCH',
      `/v1/blocks/${MEETING}/children`,
      { children: [{ child_page: { title: 'x' } }] },
    ],
    [
      'two titles',
      'POST',
      '/v1/databases',
      {
        parent: { type: 'page_id', page_id: seededId('page:welcome') },
        initial_data_source: { properties: { A: { title: {} }, B: { title: {} } } },
      },
    ],
  ])('refuses %s with 400 validation_error', async (_case, method, path, body) => {
    const reply = await contract().raw(method, path, { token, ...(body === undefined ? {} : { body }) })
    expect(errorOf(reply)).toMatchObject({ status: 400, code: 'validation_error' })
    contract().judge(method, path.split('?')[0] ?? path, 400, reply.text)
  })

  it('refuses bodies that are too long, too many or not JSON', async () => {
    const append = (children: unknown) =>
      contract().raw('PATCH', `/v1/blocks/${MEETING}/children`, { token, body: { children } })
    const todo = { to_do: { rich_text: [{ text: { content: 'x' } }] } }
    expect(errorOf(await append(Array.from({ length: 101 }, () => todo))).code).toBe('validation_error')
    const long = { to_do: { rich_text: [{ text: { content: 'x'.repeat(2001) } }] } }
    expect(errorOf(await append([long])).code).toBe('validation_error')
    const nested = (depth: number): object =>
      depth === 0 ? todo : { to_do: { rich_text: [], children: [nested(depth - 1)] } }
    expect((await append([nested(2)])).status).toBe(200)
    expect(errorOf(await append([nested(3)])).code).toBe('validation_error')
    const broken = await contract().raw('POST', '/v1/search', { token, body: '{"query":' })
    expect(errorOf(broken)).toMatchObject({ status: 400, code: 'invalid_json' })
    const unknown = await contract().raw('GET', '/v1/todos', { token })
    expect(errorOf(unknown)).toMatchObject({ status: 400, code: 'invalid_request_url' })
  })

  it('answers alike for what is gone, private, foreign or unshared', async () => {
    const paths = [
      `/v1/blocks/${seededId('synced:private')}/children`,
      `/v1/pages/${seededId('page:trashed')}`,
      `/v1/pages/${seededId('page:idea:0')}`,
      `/v1/databases/${seededId('nothing')}`,
    ]
    for (const path of paths) {
      const reply = await contract().raw('GET', path, { token })
      expect(errorOf(reply)).toMatchObject({ status: 404, code: 'object_not_found' })
      contract().judge('GET', path, 404, reply.text)
    }
  })

  it('refuses a tick for another type, and without the capability', async () => {
    const { client, server } = contract()
    const id = await firstTodo()
    await expect(
      client.blocks.update({ auth: token, block_id: id, toggle: { rich_text: [] } }),
    ).rejects.toMatchObject({
      status: 400,
    })
    const bot = server.world.connections.authenticate(token)
    if (!bot) throw new Error('not connected')
    const before = bot.capabilities
    bot.capabilities = { ...before, update: false }
    await expect(
      client.blocks.update({ auth: token, block_id: id, to_do: { checked: true } }),
    ).rejects.toMatchObject({
      status: 403,
      code: 'restricted_resource',
    })
    bot.capabilities = before
  })
})

describe('the older version', () => {
  it('still speaks of archives and transcriptions', async () => {
    const options = { token, version: '2025-09-03' }
    const id = await firstTodo()
    const page = await contract().raw('GET', `/v1/pages/${MEETING}`, options)
    expect(page.body).toMatchObject({ archived: false, in_trash: false })
    const appended = await contract().raw('PATCH', `/v1/blocks/${MEETING}/children`, {
      ...options,
      body: { children: [{ divider: {} }], after: id },
    })
    expect(appended.status).toBe(200)
    const customer = seededId('page:meeting:customer')
    const children = await contract().raw('GET', `/v1/blocks/${customer}/children`, options)
    expect(children.text).toContain('"type":"transcription"')
  })
})

describe('time', () => {
  it('is told to the minute, and moves on a page for people but not for the API', async () => {
    const { client, server } = contract()
    const id = await firstTodo()
    const editedTime = async () => {
      const page = await client.pages.retrieve({ auth: token, page_id: MEETING })
      return 'last_edited_time' in page ? page.last_edited_time : ''
    }
    const before = await editedTime()
    now += 5 * 60_000
    const ticked = await client.blocks.update({ auth: token, block_id: id, to_do: { checked: true } })
    expect(ticked).toMatchObject({ last_edited_time: '2026-11-20T12:05:00.000Z' })
    expect(await editedTime()).toBe(before)
    await fetch(`${server.url}/_sandbox/edit`, {
      method: 'POST',
      body: JSON.stringify({ op: 'set_checked', block_id: id, checked: false }),
    })
    expect(await editedTime()).toBe('2026-11-20T12:05:00.000Z')
  })
})

type Query = Parameters<Client['dataSources']['query']>[0]
type Row = Awaited<ReturnType<Client['dataSources']['query']>>['results'][number]

function titleOf(row: Row): string {
  const title = isFullPage(row) ? row.properties['Task'] : undefined
  return title?.type === 'title' ? title.title.map((run) => run.plain_text).join('') : ''
}

describe('filters', () => {
  it.each<[string, Query['filter'], string[]]>([
    [
      'checkbox',
      { property: 'Done', checkbox: { equals: true } },
      ['Renew the hygiene certificate', 'Order paper bags', 'Throw away the old mixer'],
    ],
    ['text', { property: 'Task', title: { contains: 'BUTTER' } }, ['Order butter', 'Order butter']],
    [
      'select',
      { property: 'tPri', select: { equals: ['High'] } },
      ['Order butter', 'Repair the shop door', 'Send the offer to Café Lindenhof'],
    ],
    [
      'date before a day',
      { property: 'Due', date: { before: 'today' } },
      ['Repair the shop door', 'Order paper bags'],
    ],
    [
      'people',
      { property: 'Assignee', people: { contains: seededId('user:deniz') } },
      ['Repair the shop door', 'Choose colours for the new shop', 'Order paper bags'],
    ],
    [
      'relation',
      { property: 'Project', relation: { contains: seededId('page:project:shop') } },
      ['Choose colours for the new shop'],
    ],
    [
      'and with or inside',
      {
        and: [
          { property: 'Done', checkbox: { equals: false } },
          {
            or: [
              { property: 'Due', date: { equals: 'tomorrow' } },
              { property: 'Tags', multi_select: { contains: 'phone' } },
            ],
          },
        ],
      },
      ['Order butter', 'Prepare the tasting'],
    ],
    ['empty', { property: 'Task', title: { is_empty: true } }, ['']],
    [
      'edited since',
      { timestamp: 'last_edited_time', last_edited_time: { after: '2026-11-20T00:00:00Z' } },
      ['Order butter', 'Choose colours for the new shop', 'Throw away the old mixer'],
    ],
  ])('by %s', async (_name, filter, titles) => {
    const { results } = await contract().client.dataSources.query({
      auth: token,
      data_source_id: TASKS,
      ...(filter === undefined ? {} : { filter }),
      filter_properties: ['title'],
    })
    expect(results.map(titleOf)).toEqual(titles)
  })

  it('by status, one or several', async () => {
    const rows = await collectPaginatedAPI(contract().client.dataSources.query, {
      auth: token,
      data_source_id: seededId('ds:projects'),
      filter: { property: 'Status', status: { does_not_equal: ['Served', 'Dropped'] } },
    })
    expect(rows).toHaveLength(6)
  })
})
