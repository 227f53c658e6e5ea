import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { createError, readBody, setResponseStatus } from 'h3'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '~/composables/session/useSession'
import { useTick } from '~/composables/todos/useTick'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

type Outcome = 'accept' | { status: number; code: string } | 'vanish'

/** Requests that wait until the test answers them. */
const requests: { checked: boolean; answer: (outcome: Outcome) => void }[] = []

registerEndpoint('/api/toggle-checkbox', {
  method: 'POST',
  handler: async (event) => {
    const body = (await readBody(event)) as { id: string; to_do: { checked: boolean } }
    const outcome = await new Promise<Outcome>((answer) =>
      requests.push({ checked: body.to_do.checked, answer }),
    )
    if (outcome === 'accept') return { ...body, write: { state: 'waiting' } }
    if (outcome === 'vanish') throw createError({ statusCode: 502, data: 'a proxy’s page' })
    setResponseStatus(event, outcome.status)
    return { error: { code: outcome.code, message: 'x', requestId: 'r' } }
  },
})

const TODO = aTodo({ id: 1 })
const shown = () => useTodosStore().todos[0]

async function nextRequest(count: number) {
  await vi.waitFor(() => expect(requests).toHaveLength(count))
  const request = requests[count - 1]
  if (!request) throw new Error('No such request')
  return request
}

describe('useTick', () => {
  beforeEach(() => {
    requests.length = 0
    const store = useTodosStore()
    store.clear()
    store.merge(aReply([TODO]), store.beginPull())
  })

  it('changes the box at once and sends the tick', async () => {
    const ticking = useTick().tick(TODO, true)
    expect(shown()).toMatchObject({ checked: true, write: { state: 'waiting' } })
    const request = await nextRequest(1)
    expect(request.checked).toBe(true)
    request.answer('accept')
    await ticking
    expect(shown()?.checked).toBe(true)
  })

  it('lets the last of many clicks win, with one request at a time', async () => {
    const { tick } = useTick()
    const first = tick(TODO, true)
    const others = [tick(TODO, false), tick(TODO, true), tick(TODO, false)]
    const request = await nextRequest(1)
    await Promise.all(others)
    expect(requests).toHaveLength(1)
    request.answer('accept')
    const second = await nextRequest(2)
    expect(second.checked).toBe(false)
    second.answer('accept')
    await first
    expect(requests.map(({ checked }) => checked)).toEqual([true, false])
    expect(shown()?.checked).toBe(false)
  })

  it('sends nothing more when the last click is what is already on its way', async () => {
    const { tick } = useTick()
    const first = tick(TODO, true)
    void tick(TODO, false)
    void tick(TODO, true)
    ;(await nextRequest(1)).answer('accept')
    await first
    expect(requests).toHaveLength(1)
    expect(shown()?.checked).toBe(true)
  })

  it('shares its requests with every other place that ticks', async () => {
    const here = useTick().tick(TODO, true)
    void useTick().tick(TODO, false)
    ;(await nextRequest(1)).answer('accept')
    ;(await nextRequest(2)).answer('accept')
    await here
    expect(requests.map(({ checked }) => checked)).toEqual([true, false])
  })

  it.each([
    [{ status: 404, code: 'NOTION_BLOCK_NOT_FOUND' }, 'NOTION_BLOCK_NOT_FOUND'],
    [{ status: 429, code: 'TOO_MANY_REQUESTS' }, 'TOO_MANY_REQUESTS'],
    ['vanish' as const, 'INTERNAL'],
  ])('keeps the box as clicked and says why when it fails: %j', async (outcome, code) => {
    const ticking = useTick().tick(TODO, true)
    ;(await nextRequest(1)).answer(outcome)
    await ticking
    expect(shown()).toMatchObject({ checked: true, write: { state: 'failed', code } })
  })

  it('sends the same tick again on retry', async () => {
    const { tick, retry } = useTick()
    const ticking = tick(TODO, true)
    ;(await nextRequest(1)).answer({ status: 500, code: 'INTERNAL' })
    await ticking
    const failed = shown()
    if (!failed) throw new Error('The to-do is gone')
    const retrying = retry(failed)
    expect(shown()?.write.state).toBe('waiting')
    const again = await nextRequest(2)
    expect(again.checked).toBe(true)
    again.answer('accept')
    await retrying
    expect(shown()).toMatchObject({ checked: true, write: { state: 'waiting' } })
  })

  it('ends the session when the server says it is over', async () => {
    useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
    const ticking = useTick().tick(TODO, true)
    ;(await nextRequest(1)).answer({ status: 401, code: 'UNAUTHENTICATED' })
    await ticking
    expect(useSession().value).toBeNull()
    await vi.waitFor(() => expect(useTodosStore().todos).toEqual([]))
  })
})
