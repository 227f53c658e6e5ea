import { collectPaginatedAPI, isFullPage } from '@notionhq/client'
import { beforeAll, describe, expect, it } from 'vitest'
import { demoWorkspaces } from '../../../sandbox/notion/demo/workspaces.ts'
import { seededId, simpleWorkspace, text } from '../../support/notion-workspace.ts'
import { errorOf, useContract } from './harness.ts'

/** The corners of Notion's data that readers get wrong, as the stand-in shows them. */

const many = simpleWorkspace('many', [
  { title: Array.from({ length: 30 }, (_unused, index) => text(`${index} `)) },
  { title: 'Plain' },
])
const contract = useContract({ seed: () => [...demoWorkspaces(new Date()), many.seed] })
const MARKET = seededId('page:project:market')
const OVEN = seededId('page:project:oven')
let token = ''

beforeAll(async () => {
  token = await contract().connect()
})

const list = (id: string, auth = token) =>
  collectPaginatedAPI(contract().client.blocks.children.list, { auth, block_id: id })

async function blockOfType(pageId: string, type: string) {
  const found = (await list(pageId)).find((block) => 'type' in block && block.type === type)
  if (!found) throw new Error(`There is no ${type}`)
  return found
}

describe('synced blocks', () => {
  it('say they have children, and keep them at the original', async () => {
    const copy = await blockOfType(MARKET, 'synced_block')
    const originalId = seededId('synced:checklist')
    expect(copy).toMatchObject({
      has_children: true,
      synced_block: { synced_from: { type: 'block_id', block_id: originalId } },
    })
    expect(await list(copy.id)).toEqual([])
    expect(await list(originalId)).toHaveLength(3)
  })

  it('lead nowhere when the original is on a page that is not shared', async () => {
    const copy = await blockOfType(OVEN, 'synced_block')
    expect(copy).toMatchObject({ has_children: true })
    await expect(list(seededId('synced:private'))).rejects.toMatchObject({ code: 'object_not_found' })
  })
})

describe('meeting notes', () => {
  it('point at summary, notes and transcript', async () => {
    const notes = await blockOfType(seededId('page:meeting:customer'), 'meeting_notes')
    if (!('type' in notes) || notes.type !== 'meeting_notes') throw new Error('not meeting notes')
    const { summary_block_id: summary = '', notes_block_id: own = '' } = notes.meeting_notes.children ?? {}
    const types = async (id: string) => (await list(id)).map((block) => ('type' in block ? block.type : ''))
    expect(await types(summary)).toEqual(['paragraph', 'heading_3', 'to_do', 'to_do'])
    expect(await types(own)).toEqual(['paragraph', 'to_do'])
    expect(await types(notes.id)).toEqual(['unsupported', 'unsupported', 'unsupported'])
  })
})

describe('pages and databases among blocks', () => {
  it('are blocks with the same id, and are not entered', async () => {
    const child = await blockOfType(seededId('page:project:shop'), 'child_page')
    expect(child).toMatchObject({ id: seededId('page:shop-floor'), child_page: { title: 'Floor plan' } })
    expect(await contract().client.blocks.retrieve({ auth: token, block_id: child.id })).toMatchObject(child)
    const database = await blockOfType(seededId('page:welcome'), 'child_database')
    expect(database).toMatchObject({ id: seededId('db:reading'), has_children: false })
  })
})

describe('the trash', () => {
  it('can be looked into by id, but not listed, and be emptied again', async () => {
    const { client } = contract()
    const todo = await blockOfType(OVEN, 'to_do')
    await client.blocks.delete({ auth: token, block_id: todo.id })
    expect(await client.blocks.retrieve({ auth: token, block_id: todo.id })).toMatchObject({ in_trash: true })
    expect((await list(OVEN)).map(({ id }) => id)).not.toContain(todo.id)
    await expect(list(todo.id)).rejects.toMatchObject({ status: 404 })
    await expect(
      client.blocks.update({ auth: token, block_id: todo.id, to_do: { checked: true } }),
    ).rejects.toMatchObject({ status: 404 })
    await client.blocks.update({ auth: token, block_id: todo.id, in_trash: false })
    expect((await list(OVEN)).map(({ id }) => id)).toContain(todo.id)
  })
})

