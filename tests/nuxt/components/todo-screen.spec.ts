import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import TodoScreen from '~/components/Todo/Screen.vue'
import { ApiError } from '~/composables/api/api-error'
import { useOutbox } from '~/composables/offline/useOutbox'
import { ReplicaKey } from '~/composables/todos/useReplica'
import { useTick } from '~/composables/todos/useTick'
import type { Hiding } from '~/composables/views/useHiding'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { aReply, aTodo } from '../../support/todos'

const NO_SOURCES = { databases: [], workspaces: [], me: [] }
registerEndpoint('/api/views', () => ({ views: [], rules: [], sources: NO_SOURCES }))
registerEndpoint('/api/views/rules', { method: 'PUT', handler: () => ({ rules: [] }) })
registerEndpoint('/api/todos/changes', {
  method: 'POST',
  handler: () => ({ entry: '00000000-0000-4000-8000-00000000000e', accepted: [], refused: [] }),
})

const TODOS = [
  aTodo({ id: 1, text: 'Call Bob' }),
  aTodo({ id: 2, text: 'Order butter' }),
  aTodo({ id: 3, text: 'Order flour' }),
]

let refresh = () => Promise.resolve()
let leave = () => {}
/** As in the layout. */
async function open() {
  const Layout = defineComponent({
    components: { TodoScreen },
    setup() {
      provide(ReplicaKey, { pull: () => Promise.resolve(), refresh: () => refresh() })
    },
    template: `<main id="main" tabindex="-1"><TodoScreen title="All to-dos" /></main>`,
  })
  const screen = await mountSuspended(Layout, { attachTo: document.body })
  leave = () => screen.unmount()
  await vi.waitFor(() => expect(box(1)).toBeDefined())
  return screen
}

function find(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector)
  if (!element) throw new Error(`There is no ${selector}`)
  return element
}
const box = (id: number) => find(`input[data-todo="${id}"]`)
function button(name: string): HTMLElement {
  const all = [...document.querySelectorAll<HTMLElement>('button')]
  const found = all.find((one) => one.textContent.trim() === name || one.getAttribute('aria-label') === name)
  if (!found) throw new Error(`There is no button "${name}"`)
  return found
}
function press(key: string, more: KeyboardEventInit = {}): void {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  ;(document.activeElement ?? document.body).dispatchEvent(event)
}
function pressButton(name: string): void {
  button(name).focus()
  button(name).click()
}
const inHand = () => document.activeElement?.getAttribute('data-todo') ?? document.activeElement?.id
const checked = () =>
  useTodosStore()
    .todos.filter((todo) => todo.checked)
    .map(({ id }) => id)

const lastHiding = () => useState<Hiding | null>('last-hiding', () => null)

let seq = 0
function pull(todos: Todo[], removed: number[] = []): void {
  const store = useTodosStore()
  seq += 1
  store.merge(aReply(todos, { seq, removed }), store.beginPull())
}

