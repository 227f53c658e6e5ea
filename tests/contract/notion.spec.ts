import {
  collectPaginatedAPI,
  isFullBlock,
  isFullDatabase,
  isFullDataSource,
  isFullPage,
} from '@notionhq/client'
import { describe, expect, it } from 'vitest'
import { ENDPOINTS } from '../../sandbox/notion/api.ts'
import { demoWorkspaces } from '../../sandbox/notion/demo/workspaces.ts'
import { seededId } from '../../sandbox/notion/ids.ts'
import { CLIENT_ID, CLIENT_SECRET } from '../../sandbox/notion/server.ts'
import { hasOpenApi, useContract } from './notion/harness.ts'

/** Every endpoint of the stand-in, driven by the official SDK and judged by Notion's own OpenAPI document. */

const contract = useContract({ seed: () => demoWorkspaces(new Date('2026-11-20T12:00:00Z')) })
const TASKS = seededId('ds:tasks')

describe('the whole SDK surface', () => {
  let auth = ''

  it('connects, introspects, refreshes and revokes', async () => {
    const { client } = contract()
    const { code, location } = await contract().authorize()
    expect(location.searchParams.get('state')).toBe('opaque-state')
    const token = await contract().exchange(code)
    expect(token).toMatchObject({
      token_type: 'bearer',
      workspace_name: 'Acme',
      duplicated_template_id: null,
    })
    const secret = { client_id: CLIENT_ID, client_secret: CLIENT_SECRET }
    expect(await client.oauth.introspect({ ...secret, token: token.access_token })).toMatchObject({
      active: true,
    })
    const refreshed = await client.oauth.token({
      ...secret,
      grant_type: 'refresh_token',
      refresh_token: token.refresh_token ?? '',
    })
    expect(refreshed.bot_id).toBe(token.bot_id)
    await client.oauth.revoke({ ...secret, token: refreshed.access_token })
    expect(await client.oauth.introspect({ ...secret, token: refreshed.access_token })).toMatchObject({
      active: false,
    })
    auth = await contract().connect()
  })

  it('says who the token is and who is in the workspace', async () => {
    const { client } = contract()
    const me = await contract().withToken(auth).users.me({})
    expect(me).toMatchObject({ type: 'bot', bot: { workspace_name: 'Acme', owner: { type: 'user' } } })
    const people = await client.users.list({ auth, page_size: 3 })
    expect(people).toMatchObject({ has_more: true })
    expect(await client.users.retrieve({ auth, user_id: people.results[0]?.id ?? '' })).toMatchObject({
      person: { email: 'ada@acme.example' },
    })
  })

  it('finds every data source and page by search, over all cursors', async () => {
    const { client } = contract()
    const search = (value: 'page' | 'data_source') =>
      collectPaginatedAPI(client.search, { auth, page_size: 7, filter: { property: 'object', value } })
    const sources = await search('data_source')
    const pages = await search('page')
    expect(sources.map(({ id }) => id).sort()).toEqual(
      ['meetings', 'projects', 'tasks', 'house', 'garden', 'reading', 'untitled']
        .map((key) => seededId(`ds:${key}`))
        .sort(),
    )
    expect(new Set(pages.map(({ id }) => id)).size).toBe(pages.length)
    const titles = await client.search({
      auth,
      query: 'RETRO',
      sort: { timestamp: 'last_edited_time', direction: 'ascending' },
    })
    expect(titles.results).toHaveLength(1)
  })

  it('never shows what is private or in the trash', async () => {
    const { client } = contract()
    const everything = await collectPaginatedAPI(client.search, { auth })
    const ids = everything.map(({ id }) => id)
    expect(ids).not.toContain(seededId('page:private'))
    expect(ids).not.toContain(seededId('page:trashed'))
    await expect(client.pages.retrieve({ auth, page_id: seededId('page:private') })).rejects.toMatchObject({
      code: 'object_not_found',
    })
  })

  it('describes databases and data sources', async () => {
    const { client } = contract()
    const database = await client.databases.retrieve({ auth, database_id: seededId('db:home') })
    if (!isFullDatabase(database)) throw new Error('partial')
    expect(database.data_sources.map(({ name }) => name)).toEqual(['House', 'Garden'])
    for (const key of ['meetings', 'projects', 'tasks', 'garden', 'reading', 'untitled']) {
      const source = await client.dataSources.retrieve({ auth, data_source_id: seededId(`ds:${key}`) })
      expect(isFullDataSource(source)).toBe(true)
    }
    expect(await client.dataSources.listTemplates({ auth, data_source_id: TASKS })).toMatchObject({
      templates: [],
    })
  })

  it('queries rows by cursor, with sorts and chosen properties', async () => {
    const { client } = contract()
    const rows = await collectPaginatedAPI(client.dataSources.query, {
      auth,
      data_source_id: TASKS,
      page_size: 4,
      sorts: [{ property: 'No.', direction: 'descending' as const }],
      filter_properties: ['title', 'tNum'],
    })
    const numbers = rows.map((row) => {
      if (!isFullPage(row)) throw new Error('not a page')
      expect(Object.keys(row.properties)).toEqual(['Task', 'No.'])
      return row.properties['No.']?.type === 'unique_id' ? row.properties['No.'].unique_id.number : null
    })
    expect(numbers).toEqual(Array.from({ length: 14 }, (_unused, index) => 14 - index))
  })

  it('lists the children of every container in the workspace', async () => {
    const { client } = contract()
    const types = new Set<string>()
    const visit = async (id: string): Promise<void> => {
      for (const block of await collectPaginatedAPI(client.blocks.children.list, { auth, block_id: id })) {
        if (!isFullBlock(block)) throw new Error('partial')
        types.add(block.type)
        expect(await client.blocks.retrieve({ auth, block_id: block.id })).toEqual(
          expect.objectContaining({ id: block.id, type: block.type, has_children: block.has_children }),
        )
        if (block.has_children && block.type !== 'child_page' && block.type !== 'child_database')
          await visit(block.id)
      }
    }
    for (const page of await collectPaginatedAPI(client.search, { auth }))
      await visit(page.id).catch(ignoreNotFound)
    expect([...types]).toEqual(
      expect.arrayContaining([
        'to_do',
        'toggle',
        'column',
        'tab',
        'meeting_notes',
        'synced_block',
        'child_page',
        'template',
      ]),
    )
  })

  it('creates, changes and trashes pages, rows and blocks', async () => {
    const { client } = contract()
    const row = await client.pages.create({
      auth,
      parent: { data_source_id: TASKS },
      icon: { emoji: '🧪' },
      properties: {
        Task: { title: [{ text: { content: 'From the API' } }] },
        Done: { checkbox: true },
        Due: { date: { start: '2026-11-30' } },
        Priority: { select: { name: 'Brand new' } },
        Tags: { multi_select: [{ name: 'shop' }] },
      },
      children: [
        {
          to_do: { rich_text: [{ text: { content: 'Child' } }], checked: false, children: [{ divider: {} }] },
        },
        { toggle: { rich_text: [{ mention: { date: { start: '2026-12-01' } } }] } },
      ],
    })
    if (!isFullPage(row)) throw new Error('partial')
    expect(row.properties['No.']).toMatchObject({ unique_id: { prefix: 'BUN', number: 15 } })
    const changed = await client.pages.update({
      auth,
      page_id: row.id,
      properties: { Done: { checkbox: false }, Due: { date: null } },
    })
    expect(changed).toMatchObject({ properties: { Done: { checkbox: false }, Due: { date: null } } })
    const children = await client.blocks.children.list({ auth, block_id: row.id })
    const first = children.results[0]?.id ?? ''
    expect(await client.blocks.update({ auth, block_id: first, to_do: { checked: true } })).toMatchObject({
      to_do: { checked: true, rich_text: [{ plain_text: 'Child' }] },
    })
    const added = await client.blocks.children.append({
      auth,
      block_id: row.id,
      children: [
        {
          paragraph: { rich_text: [{ text: { content: 'Between', link: { url: 'https://example.com' } } }] },
        },
      ],
      position: { type: 'after_block', after_block: { id: first } },
    })
    const order = await client.blocks.children.list({ auth, block_id: row.id })
    expect(order.results[1]?.id).toBe(added.results[0]?.id)
    expect(await client.blocks.delete({ auth, block_id: first })).toMatchObject({ in_trash: true })
    expect(await client.pages.update({ auth, page_id: row.id, in_trash: true })).toMatchObject({
      in_trash: true,
    })
    const trash = await contract().raw('POST', '/v1/search', {
      token: auth,
      body: { filter: { in_trash: true } },
    })
    expect(trash.text).toContain(row.id)
    await expect(client.blocks.children.list({ auth, block_id: row.id })).rejects.toMatchObject({
      status: 404,
    })
  })

  it('creates and changes databases and their columns', async () => {
    const { client } = contract()
    const database = await client.databases.create({
      auth,
      parent: { type: 'page_id', page_id: seededId('page:welcome') },
      title: [{ text: { content: 'All my to-dos' } }],
      icon: { emoji: '✅' },
      initial_data_source: {
        properties: {
          Task: { title: {} },
          Done: { checkbox: {} },
          Kind: { select: { options: [{ name: 'to_do', color: 'blue' }] } },
          State: { status: {} },
        },
      },
    })
    if (!isFullDatabase(database)) throw new Error('partial')
    const dataSourceId = database.data_sources[0]?.id ?? ''
    const source = await client.dataSources.update({
      auth,
      data_source_id: dataSourceId,
      properties: { Done: { name: 'Finished' }, Kind: null, Note: { rich_text: {} } },
    })
    if (!isFullDataSource(source)) throw new Error('partial')
    expect(Object.keys(source.properties).sort()).toEqual(['Finished', 'Note', 'State', 'Task'])
    expect(source.properties['State']).toMatchObject({
      status: { groups: [{ name: 'To-do' }, {}, { name: 'Complete' }] },
    })
    const second = await client.dataSources.create({
      auth,
      parent: { database_id: database.id },
      title: [{ text: { content: 'Second' } }],
      properties: { Name: { title: {} } },
    })
    expect(second).toMatchObject({ parent: { database_id: database.id } })
    expect(await client.databases.update({ auth, database_id: database.id, in_trash: true })).toMatchObject({
      in_trash: true,
    })
  })

  it('pages through one property and renders a page as markdown', async () => {
    const { client } = contract()
    const page_id = seededId('page:meeting:weekly-0')
    const title = await client.pages.properties.retrieve({ auth, page_id, property_id: 'title' })
    expect(title).toMatchObject({ object: 'list', type: 'property_item' })
    expect(await client.pages.properties.retrieve({ auth, page_id, property_id: 'mDat' })).toMatchObject({
      type: 'date',
    })
    const { markdown } = await client.pages.retrieveMarkdown({ auth, page_id })
    expect(markdown).toContain('- [ ] Taste the new sourdough')
    expect(markdown).toContain('- [x] Hand in the VAT return')
  })

  it('has been through every endpoint it offers', () => {
    const { byEndpoint } = contract().server.world.ledger.counters()
    const missing = ENDPOINTS.map(({ method, path }) => `${method} ${path}`).filter((key) => !byEndpoint[key])
    expect(missing).toEqual([])
  })

  it.runIf(hasOpenApi)('is judged by a document that would notice a mistake', () => {
    const broken = {
      object: 'list',
      type: 'block',
      block: {},
      results: [{ object: 'block', id: 'x', type: 'to_do' }],
      next_cursor: null,
      has_more: false,
    }
    contract().judge('GET', `/v1/blocks/${TASKS}/children`, 200, JSON.stringify(broken))
    expect(contract().faults).not.toEqual([])
    contract().faults = []
  })
})

function ignoreNotFound(error: unknown): void {
  expect(error).toMatchObject({ code: 'object_not_found' })
}
