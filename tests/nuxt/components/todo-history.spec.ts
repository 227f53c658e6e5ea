import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody } from 'h3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HistoryChange, HistoryEntry } from '#shared/schemas/history'
import TodoHistory from '~/components/Todo/History.vue'
import { useApi } from '~/composables/api/useApi'
import { ReplicaKey } from '~/composables/todos/useReplica'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

const [FIRST, SECOND] = [aTodo({ id: 1, text: 'Call Bob' }), aTodo({ id: 2 })]
const ENTRY = '00000000-0000-4000-8000-00000000000e'

function anEntry(change: Partial<HistoryChange>, size = 1): HistoryEntry {
  const preview: HistoryChange = {
    id: FIRST.notionId,
    text: 'Call Bob',
    pageTitle: 'Page 1',
    url: '',
    databaseName: '',
    before: false,
    after: true,
    state: 'saved',
    code: null,
    attempts: 1,
    notion: null,
    finishedAt: null,
    undoable: false,
    ...change,
  }
  const counts = { waiting: 0, saved: size, failed: 0, conflict: 0, superseded: 0, givenUp: 0 }
  const at = '2026-11-20T10:00:00.000Z'
  return { entry: ENTRY, at, source: 'list', undoOf: null, size, counts, undoable: true, preview: [preview] }
}

let entries: HistoryEntry[] = []
/** What was asked for; the list of entries waits while the test holds it back. */
let asked: string[] = []
let held: Promise<void> | undefined
let taken: unknown[] = []
registerEndpoint('/api/history', async () => {
  asked.push('entries')
  await held
  return { entries, next: null }
})
registerEndpoint(`/api/history/${ENTRY}`, () => {
  asked.push('all of an entry')
  return { entry: entries[0], changes: [] }
})
registerEndpoint(`/api/history/${ENTRY}/undo`, {
  method: 'POST',
  handler: async (event) => {
    const { ids } = (await readBody(event)) as { ids: string[] }
    taken.push(ids)
    entries = [anEntry({ undoable: false })]
    return { entry: ENTRY, accepted: ids, refused: [] }
  },
})

/** As in the layout, which keeps the to-dos in step. */
async function mountHistory() {
  const nothing = () => Promise.resolve()
  const history = await mountSuspended(TodoHistory, {
    props: { notionId: FIRST.notionId },
    global: { provide: { [ReplicaKey]: { pull: nothing, refresh: nothing } } },
    attachTo: document.body,
  })
  leave = () => history.unmount()
  return history
}
let leave = () => {}

let seq = 0
function news(): void {
  const store = useTodosStore()
  seq += 1
  store.merge(aReply([FIRST, SECOND], { seq }), store.beginPull())
}

describe('TodoHistory', () => {
  beforeEach(() => {
    entries = [anEntry({ undoable: true })]
    asked = []
    taken = []
    held = undefined
    useTodosStore().clear()
  })
  afterEach(() => leave())

  it('takes a change back where it is told, and leads to all of them', async () => {
    const history = await mountHistory()
    const undo = () => history.find('button')
    await vi.waitFor(() => expect(undo().attributes('aria-label')).toBe('Undo: Call Bob'))
    undo().element.focus()
    await undo().trigger('click')
    await vi.waitFor(() => expect(undo().exists()).toBe(false))
    expect(taken).toEqual([[FIRST.notionId]])
    await vi.waitFor(() => expect(document.activeElement?.textContent).toContain('What was done here'))
    expect(history.get('a').attributes('href')).toBe('/history')
  })

  it('offers nothing for what has changed since', async () => {
    entries = [anEntry({ undoable: false })]
    const history = await mountHistory()
    await vi.waitFor(() => expect(history.find('time').exists()).toBe(true))
    expect(history.find('button').exists()).toBe(false)
  })

  it('asks once for a hand that goes through a list while much is ticked', async () => {
    const history = await mountHistory()
    await vi.waitFor(() => expect(asked).toHaveLength(1))
    for (const { notionId } of [SECOND, FIRST, SECOND, FIRST]) {
      news()
      await history.setProps({ notionId })
    }
    expect(asked).toHaveLength(1)
    await vi.waitFor(() => expect(history.find('time').exists()).toBe(true))
    expect(asked).toHaveLength(2)
  })

  it('asks no further for a to-do that is not shown any more', async () => {
    // It says nothing of it by itself, so that all of it would be looked through.
    entries = [anEntry({ id: SECOND.notionId }, 2)]
    let release = () => {}
    held = new Promise((resolve) => (release = resolve))
    const history = await mountHistory()
    await vi.waitFor(() => expect(asked).toEqual(['entries']))
    history.unmount()
    release()
    await useApi()('GET /api/history')
    expect(asked).toEqual(['entries', 'entries'])
  })
})