describe('TodoScreen', () => {
  beforeEach(() => {
    refresh = () => Promise.resolve()
    useOutbox().clear()
    for (const store of [useTodosStore(), useViewStore(), useListStore()]) store.clear()
    useTick().lastEntry.value = null
    lastHiding().value = null
    pull(TODOS)
  })
  afterEach(() => leave())

  it('ticks nothing that is not there any more', async () => {
    await open()
    box(1).focus()
    press('ArrowDown', { shiftKey: true })
    await vi.waitFor(() => button('Clear'))
    useViewStore().change({ query: 'flour' })
    await vi.waitFor(() => expect(document.querySelector('input[data-todo="1"]')).toBeNull())
    expect([...useListStore().selected]).toEqual([])
    box(3).focus()
    press('x')
    await vi.waitFor(() => expect(checked()).toEqual([3]))
  })

  it.each(['Done', 'Reopen', 'Clear'])(
    'goes back to the hand after %s for what is selected',
    async (name) => {
      await open()
      box(1).focus()
      press('ArrowDown', { shiftKey: true })
      await vi.waitFor(() => button(name))
      pressButton(name)
      await vi.waitFor(() => expect(inHand()).toBe('2'))
    },
  )

  describe('while the filter line is ahead of a long list', () => {
    const texts = () =>
      [...document.querySelectorAll('.todo-list li p')].map((text) => text.textContent.trim())
    beforeEach(async () => {
      pull(
        Array.from({ length: 2_000 }, (_, at) =>
          // What stays is not among the rows that are drawn before.
          aTodo({
            id: at + 1,
            position: at,
            text: `${at < 300 ? 'Sow' : 'Mow'} ${at}`,
            checked: at === 1_999,
          }),
        ),
      )
      await open()
    })

    it('draws what is sure to stay in the same frame, and goes on from there when the list follows', async () => {
      useViewStore().lookAhead('mow')
      await nextTick()
      expect(texts().slice(0, 3)).toEqual(['Mow 300', 'Mow 301', 'Mow 302'])
      expect(texts().length, 'a window full of them').toBeGreaterThan(20)
      expect(useViewStore().view.query, 'nothing else has followed').toBe('')
      const row = box(302)
      useViewStore().change({ query: 'mow' })
      await nextTick()
      expect(texts().slice(0, 3)).toEqual(['Mow 300', 'Mow 301', 'Mow 302'])
      expect(box(302)).toBe(row)
    })

    it('stays as it is when nothing is sure, or nothing would be left', async () => {
      const before = texts()
      for (const line of ['is:done', 'nowhere']) {
        useViewStore().lookAhead(line)
        await nextTick()
        expect(texts(), line).toEqual(before)
      }
      useViewStore().change({ query: '"mow 30"' })
      await vi.waitFor(() => expect(texts()).toHaveLength(10))
      const narrow = texts()
      useViewStore().lookAhead('"mow 301" or sow')
      await nextTick()
      expect(texts()).toEqual(narrow)
    })

    it('is what typing does, letter by letter', async () => {
      const line = find('input[type=search]')
      if (!(line instanceof HTMLInputElement)) throw new Error('There is no filter line')
      line.focus()
      line.value = 'mow'
      line.dispatchEvent(new Event('input', { bubbles: true }))
      await nextTick()
      expect(texts()[0]).toBe('Mow 300')
      expect(useViewStore().view.query).toBe('')
      await vi.waitFor(() => expect(useViewStore().view.query).toBe('mow'))
      expect(useViewStore().ahead).toBeNull()
    })
  })

  it('goes back to the hand, or to the page, when the filter line is left', async () => {
    await open()
    const line = find('input[type=search]')
    line.focus()
    press('Escape')
    await vi.waitFor(() => expect(inHand()).toBe('main'))
    box(2).focus()
    line.focus()
    press('Escape')
    await vi.waitFor(() => expect(inHand()).toBe('2'))
  })

  it('goes to the page when the last to-do leaves', async () => {
    await open()
    box(1).focus()
    pull([], [1, 2, 3])
    await vi.waitFor(() => expect(inHand()).toBe('main'))
  })

  it('goes back to the list that takes the place of “nothing matches”', async () => {
    await open()
    box(2).focus()
    useViewStore().change({ query: 'nowhere' })
    await vi.waitFor(() => button('Clear the search'))
    pressButton('Clear the search')
    await vi.waitFor(() => expect(inHand()).toMatch(/^(2|main)$/))
  })

  it('goes back to the hand when the offer to undo is closed, and to the to-do when it is taken', async () => {
    await open()
    box(1).focus()
    press('x')
    await vi.waitFor(() => button('Close'))
    pressButton('Close')
    await vi.waitFor(() => expect(inHand()).toBe('1'))
    box(2).focus()
    press('x')
    box(3).focus()
    await vi.waitFor(() => button('Undo'))
    pressButton('Undo')
    await vi.waitFor(() => expect(inHand()).toBe('2'))
  })

  it('goes back to the hand, and to no to-do, when a page is shown again', async () => {
    await open()
    box(1).focus()
    press('x')
    box(3).focus()
    // Told apart by when they were done.
    const at = Date.now() + 1
    lastHiding().value = { page: 1, name: 'Page 1', before: null, at, failure: null }
    await vi.waitFor(() => expect(document.body.textContent).toContain('“Page 1” is hidden.'))
    useTick().lastEntry.value = null
    pressButton('Undo')
    await vi.waitFor(() => expect(lastHiding().value).toBeNull())
    await vi.waitFor(() => expect(inHand()).toBe('3'))
  })

  it('says that refreshing failed until the server answers later', async () => {
    await open()
    refresh = () => Promise.reject(new ApiError('INTERNAL'))
    const store = useTodosStore()
    const early = store.beginPull()
    press('r')
    await vi.waitFor(() => expect(find('[role=alert]').textContent).not.toBe(''))
    store.merge(aReply(TODOS, { seq }), early)
    await nextTick()
    expect(document.querySelector('[role=alert]'), 'an answer from before').not.toBeNull()
    pull(TODOS)
    await vi.waitFor(() => expect(document.querySelector('[role=alert]')).toBeNull())
  })

  it('says how many were found, and tells it once when the typing rests', async () => {
    await open()
    const heard: string[] = []
    watch(useAnnouncer().message, (message) => heard.push(message), { flush: 'sync' })
    for (const query of ['o', 'or', 'order']) {
      useViewStore().change({ query })
      await nextTick()
    }
    expect(find('header').textContent).toContain('2 found')
    expect(heard).toEqual([])
    await vi.waitFor(() => expect(heard).toEqual(['2 found']), 3_000)
    useViewStore().change({ query: '' })
    await nextTick()
    expect(find('header').textContent).not.toContain('found')
  })

  it('leaves what came with the page to be read when the list does not come', async () => {
    useTodosStore().clear()
    const Page = defineComponent({
      components: { TodoScreen },
      setup() {
        provide(ReplicaKey, { pull: () => Promise.resolve(), refresh: () => refresh() })
      },
      template: `<TodoScreen title="All to-dos"><template #waiting="{ busy }">First rows, {{ busy }}</template></TodoScreen>`,
    })
    const screen = await mountSuspended(Page)
    leave = () => screen.unmount()
    expect(screen.text()).toContain('First rows, true')
    useTodosStore().fail('OFFLINE')
    await nextTick()
    expect(screen.text()).toContain('First rows, false')
    expect(screen.find('[role=alert]').text()).not.toBe('')
  })
})
