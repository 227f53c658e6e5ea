import { mountSuspended } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '#shared/schemas/database'
import type { SyncStatus } from '#shared/schemas/todo'
import AppOffline from '~/components/App/Offline.vue'
import SyncState from '~/components/Todo/SyncState.vue'
import { useReachability } from '~/composables/offline/useReachability'
import { useClockTime } from '~/composables/time/useClockTime'
import { useLibraryStore } from '~/stores/library'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo, IDLE } from '../../support/todos'

const MINUTE_MS = 60_000
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS)

function know(sync: Partial<SyncStatus>): void {
  const store = useTodosStore()
  store.merge(aReply([aTodo({ id: 1 })], { sync: { ...IDLE, ...sync } }), store.beginPull())
}

/** The clock as the app writes it. */
async function clock(instant: Date): Promise<string> {
  let text = ''
  await mountSuspended(
    defineComponent({
      setup() {
        text = useClockTime()(instant)
        return () => null
      },
    }),
  )
  return text
}

const mount = (databaseIds?: readonly string[]) =>
  mountSuspended(SyncState, { props: { failure: null, databaseIds } })

function aPage(n: number, reasons: string[]) {
  return { title: `Page ${n}`, url: `https://www.notion.so/page-${n}`, reasons }
}

beforeEach(() => useTodosStore().clear())

describe('pages that could not be read whole', () => {
  it('are each named with the reason, once, whatever the server says', async () => {
    const known = ['not_shared', 'access_denied', 'malformed', 'cursor', 'failed', 'truncated']
    const pages = [...known, 'same_minute'].map((reason, n) => aPage(n, [reason]))
    const both = aPage(8, ['unheard_of', 'same_minute', 'not_shared'])
    know({ complete: false, incompletePages: [...pages, both, aPage(9, [])] })
    const texts = (await mount()).findAll('li').map((item) => item.text())
    const why = texts.map((text) => text.replace(/^Page \d\s*/u, ''))
    expect(new Set(why.slice(0, 7)).size, 'a sentence for each').toBe(7)
    expect(why[0]).toBe('Not all of it is shared with Roundup.')
    expect(why[6]).toBe('Not all of it could be read.')
    expect(why[7]).toBe('Not all of it could be read. Not all of it is shared with Roundup.')
    expect(why[8]).toBe('Not all of it could be read.')
  })

  it.each([
    [1, '1 page could not be read whole.'],
    [49, '49 pages could not be read whole.'],
    [50, '50 or more pages could not be read whole.'],
  ])('are %i at least', async (count, sentence) => {
    const pages = Array.from({ length: count }, (_, n) => aPage(n, ['failed']))
    know({ complete: false, incompletePages: pages })
    expect((await mount()).text()).toContain(sentence)
  })
})

describe('a reading that left something out', () => {
  const aDatabase = (id: string, accessible: boolean): Database => ({
    id,
    notionDatabaseId: `of-${id}`,
    name: id,
    icon: null,
    url: null,
    workspace: { connectionId: 1, name: 'Acme' },
    lastEditedTime: null,
    accessible,
    counts: { boxes: true, rows: false },
    doneProperty: null,
  })

  beforeEach(() => {
    useLibraryStore().restore({
      workspaces: [],
      databases: [aDatabase('Tasks', false), aDatabase('Notes', true), aDatabase('Old', false)],
      lists: [{ id: 1, name: 'All', createdAt: IDLE.lastFinishedAt ?? '', databaseIds: ['Tasks', 'Notes'] }],
    })
    know({ complete: false })
  })
  afterEach(() => useLibraryStore().clear())

  it('names the databases of the list that are closed now', async () => {
    expect((await mount()).text()).toContain('“Tasks” can no longer be read.')
    expect((await mount(['Tasks', 'Old'])).text()).toContain('Tasks and Old can no longer be read.')
  })

  it('says what else it may be, when none is', async () => {
    const text = (await mount(['Notes'])).text()
    expect(text).toContain('Not everything could be read.')
    expect(text).toContain('broke off')
  })
})

describe('a pause that Notion asks for', () => {
  const budget = { used: 180, limit: 180, resetsAt: null, pausedUntil: null }

  it('is told with its end while a tick waits for it, and only then', async () => {
    const until = inMinutes(5)
    const told = `written there at ${await clock(until)}`
    know({ budget: { ...budget, pausedUntil: until.toISOString() } })
    const state = await mount()
    expect(state.text()).not.toContain('Notion asks for a pause.')
    useTodosStore().wish(1, true)
    await nextTick()
    expect(state.text()).toContain(told)
  })

  it('is over when it is over', async () => {
    know({ budget: { ...budget, pausedUntil: inMinutes(-1).toISOString() } })
    useTodosStore().wish(1, true)
    expect((await mount()).text()).not.toContain('Notion asks for a pause.')
  })

  it.each(['retryAt', 'pausedUntil'] as const)(
    'is told with its end while something is read: %s',
    async (by) => {
      const until = inMinutes(7)
      const told = `continues by itself at ${await clock(until)}`
      know({
        state: 'running',
        retryAt: by === 'retryAt' ? until.toISOString() : null,
        budget: by === 'pausedUntil' ? { ...budget, pausedUntil: until.toISOString() } : null,
      })
      const state = await mount()
      await nextTick()
      expect(state.text()).toContain(told)
    },
  )
})

describe('without a network', () => {
  afterEach(() => useReachability().answered())

  it('the list says from when it is', async () => {
    know({ lastFinishedAt: inMinutes(-30).toISOString() })
    const offline = await mountSuspended(AppOffline)
    expect(offline.text()).toBe('')
    useReachability().unanswered()
    await nextTick()
    expect(offline.text()).toMatch(/Offline\. You can go on ticking\..*As of: (today|yesterday), /su)
  })

  it('nothing can be ticked before there is a list, and nobody says so', async () => {
    const offline = await mountSuspended(AppOffline)
    useReachability().unanswered()
    await nextTick()
    expect(offline.text()).toBe('Offline. Your to-dos appear as soon as Roundup can be reached.')
  })
})
