import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody, setResponseStatus } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '~/composables/session/useSession'
import ConnectNotion from '~/pages/connect-notion.vue'
import { WORKSPACE } from '../../support/library'

let posted: unknown[] = []
let failWith: { status: number; code: string } | null = null

registerEndpoint('/api/connect-notion', {
  method: 'POST',
  handler: async (event) => {
    posted.push(await readBody(event))
    if (failWith) {
      setResponseStatus(event, failWith.status)
      return { error: { code: failWith.code, message: 'x', requestId: 'r' } }
    }
    return { workspace: WORKSPACE, databases: [], indexing: false, returnTo: '/databases' }
  },
})
registerEndpoint('/api/connect-notion/cancel', {
  method: 'POST',
  handler: async (event) => {
    posted.push(await readBody(event))
    return { outcome: 'cancelled' }
  },
})
registerEndpoint('/api/auth-notion', () => ({ connected: true, workspaces: [WORKSPACE] }))
registerEndpoint('/api/todo-lists', () => ({ lists: [] }))
registerEndpoint('/api/search-notion', () => ({ databases: [], stale: [], indexing: false }))
registerEndpoint('/api/todos', () => ({ todos: [], removed: [], seq: 1, sync: null }))

/** A state works once, also across tests: each attempt has its own. */
let attempts = 0
const comeBack = (query: string) =>
  mountSuspended(ConnectNotion, { route: `/connect-notion?state=s${++attempts}&${query}` })
const path = () => useRouter().currentRoute.value.fullPath

describe('/connect-notion', () => {
  beforeEach(() => {
    posted = []
    failWith = null
    useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
  })
  afterEach(() => vi.restoreAllMocks())

  it('explains what is read, written and stored, and starts with one link', async () => {
    const page = await mountSuspended(ConnectNotion, { route: '/connect-notion?returnTo=//evil.example' })
    expect(page.text()).toContain('What is read')
    expect(page.get('a[href^="/api/"]').attributes('href')).toBe(
      '/api/auth/notion/start?returnTo=%2Fdatabases',
    )
    expect(posted).toEqual([])
  })

  it('posts the code once and goes to the databases, leaving nothing in the address', async () => {
    const page = await comeBack('code=secret-code')
    expect(page.text()).not.toContain('secret-code')
    await vi.waitFor(() => expect(path()).toBe('/databases'))
    expect(posted).toEqual([{ code: 'secret-code', state: `s${attempts}` }])
  })

  it('posts once although it is mounted twice with the same answer', async () => {
    const twice = defineComponent(() => () => h('div', [h(ConnectNotion), h(ConnectNotion)]))
    await mountSuspended(twice, { route: `/connect-notion?state=s${++attempts}&code=secret-code` })
    await vi.waitFor(() => expect(path()).toBe('/databases'))
    expect(posted).toHaveLength(1)
  })

  it('has taken the code out of the address by the time it says what happened', async () => {
    failWith = { status: 400, code: 'OAUTH_STATE_INVALID' }
    const page = await comeBack('code=secret-code')
    await vi.waitFor(() => expect(page.find('[role=alert]').exists()).toBe(true))
    expect(path()).toBe('/connect-notion')
  })

  it.each([
    [{ status: 400, code: 'OAUTH_STATE_INVALID' }, 'already used or is too old', 'Start again.'],
    [{ status: 500, code: 'NOTION_OAUTH_FAILED' }, 'Could not connect Notion.', 'Nothing was stored.'],
    [{ status: 503, code: 'NOTION_UNAVAILABLE' }, 'Notion cannot be reached.', ''],
  ])('says %j and offers the way on', async (failure, sentence, advice) => {
    failWith = failure
    const page = await comeBack('code=secret-code')
    await vi.waitFor(() => expect(page.find('[role=alert]').text()).toContain(sentence))
    expect(page.get('[role=alert]').text()).toContain(advice)
    expect(page.find('a[href^="/api/auth/notion/start"]').exists()).toBe(true)
  })

  it('says that the person cancelled, and uses the state up', async () => {
    const page = await comeBack('error=access_denied')
    await vi.waitFor(() => expect(page.find('[role=alert]').text()).toContain('You cancelled'))
    expect(posted).toEqual([{ error: 'access_denied', state: `s${attempts}` }])
  })

  it('asks to sign in, and keeps the code to itself, when the session is gone', async () => {
    useSession().value = null
    const page = await comeBack('code=secret-code')
    await vi.waitFor(() =>
      expect(page.find('[role=alert]').text()).toContain('You were signed out on the way'),
    )
    expect(posted).toEqual([])
    expect(page.find('a[href^="/api/"]').exists()).toBe(false)
    expect(page.html()).not.toContain('secret-code')
  })
})
