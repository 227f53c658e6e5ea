import { mountSuspended } from '@nuxt/test-utils/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { useSelection } from '~/composables/todos/useSelection'
import type { ShownRow } from '~/composables/todos/useTodoRows'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { aPage, aReply, aTodo } from '../../support/todos'

const TODOS = [1, 2, 3, 4, 5, 6].map((id) => aTodo({ id }))

function group(key: string, level: 1 | 2): ShownRow {
  const folded = useListStore().folded.has(key)
  return { kind: 'group', key, level, group: { by: 'page', page: aPage(1) }, open: 0, folded }
}

function item(id: number, group: string, context = false): ShownRow {
  const todo = TODOS[id - 1]
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

/** What stands in a folded group is not drawn; its key begins with that of the group. */
function withoutFolded(rows: ShownRow[]): ShownRow[] {
  const folded = [...useListStore().folded]
  return rows.filter(({ key }) => !folded.some((group) => key !== group && key.startsWith(group)))
}

async function setUp() {
  const all = shallowRef<() => ShownRow[]>(rowsOfAll)
  const rows = computed(() => withoutFolded(all.value()))
  const matches = shallowRef<ReadonlySet<number>>(new Set([1, 2, 4, 5, 6]))
  const viewKey = ref('a view')
  let selection: ReturnType<typeof useSelection> | undefined
  const screen = await mountSuspended(
    defineComponent({
      setup() {
        selection = useSelection(rows, matches, () => viewKey.value)
        return () => null
      },
    }),
  )
  if (!selection) throw new Error('Nothing was mounted')
  const { selected } = selection
  return { screen, all, rows, matches, viewKey, selection, ids: () => selected.value.map(({ id }) => id) }
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
    const { selection, all, ids } = await setUp()
    selection.extendTo('A2#4')
    expect(ids()).toEqual([4])
    all.value = () => rowsOfAll().filter(({ key }) => key !== 'A2#4')
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

  it('unfolds a group, and those inside it, to select all of it', async () => {
    const { selection, rows, ids } = await setUp()
    const list = useListStore()
    for (const key of ['A', 'A2']) list.fold(key)
    expect(rows.value.map(({ key }) => key)).toEqual(['A', 'B', 'B#5', 'B#6'])
    selection.selectGroup('A')
    expect(ids()).toEqual([1, 2, 4])
    expect([...list.folded]).toEqual([])
  })

  it('is about what the list shows: what is only folded away stays, what is filtered away does not', async () => {
    const { selection, matches, ids } = await setUp()
    selection.selectGroup('A')
    useListStore().fold('A')
    expect(ids()).toEqual([1, 2, 4])
    matches.value = new Set([4, 5])
    expect(ids()).toEqual([4])
  })

  it('takes a parent that is only context when it is chosen by itself', async () => {
    const { selection, rows, ids } = await setUp()
    const row = rows.value.find(({ key }) => key === 'A2#3')
    if (row?.kind === 'item') selection.toggle(row)
    expect(ids()).toEqual([3])
  })

  it('ends with the view, and with the screen', async () => {
    const { selection, screen, viewKey } = await setUp()
    const list = useListStore()
    selection.selectGroup('B')
    viewKey.value = 'another view'
    await nextTick()
    expect([...list.selected]).toEqual([])
    selection.selectGroup('B')
    screen.unmount()
    expect([...list.selected]).toEqual([])
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
