import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { LINGER_MS, useTodosStore } from '~/stores/todos'
import { aPage, aReply, aTodo } from '../../support/todos'

describe('todos store', () => {
  beforeEach(() => useTodosStore().clear())

  const pull = (...reply: Parameters<typeof aReply>) => {
    const store = useTodosStore()
    store.merge(aReply(...reply), store.beginPull())
  }
  const checked = () => Object.fromEntries(useTodosStore().todos.map((todo) => [todo.id, todo.checked]))

  it('adds, replaces and removes by delta', () => {
    pull([aTodo({ id: 1 }), aTodo({ id: 2 })], { seq: 5 })
    pull([aTodo({ id: 2, checked: true }), aTodo({ id: 3 })], { seq: 6, removed: [1] })
    expect(checked()).toEqual({ 2: true, 3: false })
    expect(useTodosStore().beginPull().since).toBe(6)
  })

  it('shows the wish until the server has accepted it, whatever deltas say', () => {
    const store = useTodosStore()
    pull([aTodo({ id: 1 })], { seq: 5 })
    store.wish(1, true)
    pull([aTodo({ id: 1, checked: false, text: 'Changed in Notion' })], { seq: 6 })
    expect(store.todos).toMatchObject([
      { text: 'Changed in Notion', checked: true, write: { state: 'waiting' } },
    ])
  })

  it('is not undone by an answer that was asked for before the tick was accepted', () => {
    const store = useTodosStore()
    pull([aTodo({ id: 1 })], { seq: 5 })
    store.wish(1, true)
    const early = store.beginPull()
    store.acceptWish(1, true, { state: 'waiting' })
    store.merge(aReply([aTodo({ id: 1, checked: false })], { seq: 6 }), early)
    expect(checked()).toEqual({ 1: true })
  })

  it('believes the server again once it was asked after the tick was accepted', () => {
    const store = useTodosStore()
    pull([aTodo({ id: 1 })], { seq: 5 })
    store.wish(1, true)
    store.acceptWish(1, true, { state: 'waiting' })
    pull([aTodo({ id: 1, checked: true, write: { state: 'failed', code: 'NOTION_ACCESS_DENIED' } })], {
      seq: 6,
    })
    expect(store.todos[0]?.write).toEqual({ state: 'failed', code: 'NOTION_ACCESS_DENIED' })
    pull([aTodo({ id: 1, checked: false })], { seq: 7 })
    expect(checked()).toEqual({ 1: false })
  })

  it('keeps a failed wish on the to-do, with its reason', () => {
    const store = useTodosStore()
    pull([aTodo({ id: 1 })], { seq: 5 })
    store.wish(1, true)
    store.failWish(1, 'OFFLINE')
    pull([], { seq: 6 })
    expect(store.todos).toMatchObject([{ checked: true, write: { state: 'failed', code: 'OFFLINE' } }])
  })

  it('forgets the wish of a to-do that is gone', () => {
    const store = useTodosStore()
    pull([aTodo({ id: 1 })], { seq: 5 })
    store.wish(1, true)
    pull([], { seq: 6, removed: [1] })
    expect(store.todos).toEqual([])
    expect(store.wishOf(1)).toBeUndefined()
  })

  it('starts over with everything, dropping what is gone and answers to earlier questions', () => {
    const store = useTodosStore()
    pull([aTodo({ id: 1 }), aTodo({ id: 2 })], { seq: 5 })
    const overtaken = store.beginPull()
    store.startOver()
    store.merge(aReply([aTodo({ id: 9 })], { seq: 6 }), overtaken)
    pull([aTodo({ id: 2 })], { seq: 7 })
    expect(checked()).toEqual({ 2: false })
  })

  it('takes nothing in that was asked for by the person before', () => {
    const store = useTodosStore()
    const before = store.beginPull()
    store.clear()
    store.merge(aReply([aTodo({ id: 1, text: 'Somebody else’s' })]), before)
    expect(store.todos).toEqual([])
    expect(store.loaded).toBe(false)
  })

  it('keeps the order of pages although ticking edits them', () => {
    const store = useTodosStore()
    pull([aTodo({ id: 1, page: aPage(1, { lastEditedTime: '2026-11-01T00:00:00Z' }) })], { seq: 5 })
    const edited = aPage(1, { lastEditedTime: '2026-11-20T00:00:00Z' })
    pull([aTodo({ id: 1, page: edited })], { seq: 6 })
    expect(store.editedTime(edited)).toBe('2026-11-01T00:00:00Z')
  })

  it('lets a done to-do linger, and not one that was opened again', () => {
    vi.useFakeTimers()
    try {
      const store = useTodosStore()
      pull([aTodo({ id: 1 }), aTodo({ id: 2 })])
      store.wish(1, true)
      store.wish(2, true)
      store.wish(2, false)
      vi.advanceTimersByTime(LINGER_MS - 1)
      expect([...store.lingering]).toEqual([1])
      vi.advanceTimersByTime(1)
      expect([...store.lingering]).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })
})

/** What is due after the next frame has been done. */
const afterPaint = () => vi.waitFor(() => expect(useTodosStore().settled).toBe(useTodosStore().version))

describe('many to-dos', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => aTodo({ id: index + 1 }))
  beforeEach(() => {
    const store = useTodosStore()
    store.clear()
    store.merge(aReply(many, { seq: 5 }), store.beginPull())
  })

  it('are the same objects after a change of one, which is found by its id', async () => {
    const store = useTodosStore()
    const before = store.todos
    store.wish(7, true)
    await afterPaint()
    const changed = store.todos.filter((todo, index) => todo !== before[index])
    expect(changed).toEqual([store.todo(7)])
    expect(before[6]?.checked).toBe(false)
  })

  it('stay the very same list when the server says what is shown already', () => {
    const store = useTodosStore()
    store.wish(7, true)
    const shown = store.todos
    store.acceptWish(7, true, { state: 'waiting' })
    const echo = aTodo({ id: 7, checked: true, write: { state: 'waiting' } })
    store.merge(aReply([echo], { seq: 6 }), store.beginPull())
    expect(store.todos).toBe(shown)
    store.merge(aReply([aTodo({ id: 7, checked: true })], { seq: 7 }), store.beginPull())
    expect(store.todo(7)?.write.state).toBe('saved')
    expect(store.waiting).toBe(false)
  })

  it('show a click on its to-do at once, and have everything follow after it was painted', async () => {
    const store = useTodosStore()
    const before = store.todos
    expect([...store.lingering]).toEqual([])
    store.wish(7, true)
    expect(store.todo(7)).toMatchObject({ checked: true, write: { state: 'waiting' } })
    expect(store.todos).toBe(before)
    expect([...store.lingering]).toEqual([])
    await afterPaint()
    expect(store.todos[6]?.checked).toBe(true)
    expect([...store.lingering]).toEqual([7])
  })

  it('stay the very same list when a tick has arrived, which its to-do says', () => {
    const store = useTodosStore()
    const pull = (todo: Todo, seq: number) => store.merge(aReply([todo], { seq }), store.beginPull())
    pull(aTodo({ id: 7, checked: true, write: { state: 'waiting' } }), 6)
    const shown = store.todos
    pull(aTodo({ id: 7, checked: true }), 7)
    expect(store.todos).toBe(shown)
    expect(store.todo(7)?.write.state).toBe('saved')
    pull(aTodo({ id: 7, checked: true, write: { state: 'failed', code: 'NOTION_UNAVAILABLE' } }), 8)
    expect(store.todos).not.toBe(shown)
  })

  it('are ticked in one step, and lead to one look', async () => {
    const store = useTodosStore()
    let looks = 0
    const stop = watch(
      () => store.todos,
      () => (looks += 1),
      { flush: 'sync' },
    )
    store.wish(
      many.slice(0, 500).map(({ id }) => id),
      true,
    )
    await afterPaint()
    stop()
    expect(looks).toBe(1)
    expect(store.unsaved.size).toBe(500)
  })

  it('are not shown from this device once the server has answered', () => {
    const store = useTodosStore()
    const kept = { todos: [aTodo({ id: 1 })], seq: 1, cursor: '1-abcdefabcdef', finishedAt: null }
    expect(store.restore(kept)).toBe(false)
    store.clear()
    expect(store.restore(kept)).toBe(true)
    expect(store.beginPull()).toMatchObject({ since: 1, cursor: kept.cursor })
    store.merge({ ...aReply([aTodo({ id: 2 })], { seq: 9 }), whole: true }, { pull: 99, since: 1 })
    expect(store.todos.map(({ id }) => id)).toEqual([2])
  })
})
