import { mountSuspended } from '@nuxt/test-utils/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { useSelection } from '~/composables/todos/useSelection'
import type { ShownRow } from '~/composables/todos/useTodoRows'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { aPage, aReply, aTodo } from '../../support/todos'

const TODOS = [1, 2, 3, 4, 5, 6].map((id) => aTodo({ id }))

function group(key: string, level: 1 | 2): ShownRow {
  return { kind: 'group', key, level, group: { by: 'page', page: aPage(1) }, open: 0, folded: false }
}

function item(id: number, group: string, context = false): ShownRow {
  const todo = useTodosStore().todo(id)
  if (!todo) throw new Error(`There is no to-do ${id}`)
  const place = { level: 2 as const, depth: 0, progress: null, showsPage: false, place: 1, siblings: 1 }
  return { kind: 'item', key: `${group}#${id}`, todo, group, context, ...place }
}

/** Two databases; the first with two pages. The third to-do is only there for what stands below it. */
function rowsOfAll(): ShownRow[] {
  return [
    group('A', 1),
    group('A1', 2),
    item(1, 'A1'),
    item(2, 'A1'),
    group('A2', 2),
    item(3, 'A2', true),
    item(4, 'A2'),
    group('B', 1),
    item(5, 'B'),
    item(6, 'B'),
  ]
}

async function setUp() {
  const rows = shallowRef<ShownRow[]>(rowsOfAll())
  let selection: ReturnType<typeof useSelection> | undefined
  await mountSuspended(
    defineComponent({
      setup() {
        selection = useSelection(rows)
        return () => null
      },
    }),
  )
  if (!selection) throw new Error('Nothing was mounted')
  const { selected } = selection
  return { rows, selection, ids: () => selected.value.map(({ id }) => id) }
}

describe('useSelection', () => {
  beforeEach(() => {
    const store = useTodosStore()
    store.clear()
    store.merge(aReply(TODOS), store.beginPull())
    useListStore().clear()
  })

  it('selects from where one began, downwards and upwards, without what is only context', async () => {
    const { selection, ids } = await setUp()
    selection.startAt('A1#2')
    selection.extendTo('B#5')
    expect(ids()).toEqual([2, 4, 5])
    selection.extendTo('A1#1')
    expect(ids(), 'the other way, from the same beginning').toEqual([1, 2])
  })

  it('begins a range at the row itself when nothing was chosen before, or when that has left', async () => {
    const { selection, rows, ids } = await setUp()
    selection.extendTo('A2#4')
    expect(ids()).toEqual([4])
    rows.value = rowsOfAll().filter(({ key }) => key !== 'A2#4')
    selection.extendTo('B#6')
    expect(ids()).toEqual([6])
  })

  it('adds and removes one by one, and goes on from the last', async () => {
    const { selection, rows, ids } = await setUp()
    const toggle = (key: string) => {
      const row = rows.value.find((one) => one.key === key)
      if (row?.kind === 'item') selection.toggle(row)
    }
    toggle('A1#1')
    toggle('B#6')
    expect(ids()).toEqual([1, 6])
    toggle('A1#1')
    expect(ids()).toEqual([6])
    toggle('B#5')
    selection.extendTo('B#6')
    expect(ids()).toEqual([5, 6])
  })

  it('selects a group with the groups inside it, and not the next one', async () => {
    const { selection, ids } = await setUp()
    selection.selectGroup('A')
    expect(ids()).toEqual([1, 2, 4])
    selection.selectGroup('A1')
    expect(ids()).toEqual([1, 2])
    selection.selectGroup('B')
    expect(ids()).toEqual([5, 6])
  })

  it('lets go of what has left, and of everything when it is cleared', async () => {
    const { selection, ids } = await setUp()
    selection.selectGroup('A')
    const store = useTodosStore()
    store.merge(aReply([], { seq: 2, removed: [2] }), store.beginPull())
    expect(ids()).toEqual([1, 4])
    selection.clear()
    expect(ids()).toEqual([])
    selection.extendTo('B#5')
    expect(ids(), 'the beginning is forgotten too').toEqual([5])
  })
})
