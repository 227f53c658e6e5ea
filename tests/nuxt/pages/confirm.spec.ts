import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody } from 'h3'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '~/composables/session/useSession'
import Confirm from '~/pages/confirm.vue'

const ADA = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }

let posted: unknown[] = []
registerEndpoint('/api/session/confirm', {
  method: 'POST',
  handler: async (event) => {
    posted.push(await readBody(event))
    return { user: ADA }
  },
})
registerEndpoint('/api/auth-notion', () => ({ connected: false, workspaces: [] }))
registerEndpoint('/api/todo-lists', () => ({ lists: [] }))
registerEndpoint('/api/search-notion', () => ({ databases: [], stale: [], indexing: false }))

describe('/confirm', () => {
  beforeEach(() => {
    posted = []
    useSession().value = null
  })

  it('follows a code at once: it only works in the browser that asked for it', async () => {
    await mountSuspended(Confirm, { route: '/confirm?code=abc' })
    await vi.waitFor(() => expect(useSession().value).toEqual(ADA))
    expect(posted).toEqual([{ code: 'abc' }])
  })

  it('asks first where the link could be anybody’s, so that nobody is lured into another account', async () => {
    const page = await mountSuspended(Confirm, { route: '/confirm?token_hash=abc&type=magiclink' })
    await vi.waitFor(() => expect(page.text()).toContain('Did you ask for this link?'))
    expect(useRouter().currentRoute.value.query, 'the link has left the address').toEqual({})
    expect(posted).toEqual([])
    expect(useSession().value).toBeNull()

    await page.get('button').trigger('click')
    await vi.waitFor(() => expect(useSession().value).toEqual(ADA))
    expect(posted).toEqual([{ tokenHash: 'abc', type: 'magiclink' }])
  })
})
