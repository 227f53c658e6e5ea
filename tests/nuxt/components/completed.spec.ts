import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { describe, expect, it, vi } from 'vitest'
import Completed from '~/components/Todo/Completed.vue'

let next: string | null = null
registerEndpoint('/api/history', () => ({ entries: [], next }))

describe('the log of what was done', () => {
  it('does not say that nothing ever was, while there may be something earlier', async () => {
    next = '00000000-0000-4000-8000-000000000001'
    const log = await mountSuspended(Completed)
    await vi.waitFor(() => expect(log.find('button').exists()).toBe(true), 5_000)
    expect(log.get('button').text()).toBe('Show earlier days')
    expect(log.text()).toContain('Nothing was done here lately.')
    expect(log.text()).not.toContain('Nothing was done here yet.')
    next = null
    await log.get('button').trigger('click')
    await vi.waitFor(() => expect(log.text()).toContain('Nothing was done here yet.'), 5_000)
    expect(log.find('button').exists()).toBe(false)
  })
})
