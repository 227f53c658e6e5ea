import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RouterLink } from 'vue-router'
import BottomBar from '~/components/App/BottomBar.vue'
import Sidebar from '~/components/App/Sidebar.vue'
import HelpKeys from '~/components/Help/Keys.vue'
import HelpPanel from '~/components/Help/Panel.vue'
import WorkspaceRow from '~/components/Settings/WorkspaceRow.vue'
import { useHelp } from '~/composables/help/useHelp'
import { useSession } from '~/composables/session/useSession'
import { useViewUrl } from '~/composables/views/useViewUrl'
import { useLibraryStore } from '~/stores/library'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import type { Workspace } from '#shared/schemas/connection'
import { DEFAULT_VIEW, type SavedView } from '#shared/schemas/view'
import { aReply, IDLE } from '../../support/todos'

const BUTTER: SavedView = {
  id: 1,
  name: 'Butter',
  view: { ...DEFAULT_VIEW, query: 'butter' },
  isDefault: false,
}
const BREAD: SavedView = { id: 2, name: 'Bread', view: { ...DEFAULT_VIEW, query: 'bread' }, isDefault: false }
let views: SavedView[] = []
registerEndpoint('/api/views', () => ({
  views,
  rules: [],
  sources: { databases: [], workspaces: [], me: [] },
}))

const mounted: { unmount: () => void }[] = []
beforeEach(() => {
  useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
  useLibraryStore().clear()
  useListStore().clear()
  useViewStore().clear()
  useHelp().value = false
})
afterEach(() => {
  for (const one of mounted.splice(0)) one.unmount()
  document.body.innerHTML = ''
})

/** The navigation beside a list that keeps the address, as on a real screen. */
async function open(route: string, saved: SavedView[], parts: Component[] = [Sidebar, BottomBar]) {
  views = saved
  await useViewStore().ensure()
  const Screen = defineComponent({
    setup() {
      if (useRoute().path === '/') useViewUrl()
      return () => parts.map((part) => h(part))
    },
  })
  // The stand-in of the test utilities marks nothing as current, and goes nowhere.
  const page = await mountSuspended(Screen, { route, global: { components: { RouterLink } } })
  mounted.push(page)
  await nextTick()
  return page
}

type Page = Awaited<ReturnType<typeof open>>
const currentIn = (page: Page, part: string) =>
  page.findAll(`${part} a[aria-current]`).map((link) => link.get('span, svg + *').text())
const MAIN = 'nav[aria-label="Main"]'
const link = (page: Page, name: string) => page.get(`${MAIN} a[title="${name}"]`)

describe('the navigation', () => {
  it.each([
    ['/', 'All to-dos'],
    ['/?q=butter', 'Butter'],
    ['/?q=bread', 'Bread'],
    ['/?q=something+else', 'All to-dos'],
    ['/history', 'History'],
  ])('at %s marks one entry: %s', async (route, name) => {
    const page = await open(route, [BUTTER, BREAD])
    expect(currentIn(page, MAIN)).toEqual([name])
    const highlighted = page.findAll(`${MAIN} a.bg-elevated`).map((one) => one.attributes('title'))
    expect(highlighted).toEqual([name])
    const quick = page.findAll('nav[aria-label="Quick access"] a[aria-current]').map((one) => one.text())
    expect(quick).toEqual(name === 'All to-dos' ? [name] : [])
  })

  it('leads to every to-do, also for somebody who begins with a view of their own', async () => {
    const page = await open('/', [{ ...BUTTER, isDefault: true }, BREAD])
    expect(useViewStore().view.query, 'opening the app still begins with it').toBe('butter')
    expect(currentIn(page, MAIN)).toEqual(['Butter'])
    expect(link(page, 'All to-dos').attributes('href')).toBe('/?q=')
    expect(page.get('nav[aria-label="Quick access"] a').attributes('href')).toBe('/?q=')
    await link(page, 'All to-dos').trigger('click')
    await vi.waitFor(() => expect(currentIn(page, MAIN)).toEqual(['All to-dos']))
    expect(useViewStore().view).toEqual(DEFAULT_VIEW)
    expect(page.get('nav[aria-label="Quick access"] a[aria-current]').text()).toBe('All to-dos')
  })

  it('has short addresses for everybody else', async () => {
    const page = await open('/', [BUTTER])
    expect(link(page, 'All to-dos').attributes('href')).toBe('/')
    expect(link(page, 'Butter').attributes('href')).toBe('/?q=butter')
  })

  it('has help, by name also where only icons are shown', async () => {
    const page = await open('/history', [], [Sidebar])
    await page.get('button[title="Help"]').trigger('click')
    expect(page.get('button[title="Help"]').text()).toBe('Help')
    expect(useHelp().value).toBe(true)
  })
})

