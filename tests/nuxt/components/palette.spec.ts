import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import Palette from '~/components/App/Palette.vue'
import { useHelp } from '~/composables/help/useHelp'
import { useSession } from '~/composables/session/useSession'
import { ReplicaKey } from '~/composables/todos/useReplica'
import { useShownScope } from '~/composables/views/useShownScope'
import { useLibraryStore } from '~/stores/library'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { DEFAULT_VIEW, GroupBySchema, SortBySchema } from '#shared/schemas/view'
import { SCREENS, type TodoScope } from '#shared/todo/scope'
import { aReply, aTodo } from '../../support/todos'

registerEndpoint('/api/views', () => ({
  views: [{ id: 1, name: 'Butter', view: { ...DEFAULT_VIEW, query: 'butter' }, isDefault: false }],
  rules: [],
  sources: { databases: [], workspaces: [], me: [] },
}))
registerEndpoint('/api/auth-notion', () => ({ connected: false, workspaces: [] }))
registerEndpoint('/api/todo-lists', () => ({
  lists: Array.from({ length: 15 }, (_, id) => ({
    id: id + 1,
    name: `List ${id + 1}`,
    databaseIds: [],
    createdAt: '2026-11-20T10:00:00.000Z',
  })),
}))

let unmount = () => {}
beforeEach(async () => {
  useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
  useViewStore().clear()
  useListStore().clear()
  useLibraryStore().clear()
  await Promise.all([useViewStore().ensure(), useLibraryStore().ensure()])
  useHelp().value = false
})
afterEach(() => {
  unmount()
  document.body.innerHTML = ''
})

/** The palette over a screen with a list about `scope`, or without one. */
async function openPalette(scope: TodoScope | null): Promise<void> {
  const Bar = defineComponent({ setup: () => (useShownScope(() => scope ?? {}), () => null) })
  const Screen = defineComponent({
    setup() {
      provide(ReplicaKey, { pull: () => Promise.resolve(), refresh: () => Promise.resolve() })
      const list = useListStore()
      list.isPaletteOpen = true
      return () => [
        scope && h(Bar),
        list.isPaletteOpen &&
          h(Palette, { open: true, 'onUpdate:open': (value: boolean) => (list.isPaletteOpen = value) }),
      ]
    },
  })
  const page = await mountSuspended(Screen, { route: '/history' })
  unmount = () => page.unmount()
  await vi.waitFor(() => expect(names()).toContain('Settings'))
}

const options = () => [...document.querySelectorAll<HTMLElement>('[role=option]')]
const nameOf = (option: Element) =>
  option.querySelector('[data-slot=itemLabelBase]')?.textContent.trim() ?? ''
const names = () => options().map(nameOf)
function choose(name: string): void {
  const option = options().find((one) => nameOf(one) === name)
  if (!option) throw new Error(`“${name}” is not offered`)
  option.click()
}
async function type(words: string): Promise<void> {
  const input = document.querySelector<HTMLInputElement>('[role=dialog] input')
  if (!input) throw new Error('There is nothing to type into')
  input.value = words
  input.dispatchEvent(new Event('input', { bubbles: true }))
  await nextTick()
}

describe('the palette', () => {
  it('shows everything there is, without a word typed', async () => {
    await openPalette({})
    const lists = Array.from({ length: 15 }, (_, id) => `List ${id + 1}`)
    const groups = GroupBySchema.options.length
    const sorts = SortBySchema.options.length
    expect(names()).toEqual(expect.arrayContaining([...lists, 'Butter', 'Help', 'Show all keys']))
    expect(names().filter((name) => name.startsWith('Group: '))).toHaveLength(groups)
    expect(names().filter((name) => name.startsWith('Sort: '))).toHaveLength(sorts)
  })

  it('finds twenty to-dos', async () => {
    const todos = useTodosStore()
    todos.clear()
    todos.merge(
      aReply(Array.from({ length: 30 }, (_, id) => aTodo({ id, text: `Call ${id}` }))),
      todos.beginPull(),
    )
    await openPalette({})
    await type('call')
    await vi.waitFor(() => expect(names().filter((name) => name.startsWith('Call '))).toHaveLength(20))
    todos.clear()
  })

  it('offers nothing that the screen decides by itself', async () => {
    await openPalette(SCREENS.today)
    expect(names().filter((name) => /^(Group|Sort): /.test(name))).toEqual([])
    expect(names()).toEqual(expect.arrayContaining(['Save this view', 'Export this view', 'Show done ones']))
  })

  it('offers nothing about a list where there is none', async () => {
    await openPalette(null)
    expect(names().filter((name) => /^(Group|Sort): |view$|done ones$/.test(name))).toEqual([])
    expect(names()).toContain('Refresh from Notion')
  })

  it.each([
    ['Save this view', () => useViewStore().panel, 'save'],
    ['Export this view', () => useViewStore().panel, 'more'],
    ['Show all keys', () => useListStore().isKeysOpen, true],
    ['Help', () => useHelp().value, true],
    ['Sort: Date', () => useViewStore().view.sort, 'due'],
  ])('%s', async (name, read, expected) => {
    await openPalette({})
    choose(name)
    await vi.waitFor(() => expect(read()).toBe(expected))
    expect(useListStore().isPaletteOpen).toBe(false)
  })

  it('opens a saved view', async () => {
    await openPalette(null)
    const going = new Promise<string>((resolve) => {
      const stop = useRouter().beforeResolve((to) => {
        stop()
        resolve(to.fullPath)
        return false
      })
    })
    choose('Butter')
    expect(await going).toBe('/?q=butter')
  })
})