describe('writing', () => {
  it('puts blocks first, last or behind another', async () => {
    const { client } = contract()
    const page = await client.pages.create({
      auth: token,
      parent: { page_id: seededId('page:welcome') },
      properties: { title: { title: [{ text: { content: 'Order' } }] } },
    })
    const add = (words: string, position: { type: 'start' } | { type: 'end' }) =>
      client.blocks.children.append({
        auth: token,
        block_id: page.id,
        position,
        children: [`${words} 1`, `${words} 2`].map((content) => ({
          to_do: { rich_text: [{ text: { content } }] },
        })),
      })
    await add('middle', { type: 'end' })
    await add('first', { type: 'start' })
    await add('last', { type: 'end' })
    const { markdown } = await client.pages.retrieveMarkdown({ auth: token, page_id: page.id })
    expect(markdown.split('\n')).toEqual(
      ['first 1', 'first 2', 'middle 1', 'middle 2', 'last 1', 'last 2'].map((line) => `- [ ] ${line}`),
    )
  })

  it('keeps mentions, dates and links when only the tick changes', async () => {
    const { client } = contract()
    const todo = await blockOfType(MARKET, 'to_do')
    const before = await client.blocks.retrieve({ auth: token, block_id: todo.id })
    const after = await client.blocks.update({ auth: token, block_id: todo.id, to_do: { checked: true } })
    if (!('to_do' in before) || !('to_do' in after)) throw new Error('not to-dos')
    expect(after.to_do).toEqual({ ...before.to_do, checked: true })
  })

  it('lets personal tokens, but not internal connections, write at the top of a workspace', async () => {
    const body = { properties: { title: { title: [{ text: { content: 'Top' } }] } } }
    const internal = await contract().raw('POST', '/v1/pages', { token: 'ntn_sandbox_internal_acme', body })
    expect(errorOf(internal).code).toBe('validation_error')
    const personal = await contract().raw('POST', '/v1/pages', { token: 'ntn_sandbox_personal_acme', body })
    expect(personal.body).toMatchObject({ object: 'page', parent: { type: 'workspace', workspace: true } })
  })
})

describe('long properties', () => {
  it('are cut in page objects and whole when paged through', async () => {
    const { client } = contract()
    const auth = await contract().connect({ workspace: many.seed.id })
    const page = await client.pages.retrieve({ auth, page_id: many.pageIds[0] ?? '' })
    const title = isFullPage(page) ? page.properties['Name'] : undefined
    expect(title?.type === 'title' && title.title).toHaveLength(25)
    const property = { auth, page_id: page.id, property_id: 'title', page_size: 20 }
    const first = await client.pages.properties.retrieve(property)
    if (first.object !== 'list') throw new Error('not a list')
    const second = await client.pages.properties.retrieve({ ...property, start_cursor: first.next_cursor })
    expect(first.results).toHaveLength(20)
    expect(second).toMatchObject({ has_more: false, next_cursor: null })
    expect(second.object === 'list' && second.results).toHaveLength(10)
  })
})

describe('markdown', () => {
  it('shows copies of what is shared and names what cannot be read', async () => {
    const { client } = contract()
    const market = await client.pages.retrieveMarkdown({ auth: token, page_id: MARKET })
    expect(market.markdown).toContain('- [ ] Cash box')
    expect(market.truncated).toBe(false)
    const oven = await client.pages.retrieveMarkdown({ auth: token, page_id: OVEN })
    expect(oven).toMatchObject({ truncated: true, unknown_block_ids: [seededId('synced:private')] })
    expect(oven.markdown).not.toContain('Nobody else can see this')
  })
})