describe('a workspace in the navigation', () => {
  const ACME: Workspace = {
    connectionId: 7,
    workspaceId: 'w',
    name: 'Acme',
    icon: null,
    kind: 'oauth',
    status: 'connected',
    reason: null,
    connectedAt: '2026-11-20T10:00:00.000Z',
    checkedAt: null,
  }

  it.each([
    ['connected', [7], 'Being read just now'],
    ['connected', [8], 'Connected'],
    ['connected', [], 'Connected'],
    ['needs_reauthorization', [7], 'Needs you to reconnect'],
    ['disconnected', [], 'Disconnected'],
  ] as const)('that is %s while %j are read says so', async (status, reading, words) => {
    const todos = useTodosStore()
    todos.clear()
    todos.merge(aReply([], { sync: { ...IDLE, state: 'running', reading: [...reading] } }), todos.beginPull())
    useLibraryStore().workspaces = [{ ...ACME, status }]
    const page = await open('/settings', [], [Sidebar])
    const entry = link(page, `Acme: ${words}`)
    expect(entry.text()).toBe(`Acme, ${words}`)
    expect(entry.attributes('href')).toBe('/settings#workspace-7')
    expect(currentIn(page, 'div'), 'the settings are current, not a part of them').toEqual(['Settings'])
    todos.clear()
  })

  it('is where its entry leads, and has the focus there', async () => {
    const rows = [ACME, { ...ACME, connectionId: 8, name: 'Side' }]
    const List = defineComponent({
      setup: () => () => rows.map((workspace) => h(WorkspaceRow, { workspace, key: workspace.connectionId })),
    })
    mounted.push(await mountSuspended(List, { route: '/settings#workspace-8', attachTo: document.body }))
    expect(document.activeElement?.id).toBe('workspace-8')
    await useRouter().push('/settings#workspace-7')
    await nextTick()
    expect(document.activeElement?.id).toBe('workspace-7')
  })
})

describe('the sign of the command key', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', '⌘K', 'Fold the navigation (⌘B)'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 'Ctrl+K', 'Fold the navigation (Ctrl+B)'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'Ctrl+K', 'Fold the navigation (Ctrl+B)'],
  ])('on %s is that of the computer', async (userAgent, commands, fold) => {
    vi.spyOn(navigator, 'userAgent', 'get').mockReturnValue(userAgent)
    const page = await open('/history', [], [Sidebar])
    expect(page.get('button[title="Commands"] [aria-hidden]').text()).toBe(commands)
    expect(page.find(`button[title="${fold}"]`).exists()).toBe(true)
    mounted.push(await mountSuspended(HelpKeys, { props: { open: true } }))
    await vi.waitFor(() => expect(document.querySelector('[role=dialog]')?.textContent).toContain(commands))
  })
})

describe('help and keys', () => {
  async function press(name: string): Promise<void> {
    const button = await vi.waitFor(() => {
      const buttons = [...document.querySelectorAll<HTMLElement>('[role=dialog] button')]
      const found = buttons.find(({ textContent }) => textContent.trim() === name)
      if (!found) throw new Error(`There is no button “${name}”`)
      return found
    })
    button.click()
    await nextTick()
  }

  it('lead to each other', async () => {
    useHelp().value = true
    mounted.push(await mountSuspended(HelpPanel))
    await press('Show all keys')
    expect([useHelp().value, useListStore().isKeysOpen]).toEqual([false, true])

    let isOpen = true
    const close = (value: boolean) => (isOpen = value)
    mounted.push(await mountSuspended(HelpKeys, { props: { open: true, 'onUpdate:open': close } }))
    await press('Help')
    expect([useHelp().value, isOpen]).toEqual([true, false])
  })
})
