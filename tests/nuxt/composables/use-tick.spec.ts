import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { createError, readBody, setResponseHeader, setResponseStatus } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChangesBody } from '#shared/schemas/todo'
import { useOutbox } from '~/composables/offline/useOutbox'
import { useSession } from '~/composables/session/useSession'
import { useTick } from '~/composables/todos/useTick'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

type Outcome =
  | 'accept'
  /** A proxy's page instead of an answer. */
  | 'vanish'
  | { status: number; code: string; retryAfter?: number }
  | { refuse: string; code: string }

/** Requests that wait until the test answers them. */
const requests: { body: ChangesBody & { entry?: string }; answer: (outcome: Outcome) => void }[] = []
/** What the server has taken, by the browser's own name for it, as it would. */
const taken = new Map<string, ChangesBody['changes']>()

async function serve(event: Parameters<typeof readBody>[0], entry?: string) {
  const body = (await readBody(event)) as ChangesBody & { ids?: string[] }
  const outcome = await new Promise<Outcome>((answer) =>
    requests.push({ body: { ...body, ...(entry && { entry }) }, answer }),
  )
  if (outcome === 'vanish') throw createError({ statusCode: 502, data: 'a proxy’s page' })
  if (typeof outcome === 'object' && 'status' in outcome) {
    setResponseStatus(event, outcome.status)
    if (outcome.retryAfter !== undefined) setResponseHeader(event, 'retry-after', outcome.retryAfter)
    const { code, retryAfter } = outcome
    return { error: { code, message: 'x', requestId: 'r', ...(retryAfter !== undefined && { retryAfter }) } }
  }
  const changes = taken.get(body.clientId) ?? body.changes ?? []
  taken.set(body.clientId, changes)
  const refused = outcome === 'accept' ? [] : [{ id: outcome.refuse, code: outcome.code }]
  return { entry: `entry-${body.clientId}`, accepted: changes.map(({ id }) => id), refused }
}

registerEndpoint('/api/todos/changes', { method: 'POST', handler: (event) => serve(event) })
const undone: string[] = []
registerEndpoint('/api/todos/write', {
  method: 'POST',
  handler: async (event) => {
    const body = (await readBody(event)) as { id: string; action: string }
    undone.push(body.action)
    return body
  },
})

const TODO = aTodo({ id: 1 })
const shown = (id = 1) => useTodosStore().todo(id)
const sent = () => requests.map(({ body }) => body.changes.map(({ checked }) => checked))

async function nextRequest(count: number) {
  await vi.waitFor(() => expect(requests).toHaveLength(count), 5_000)
  const request = requests[count - 1]
  if (!request) throw new Error('No such request')
  return request
}

