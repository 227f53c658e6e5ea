import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { setResponseStatus } from 'h3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { useAnnouncedTicks } from '~/composables/todos/useAnnouncedTicks'
import { useTick } from '~/composables/todos/useTick'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

registerEndpoint('/api/todos/write', {
  method: 'POST',
  handler: (event) => {
    setResponseStatus(event, 503)
    return { error: { code: 'INTERNAL', message: 'x', requestId: 'r' } }
  },
})

const FAILED = { state: 'failed', code: 'NOTION_UNAVAILABLE' } as const
const CONFLICT = { state: 'conflict', theirs: { text: 'Call Ada', checked: false } } as const

let seq = 0
async function hear(...todos: Todo[]): Promise<string> {
  const store = useTodosStore()
  said().polite('')
  seq += 1
  store.merge(aReply(todos, { seq }), store.beginPull())
  await nextTick()
  return said().message.value
}

const said = () => useAnnouncer()
const bob = (changes: Partial<Todo> = {}) => aTodo({ id: 1, text: 'Call Bob', checked: true, ...changes })

describe('useAnnouncedTicks', () => {
  let stop = () => {}
  beforeEach(async () => {
    useTodosStore().clear()
    const listener = await mountSuspended(
      defineComponent({
        setup() {
          useAnnouncedTicks()
          return () => null
        },
      }),
    )
    stop = () => listener.unmount()
  })
  afterEach(() => stop())

  it('says once that a tick was refused by Notion, at once', async () => {
    await hear(bob({ write: { state: 'waiting' } }))
    expect(await hear(bob({ write: FAILED }))).toBe('Not saved in Notion: Call Bob')
    expect(said().politeness.value).toBe('assertive')
    expect(await hear(aTodo({ id: 2 }))).toBe('')
    await hear(bob({ write: { state: 'waiting' } }))
    expect(await hear(bob({ write: FAILED })), 'another try').toBe('Not saved in Notion: Call Bob')
  })

  it('says that Notion says otherwise', async () => {
    await hear(bob({ write: { state: 'waiting' } }))
    expect(await hear(bob({ write: CONFLICT }))).toMatch(/^Changed in Notion meanwhile: Call Bob/)
  })

  it('says many in one sentence', async () => {
    await hear(bob(), aTodo({ id: 2 }))
    expect(await hear(bob({ write: FAILED }), aTodo({ id: 2, write: CONFLICT }))).toMatch(/^2 to-dos/)
  })

  it('says of a tick that was refused before the list was there', async () => {
    const store = useTodosStore()
    store.showFirst([bob({ checked: false })])
    store.wish(1, true)
    store.failWish(1, 'INVALID_REQUEST')
    expect(await hear(bob({ checked: false }), aTodo({ id: 2, write: FAILED }))).toMatch(
      /^Not saved.*: Call Bob$/,
    )
  })

  it('says nothing of what was so when the page was opened', async () => {
    expect(await hear(bob({ write: FAILED }))).toBe('')
    useTodosStore().startOver()
    await nextTick()
    expect(await hear(bob({ write: FAILED }), aTodo({ id: 2, write: FAILED })), 'another list').toBe('')
  })

  it('does not say that something is done when what was decided about it did not work', async () => {
    await hear(bob({ write: FAILED }))
    const heard: string[] = []
    const stopHearing = watch(said().message, (message) => heard.push(message), { flush: 'sync' })
    await useTick().resolve(bob({ write: FAILED }), 'give-up')
    await nextTick()
    stopHearing()
    expect(heard.filter((message) => message.startsWith('Done'))).toEqual([])
    expect(useTodosStore().todo(1)).toMatchObject({
      checked: true,
      write: { state: 'failed', code: 'INTERNAL' },
    })
  })
})
