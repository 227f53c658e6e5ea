import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ChangeState, HistoryChange, HistoryEntry } from '#shared/schemas/history'
import { useCompletedDays } from '~/composables/todos/useCompletedDays'

const PREVIEW = 3
let entries: { entry: HistoryEntry; changes: HistoryChange[] }[] = []
const asked: string[] = []

registerEndpoint('/api/history', () => ({ entries: entries.map(({ entry }) => entry), next: null }))
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

for (const index of [0, 1]) {
  const name = idOf(1_000 + index)
  registerEndpoint(`/api/history/${name}`, () => {
    asked.push(name)
    return entries.find(({ entry }) => entry.entry === name)
  })
}

/** An action on these to-dos, at noon of a day of November. */
function add(day: number, todos: readonly number[], after = true, state: ChangeState = 'saved'): void {
  const changes = todos.map((todo): HistoryChange => ({
    id: idOf(todo),
    text: `To-do ${todo}`,
    pageTitle: 'Page',
    url: 'https://www.notion.so/page',
    databaseName: 'Tasks',
    before: !after,
    after,
    state,
    code: null,
    attempts: 1,
    notion: null,
    finishedAt: null,
    undoable: true,
  }))
  const none = { waiting: 0, saved: 0, failed: 0, conflict: 0, superseded: 0, givenUp: 0 }
  const entry: HistoryEntry = {
    entry: idOf(1_000 + entries.length),
    at: `2026-11-${day}T12:00:00.000Z`,
    source: 'list',
    undoOf: null,
    size: todos.length,
    counts: { ...none, [state === 'failed' ? 'failed' : 'saved']: todos.length },
    undoable: true,
    preview: changes.slice(0, PREVIEW),
  }
  // Newest first, as the server answers.
  entries.unshift({ entry, changes })
}

async function read() {
  let log: ReturnType<typeof useCompletedDays> | undefined
  await mountSuspended(
    defineComponent({
      setup() {
        log = useCompletedDays()
        return () => null
      },
    }),
  )
  const completed = log
  if (!completed) throw new Error('Nothing was mounted')
  await vi.waitFor(() => expect(completed.state.value).toBe('ready'), 5_000)
  const shown = () =>
    completed.days.value.map(({ day, count, entries: parts }) => ({
      day: day.slice(-2),
      count,
      texts: parts.flatMap(({ todos }) => todos.map(({ text }) => Number(text.slice(6)))),
      rest: parts.reduce((sum, { rest }) => sum + rest, 0),
    }))
  return { ...completed, shown }
}

describe('what was completed', () => {
  afterEach(() => {
    entries = []
    asked.length = 0
  })

  it('stands by day, newest first, without what was refused', async () => {
    add(18, [1])
    add(19, [2], true, 'failed')
    add(20, [3, 4])
    const { shown } = await read()
    expect(shown()).toEqual([
      { day: '20', count: 2, texts: [3, 4], rest: 0 },
      { day: '18', count: 1, texts: [1], rest: 0 },
    ])
  })

  it('tells how many more were done in one go, and asks for them only then', async () => {
    add(20, [1, 2, 3, 4, 5])
    const { shown, days, unfold } = await read()
    expect(shown()).toEqual([{ day: '20', count: 5, texts: [1, 2, 3], rest: 2 }])
    expect(asked).toEqual([])
    const [one] = days.value[0]?.entries ?? []
    if (one) await unfold(one)
    expect(shown()).toEqual([{ day: '20', count: 5, texts: [1, 2, 3, 4, 5], rest: 0 }])
  })

  it('leaves out what was opened again, and has it once when it was done again after that', async () => {
    add(17, [1, 2])
    add(18, [1], false)
    add(19, [2], false)
    add(20, [2])
    const { shown } = await read()
    expect(shown()).toEqual([{ day: '20', count: 1, texts: [2], rest: 0 }])
  })

  it('leaves out all of an action that was taken back whole, however many it was', async () => {
    add(19, [1, 2, 3, 4, 5])
    add(20, [1, 2, 3, 4, 5], false)
    const { shown } = await read()
    expect(shown()).toEqual([])
  })
})
