import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import DetailPane from '~/components/Todo/DetailPane.vue'
import { useSession } from '~/composables/session/useSession'
import { ReplicaKey } from '~/composables/todos/useReplica'
import { useTick, type LastEntry } from '~/composables/todos/useTick'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

registerEndpoint('/api/history', () => ({ entries: [], next: null }))

const TODO = aTodo({ id: 1, text: 'Call Bob', checked: true })
const LAST: LastEntry = { parts: [{ clientId: 'c', todos: [TODO] }], size: 1, checked: true, at: Date.now() }

/** As in the layout. */
const Layout = defineComponent({
  components: { DetailPane },
  setup() {
    const nothing = () => Promise.resolve()
    provide(ReplicaKey, { pull: nothing, refresh: nothing })
    return { list: useListStore() }
  },
  template: `
    <main id="main" tabindex="-1"><button data-elsewhere>Elsewhere</button></main>
    <DetailPane v-if="list.detailId !== null" />
    <div role="dialog"><input data-palette /></div>
  `,
})

let leave = () => {}
async function open({ wide }: { wide: boolean }) {
  vi.spyOn(window, 'matchMedia').mockImplementation((media) =>
    Object.assign(new EventTarget(), {
      media,
      matches: wide,
      onchange: null,
      addListener: () => {},
      removeListener: () => {},
    }),
  )
  useListStore().detailId = 1
  const layout = await mountSuspended(Layout, { attachTo: document.body })
  leave = () => layout.unmount()
  await vi.waitFor(() => expect(document.body.textContent).toContain('Call Bob'))
}

/** @returns whether the key was left to what it was typed into */
function press(key: string, selector: string): boolean {
  const target = document.querySelector<HTMLElement>(selector)
  if (!target) throw new Error(`There is no ${selector}`)
  target.focus()
  return target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
}
const undone = () => useTick().lastEntry.value === null

describe('TodoDetailPane', () => {
  beforeEach(() => {
    useListStore().clear()
    const store = useTodosStore()
    store.clear()
    store.merge(aReply([TODO]), store.beginPull())
    useTick().lastEntry.value = LAST
  })
  afterEach(() => {
    leave()
    useSession().value = null
    vi.restoreAllMocks()
  })

  it('as a drawer undoes with u in itself, and lets u be typed over it', async () => {
    await open({ wide: false })
    expect(press('u', '[data-palette]'), 'the letter').toBe(true)
    expect(undone()).toBe(false)
    await vi.waitFor(() => expect(document.querySelector('[role=dialog] dl')).not.toBeNull())
    expect(press('u', '[role=dialog] button')).toBe(false)
    expect(undone()).toBe(true)
  })

  it('beside no list has its keys itself', async () => {
    await useRouter().push('/privacy')
    await open({ wide: true })
    press('u', '[data-elsewhere]')
    expect(undone()).toBe(true)
    useListStore().select([1])
    press('Escape', '[data-elsewhere]')
    expect([useListStore().selected.size, useListStore().detailId], 'the nearest first').toEqual([0, 1])
    press('Escape', 'aside button')
    expect(useListStore().detailId).toBeNull()
  })

  it('closes when its to-do is removed in Notion, and does not take the focus along', async () => {
    await open({ wide: true })
    document.querySelector<HTMLElement>('aside button')?.focus()
    const store = useTodosStore()
    store.merge(aReply([], { seq: 2, removed: [1] }), store.beginPull())
    await vi.waitFor(() => expect(document.querySelector('aside')).toBeNull())
    expect(useListStore().detailId).toBeNull()
    await vi.waitFor(() => expect(document.activeElement?.id).toBe('main'))
  })

  it('stays where there are lists, and nowhere else', async () => {
    useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
    await useRouter().push('/')
    await open({ wide: true })
    await useRouter().push('/today')
    await nextTick()
    expect(useListStore().detailId).toBe(1)
    await useRouter().push('/privacy')
    await vi.waitFor(() => expect(useListStore().detailId).toBeNull())
  })
})
