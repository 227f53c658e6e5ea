import { flushPromises } from '@vue/test-utils'
import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody, setResponseStatus } from 'h3'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { SearchNotionReply } from '#shared/schemas/database'
import { useSession } from '~/composables/session/useSession'
import Databases from '~/pages/databases.vue'
import { useLibraryStore } from '~/stores/library'
import { aDatabase, WORKSPACE } from '../../support/library'

let answer: SearchNotionReply
let workspaces: unknown[]
let searches: number
let failing = false
let created: unknown[]

registerEndpoint('/api/auth-notion', () => ({ connected: workspaces.length > 0, workspaces }))
registerEndpoint('/api/todo-lists', { method: 'GET', handler: () => ({ lists: [] }) })
registerEndpoint('/api/todo-lists', {
  method: 'POST',
  handler: async (event) => {
    const body = (await readBody(event)) as object
    created.push(body)
    setResponseStatus(event, 201)
    return { list: { id: 7, createdAt: '2026-11-20T10:00:00.000Z', ...body } }
  },
})
registerEndpoint('/api/search-notion', (event) => {
  searches += 1
  if (failing) {
    setResponseStatus(event, 500)
    return { error: { code: 'NOTION_API_ERROR', message: '', requestId: 'r' } }
  }
  return answer
})
registerEndpoint('/api/todos', () => ({ todos: [], removed: [], seq: 1, sync: null }))

const open = () => mountSuspended(Databases, { route: '/databases' })
type Page = Awaited<ReturnType<typeof open>>
const ticked = (page: Page) =>
  page
    .findAll('li')
    .filter((row) => row.find<HTMLInputElement>('input:checked').exists())
    .map((row) => row.get('label .font-medium').text())

describe('/databases', () => {
  beforeEach(() => {
    useLibraryStore().clear()
    useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
    workspaces = [WORKSPACE]
    searches = 0
    created = []
    answer = {
      databases: [
        aDatabase('Recipes'),
        aDatabase('Team tasks'),
        aDatabase('Projects', { counts: { boxes: true, rows: true } }),
        aDatabase(''),
        aDatabase('Old tasks', { accessible: false }),
      ],
      stale: [],
      indexing: false,
    }
  })

  it('ticks the likely ones, first, and names the untitled', async () => {
    const page = await open()
    await vi.waitFor(() => expect(ticked(page)).toEqual(['Team tasks', 'Projects']))
    expect(page.findAll('li label .font-medium').map((name) => name.text())).toEqual([
      'Team tasks',
      'Projects',
      'Recipes',
      'Untitled',
      'Old tasks',
    ])
    expect(page.get<HTMLInputElement>('li:last-child input').element.disabled).toBe(true)
  })

  it('makes a list of what is ticked, under the given name', async () => {
    const page = await open()
    await vi.waitFor(() => expect(ticked(page)).toHaveLength(2))
    await page.findAll('li input')[2]?.setValue(true)
    await page.findAll('li input')[0]?.setValue(false)
    await page.get('input[name=list-name]').setValue('  Launch ')
    await page.get('form').trigger('submit')
    await vi.waitFor(() => expect(useRouter().currentRoute.value.path).toBe('/'))
    expect(created).toEqual([{ name: 'Launch', databaseIds: ['id-of-Projects', 'id-of-Recipes'] }])
  })

  it('narrows the choice while typing, without asking the server or losing ticks', async () => {
    const page = await open()
    await vi.waitFor(() => expect(ticked(page)).toHaveLength(2))
    const before = searches
    await page.get('input[type=search]').setValue('RECI')
    expect(page.findAll('li label .font-medium').map((name) => name.text())).toEqual(['Recipes'])
    await page.get('input[type=search]').setValue('')
    expect(ticked(page)).toHaveLength(2)
    expect(searches).toBe(before)
  })

  it('looks again by itself while Notion is still indexing, ever later, until there is no more reason', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const full = answer
      answer = { databases: [], stale: [], indexing: true }
      const page = await open()
      await vi.waitFor(() => expect(page.text()).toContain('Notion is still preparing'))
      const asked: number[] = []
      for (let second = 0, before = searches; second <= 30; second += 1) {
        await vi.advanceTimersByTimeAsync(1_000)
        await flushPromises()
        if (searches > before) asked.push(second)
        before = searches
      }
      const pauses = asked.slice(1).map((second, index) => second - (asked[index] ?? 0))
      expect(asked[0]).toBeLessThanOrEqual(3)
      expect(pauses.length).toBeGreaterThanOrEqual(3)
      expect(pauses).toEqual([...pauses].sort((one, other) => one - other))
      answer = full
      await vi.advanceTimersByTimeAsync(30_000)
      await vi.waitFor(() => expect(ticked(page)).toHaveLength(2))
      const before = searches
      await vi.advanceTimersByTimeAsync(300_000)
      expect(searches).toBe(before)
      expect(page.text()).not.toContain('Notion is still preparing')
    } finally {
      vi.useRealTimers()
    }
  })

  it('names the workspace that could not be refreshed, and why', async () => {
    answer = { ...answer, stale: [{ connectionId: 1, code: 'NOTION_TOKEN_INVALID' }] }
    const page = await open()
    await vi.waitFor(() => expect(page.text()).toContain('“Acme” could not be refreshed'))
    expect(page.text()).toContain('Your Notion connection has expired.')
    expect(page.findAll('a').map((link) => link.attributes('href'))).toContain('/connect-notion')
  })

  it('claims nothing about what Notion shows when that could not be asked', async () => {
    const claim = 'Notion shows Roundup no databases.'
    answer = { databases: [], stale: [], indexing: false }
    const page = await open()
    await vi.waitFor(() => expect(page.text()).toContain(claim))
    failing = true
    await page.get('input[type=search] + button').trigger('click')
    await vi.waitFor(() => expect(page.text()).toContain('Notion had a problem.'))
    expect(page.text()).not.toContain(claim)
    failing = false
    answer = { ...answer, stale: [{ connectionId: 1, code: 'NOTION_UNAVAILABLE' }] }
    await page.get('input[type=search] + button').trigger('click')
    await vi.waitFor(() => expect(page.text()).toContain('“Acme” could not be refreshed'))
    expect(page.text()).not.toContain(claim)
  })

  it('leads to connecting when there is no workspace', async () => {
    workspaces = []
    const page = await open()
    await vi.waitFor(() => expect(page.text()).toContain('No Notion workspace is connected yet.'))
    expect(page.find('form').exists()).toBe(false)
  })
})
