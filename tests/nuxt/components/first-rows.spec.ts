import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { firstRows } from '#shared/todo/first-rows'
import FirstRows from '~/components/Todo/FirstRows.vue'
import TodoScreen from '~/components/Todo/Screen.vue'
import { useOutbox } from '~/composables/offline/useOutbox'
import { ReplicaKey } from '~/composables/todos/useReplica'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

registerEndpoint('/api/views', () => ({
  views: [],
  rules: [],
  sources: { databases: [], workspaces: [], me: [] },
}))
const asked = vi.fn<(body: unknown) => void>()
registerEndpoint('/api/todos/changes', {
  method: 'POST',
  handler: async (event) => {
    asked(await readBody(event))
    return { entry: '00000000-0000-4000-8000-00000000000e', accepted: [], refused: [] }
  },
})

const TODOS = [
  aTodo({ id: 1, text: 'Call Bob' }),
  aTodo({ id: 2, text: 'Order butter' }),
  aTodo({ id: 3, text: 'Order flour' }),
]

describe('the rows that come with the page', () => {
  let leave = () => {}
  beforeEach(() => {
    useTodosStore().clear()
    useOutbox().clear()
    asked.mockClear()
  })
  afterEach(() => leave())

  /** As the page of all to-dos has them, while the list is on its way. */
  async function open() {
    const Page = defineComponent({
      components: { FirstRows, TodoScreen },
      setup() {
        provide(ReplicaKey, { pull: () => Promise.resolve(), refresh: () => Promise.resolve() })
        return { rows: firstRows(TODOS, [], undefined) }
      },
      template: `<main id="main" tabindex="-1"><TodoScreen title="All to-dos">
        <template #waiting="{ busy }"><FirstRows :rows="rows" :busy="busy" /></template>
      </TodoScreen></main>`,
    })
    const page = await mountSuspended(Page, { attachTo: document.body })
    leave = () => page.unmount()
    return page
  }
  const box = (id: number, within = '') => {
    const found = document.querySelector<HTMLInputElement>(`${within} input[data-todo="${id}"]`)
    if (!found) throw new Error(`There is no box of ${id}`)
    return found
  }
  function listComes(done?: number): void {
    const store = useTodosStore()
    const todos = TODOS.map((todo) => (todo.id === done ? { ...todo, checked: true } : todo))
    store.merge(aReply(todos, { seq: 1 }), store.beginPull())
  }

  it('are ticked at once: shown, sent with what was seen, and taken back by name', async () => {
    const page = await open()
    box(1).click()
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce())
    const [notionId, text] = [TODOS[0]?.notionId, 'Call Bob']
    expect(asked.mock.calls[0]?.[0]).toMatchObject({ changes: [{ id: notionId, checked: true, text }] })
    await vi.waitFor(() => expect(page.text()).toContain('Done: Call Bob'))
    expect(box(1).checked).toBe(true)
    expect(box(2).checked).toBe(false)
  })

  it('are still ticked in the list that comes, though it was asked for before', async () => {
    await open()
    const store = useTodosStore()
    const pull = store.beginPull()
    box(1).click()
    store.merge(aReply(TODOS, { seq: 1 }), pull)
    await vi.waitFor(() => expect(box(1, '.todo-list').checked).toBe(true))
    expect(box(2, '.todo-list').checked).toBe(false)
  })

  it('hand the focus on to the same row of the list', async () => {
    await open()
    box(2).focus()
    listComes()
    await vi.waitFor(() => expect(document.activeElement).toBe(box(2, '.todo-list')))
  })

  it('hand the focus on to the next row where theirs is done, and to a heading', async () => {
    await open()
    box(2).focus()
    box(2).click()
    const store = useTodosStore()
    await vi.waitFor(() => expect(store.lingering.size).toBe(1))
    await vi.waitFor(() => expect(store.lingering.size).toBe(0), 5_000)
    listComes(2)
    await vi.waitFor(() => expect(document.activeElement).toBe(box(3, '.todo-list')))

    leave()
    useTodosStore().clear()
    await open()
    document.querySelector<HTMLElement>('main [data-row] a')?.focus()
    listComes()
    await vi.waitFor(() => expect(document.activeElement?.closest('.todo-list [data-row]')).not.toBeNull())
  })

  it('know what has arrived, so that a tick can be taken back, and drop what the list does not have', async () => {
    await open()
    const store = useTodosStore()
    box(1).click()
    await vi.waitFor(() => expect(store.word(1)?.checked).toBe(true))
    store.failWish(3, 'INVALID_REQUEST', true)
    store.merge(aReply(TODOS.slice(0, 2), { seq: 1 }), store.beginPull())
    expect(store.wishOf(3)).toBeUndefined()
  })

  it('leave the focus alone that is somewhere else', async () => {
    const page = await open()
    const line = page.get<HTMLInputElement>('input[type=search]').element
    line.focus()
    listComes()
    await vi.waitFor(() => expect(box(2, '.todo-list')).toBeDefined())
    expect(document.activeElement).toBe(line)
  })
})