describe('useTick', () => {
  beforeEach(() => {
    requests.length = 0
    undone.length = 0
    taken.clear()
    useOutbox().clear()
    const store = useTodosStore()
    store.clear()
    const more = Array.from({ length: 1_100 }, (_, index) => aTodo({ id: index + 10 }))
    store.merge(aReply([TODO, aTodo({ id: 2 }), ...more]), store.beginPull())
  })
  afterEach(() => {
    for (const { answer } of requests) answer('accept')
  })

  it('changes the box at once and sends the tick', async () => {
    const ticking = useTick().tick(TODO, true)
    expect(shown()).toMatchObject({ checked: true, write: { state: 'waiting' } })
    const request = await nextRequest(1)
    expect(request.body).toMatchObject({ changes: [{ id: TODO.notionId, checked: true }], source: 'list' })
    request.answer('accept')
    await ticking
    expect(shown()?.checked).toBe(true)
  })

  it('says what the person saw, of a long text the beginning', async () => {
    const store = useTodosStore()
    const long = aTodo({ id: 2, text: '🎉'.repeat(300) })
    store.merge(aReply([aTodo({ id: 1, text: 'Buy milk' }), long], { seq: 2 }), store.beginPull())
    void useTick().tickMany([TODO, long], true)
    const { body } = await nextRequest(1)
    expect(body.changes.map(({ text }) => text)).toEqual(['Buy milk', '🎉'.repeat(200)])
  })

  it('lets the last of many clicks win, with one request at a time', async () => {
    const { tick } = useTick()
    const clicks = [tick(TODO, true)]
    const request = await nextRequest(1)
    clicks.push(tick(TODO, false), tick(TODO, true), tick(TODO, false))
    expect(requests).toHaveLength(1)
    request.answer('accept')
    ;(await nextRequest(2)).answer('accept')
    await Promise.all(clicks)
    expect(sent()).toEqual([[true], [false]])
    expect(shown()?.checked).toBe(false)
  })

  it('sends nothing more when the last click is what is already on its way', async () => {
    const { tick } = useTick()
    const clicks = [tick(TODO, true)]
    const request = await nextRequest(1)
    clicks.push(tick(TODO, false), tick(TODO, true))
    request.answer('accept')
    await Promise.all(clicks)
    expect(requests).toHaveLength(1)
    expect(shown()).toMatchObject({ checked: true, write: { state: 'waiting' } })
  })

  it('does not wait for one to-do with another', async () => {
    void useTick().tick(TODO, true)
    void useTick().tick(aTodo({ id: 2 }), true)
    await nextRequest(2)
  })

  it('sends many in one request for five hundred', async () => {
    const todos = Array.from({ length: 1_100 }, (_, index) => aTodo({ id: index + 10 }))
    const ticking = useTick().tickMany(todos, true)
    await nextRequest(3)
    for (const { answer } of requests) answer('accept')
    await ticking
    expect(requests.map(({ body }) => body.changes.length)).toEqual([500, 500, 100])
    // Each is about what was seen of it, however many they are.
    expect(requests.flatMap(({ body }) => body.changes.map(({ text }) => text))).toEqual(
      todos.map(({ text }) => text),
    )
    expect(useTick().lastEntry.value).toMatchObject({ size: 1_100, checked: true })
  })

  it.each([
    [{ status: 503, code: 'INTERNAL' } as const],
    [{ status: 429, code: 'TOO_MANY_REQUESTS', retryAfter: 1 } as const],
    // Nobody knows whether the server had already taken it.
    ['vanish' as const],
  ])('asks again by the same name after %j', async (outcome) => {
    const ticking = useTick().tick(TODO, true)
    ;(await nextRequest(1)).answer(outcome)
    const again = await nextRequest(2)
    expect(shown()?.write.state).toBe('waiting')
    again.answer('accept')
    await ticking
    expect(requests[1]?.body).toEqual(requests[0]?.body)
    expect(taken.size).toBe(1)
  })

  it('keeps the box as clicked and says why when it is refused', async () => {
    const ticking = useTick().tick(TODO, true)
    ;(await nextRequest(1)).answer({ refuse: TODO.notionId, code: 'NOT_FOUND' })
    await ticking
    expect(shown()).toMatchObject({ checked: true, write: { state: 'failed', code: 'NOT_FOUND' } })
  })

  it('tells apart which of many was refused', async () => {
    const ticking = useTick().tickMany([TODO, aTodo({ id: 2 })], true)
    ;(await nextRequest(1)).answer({ refuse: TODO.notionId, code: 'NOTION_NOT_CONNECTED' })
    await ticking
    expect([shown(1)?.write.state, shown(2)?.write.state]).toEqual(['failed', 'waiting'])
  })

  it('sends what was refused again on retry, and forgets it on giving up', async () => {
    const { tick, retry, resolve } = useTick()
    const ticking = tick(TODO, true)
    ;(await nextRequest(1)).answer({ status: 404, code: 'NOT_FOUND' })
    await ticking
    const retrying = retry(shown() ?? TODO)
    expect(shown()?.write.state).toBe('waiting')
    ;(await nextRequest(2)).answer({ status: 404, code: 'NOT_FOUND' })
    await retrying
    await resolve(shown() ?? TODO, 'give-up')
    expect(shown()).toMatchObject({ checked: false, write: { state: 'saved' } })
    expect(undone).toEqual([])
  })

  it('lets the server decide about what failed at Notion', async () => {
    const failed = aTodo({ id: 1, checked: true, write: { state: 'failed', code: 'NOTION_API_ERROR' } })
    const store = useTodosStore()
    store.merge(aReply([failed], { seq: 2 }), store.beginPull())
    await useTick().retry(failed)
    expect(undone).toEqual(['retry'])
    expect(shown()).toMatchObject({ checked: true, write: { state: 'waiting' } })
  })

  it('takes back what has arrived', async () => {
    const { tick, undo, lastEntry } = useTick()
    const ticking = tick(TODO, true)
    const first = await nextRequest(1)
    first.answer('accept')
    await ticking
    const entry = lastEntry.value
    if (!entry) throw new Error('Nothing to undo')
    const path = `/api/history/entry-${first.body.clientId}/undo`
    registerEndpoint(path, { method: 'POST', handler: (event) => serve(event, 'undone') })
    const undoing = undo(entry)
    expect(shown()).toMatchObject({ checked: false, write: { state: 'waiting' } })
    ;(await nextRequest(2)).answer('accept')
    await undoing
    expect(requests[1]?.body).toMatchObject({ entry: 'undone', ids: [TODO.notionId] })
    expect(lastEntry.value).toBeNull()
  })

  it('ends the session when the server says it is over', async () => {
    useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
    void useTick().tick(TODO, true)
    ;(await nextRequest(1)).answer({ status: 401, code: 'UNAUTHENTICATED' })
    await vi.waitFor(() => expect(useSession().value).toBeNull())
    await vi.waitFor(() => expect(useTodosStore().todos).toEqual([]))
    await vi.waitFor(() => expect(useRouter().currentRoute.value.path).toBe('/login'), 10_000)
  })
})
