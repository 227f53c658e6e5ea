import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody, setResponseStatus } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import MirrorCard from '~/components/Mirror/Card.vue'
import MirrorForm from '~/components/Mirror/Form.vue'
import MirrorResult from '~/components/Mirror/Result.vue'
import { useMirrorsStore } from '~/stores/mirrors'
import type { Mirror, MirrorState } from '#shared/schemas/mirror'
import type { TodoList } from '#shared/schemas/todo-list'

const LIST: TodoList = { id: 3, name: 'Bakery', databaseIds: ['d'], createdAt: '2026-11-20T10:00:00.000Z' }
const MIRROR: Mirror = {
  id: 5,
  listId: 3,
  workspace: { connectionId: 7, name: 'Acme' },
  parent: { id: 'p', title: 'Welcome' },
  url: 'https://www.notion.so/mirror',
  state: 'ready',
  progress: null,
  result: { created: 0, updated: 2, unchanged: 40, removed: 1, tickedBack: 0, conflicts: 0, errors: [] },
  code: null,
  lastRunAt: '2026-11-20T10:00:00.000Z',
  lastSyncDate: '2026-11-20T10:00:00.000Z',
  tickBack: false,
}

let asked: { path: string; body?: unknown }[] = []
let refusal: string | null = null

/** Notes what was asked for, then refuses or answers. */
function answering(path: string, reply: unknown) {
  return async (event: Parameters<typeof readBody>[0]) => {
    const isSending = event.method === 'POST' || event.method === 'PUT'
    asked.push({ path, ...(isSending && { body: await readBody(event) }) })
    if (refusal === null) return reply
    setResponseStatus(event, 403)
    return { error: { code: refusal, message: 'x', requestId: 'r' } }
  }
}

registerEndpoint('/api/mirror-parents', () => ({
  parents: [{ id: 'p', connectionId: 7, workspaceName: 'Acme', title: 'Welcome', icon: null }],
  failed: [],
}))
registerEndpoint('/api/mirrors', { method: 'POST', handler: answering('create', { mirror: MIRROR }) })
registerEndpoint('/api/mirrors/5', {
  method: 'PUT',
  handler: answering('tick back', { mirror: { ...MIRROR, tickBack: true } }),
})
registerEndpoint('/api/mirrors/5/sync', { method: 'POST', handler: answering('sync', { mirror: MIRROR }) })

beforeEach(() => {
  asked = []
  refusal = null
})
afterEach(() => {
  document.body.innerHTML = ''
})

const card = (mirror: Partial<Mirror> = {}) =>
  mountSuspended(MirrorCard, { props: { mirror: { ...MIRROR, ...mirror }, list: LIST } })

type Mounted = Awaited<ReturnType<typeof card>>

function button(wrapper: Mounted, name: string) {
  const found = wrapper.findAll('button').find((each) => each.text().includes(name))
  if (!found) throw new Error(`no button "${name}" in: ${wrapper.text()}`)
  return found
}

describe('a mirror', () => {
  it('says where it is, what its last run did, and links to Notion', async () => {
    const wrapper = await card()
    expect(wrapper.text()).toContain('Under Welcome in Acme')
    expect(wrapper.find('dl').text()).toMatch(/updated\s*2.*unchanged\s*40.*removed\s*1/)
    expect(wrapper.find('a').attributes('href')).toBe(MIRROR.url)
  })

  it('counts along while it is written', async () => {
    const wrapper = await card({ state: 'running', progress: { done: 12, total: 400 } })
    expect(wrapper.find('[role=status]').text()).toContain('12 of 400 to-dos')
    expect(wrapper.find('dl').exists()).toBe(false)
  })

  it('that is gone from Notion is offered again under the same page, and is not made again unasked', async () => {
    const wrapper = await card({ state: 'missing', code: 'NOTION_DATABASE_NOT_FOUND', tickBack: true })
    expect(wrapper.text()).toContain('The database is gone from Notion')
    expect(asked).toEqual([])
    await button(wrapper, 'Create it again').trigger('click')
    const body = { listId: 3, connectionId: 7, parentPageId: 'p', tickBack: true }
    await vi.waitFor(() => expect(asked).toEqual([{ path: 'create', body }]))
    expect(useMirrorsStore().byList.get(3)?.state).toBe('ready')
  })

  it.each<[Partial<Mirror>, string]>([
    [{ state: 'failed', code: 'NOTION_PLAN_LIMIT' }, 'Your Notion plan takes no more content'],
    [{ state: 'paused' }, 'Its workspace is not connected'],
  ])('%o says what is the matter', async (mirror, sentence) => {
    expect((await card(mirror)).text()).toContain(sentence)
  })

  it.each<MirrorState>(['missing', 'paused'])('that is %s cannot be brought in step', async (state) => {
    expect((await card({ state })).text()).not.toContain('Bring in step now')
  })

  it('says so when what was asked for did not work', async () => {
    refusal = 'NOTION_NOT_CONNECTED'
    const wrapper = await card()
    await button(wrapper, 'Bring in step now').trigger('click')
    await vi.waitFor(() => expect(wrapper.find('[role=alert]').exists()).toBe(true))
  })

  it('takes ticks over when switched on', async () => {
    const wrapper = await card()
    await wrapper.find('[role=switch]').trigger('click')
    await vi.waitFor(() => expect(asked).toEqual([{ path: 'tick back', body: { tickBack: true } }]))
  })
})

it('what could not be written is told with its reason', async () => {
  const errors = [{ code: 'NOTION_PLAN_LIMIT' as const, count: 50 }]
  const result = { created: 0, updated: 0, unchanged: 10, removed: 0, tickedBack: 1, conflicts: 2, errors }
  const wrapper = await mountSuspended(MirrorResult, { props: { result } })
  expect(wrapper.text()).toContain('50 to-dos: Your Notion plan takes no more content in this workspace.')
  expect(wrapper.text()).toContain('ticks not taken over')
})

it('a mirror needs a page before it can be made', async () => {
  const wrapper = await mountSuspended(MirrorForm, { props: { listId: 3 } })
  expect(wrapper.find('button[type=submit]').attributes('disabled')).toBeDefined()
  await wrapper.find('form').trigger('submit')
  expect(asked).toEqual([])
})
