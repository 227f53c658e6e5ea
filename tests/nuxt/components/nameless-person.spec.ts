import { mountSuspended } from '@nuxt/test-utils/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import TodoDetail from '~/components/Todo/Detail.vue'
import TodoItem from '~/components/Todo/Item.vue'
import FilterPanel from '~/components/View/FilterPanel.vue'
import { useGroupLabel } from '~/composables/todos/useGroupLabel'
import { useQueryText } from '~/composables/views/useQueryText'
import { useTodosStore } from '~/stores/todos'
import { aReply, aTodo } from '../../support/todos'

const NAMELESS = { id: '11111111-2222-4333-8444-555555555555', name: '' }
const todo = aTodo({ id: 1, text: 'Call', people: [NAMELESS] })

/** What a composable says, asked within the app. */
async function said<T>(ask: () => T): Promise<T | undefined> {
  let answer: T | undefined
  await mountSuspended(
    defineComponent({
      setup() {
        answer = ask()
        return () => null
      },
    }),
  )
  return answer
}

describe('a person whose name Notion withholds', () => {
  afterEach(() => useTodosStore().clear())

  it('is named as such in the list and in the detail', async () => {
    expect((await mountSuspended(TodoItem, { props: { todo } })).text()).toContain('@Unnamed person')
    // What was done to it needs the layout, and is not what this is about.
    const global = { stubs: { TodoHistory: true } }
    const detail = await mountSuspended(TodoDetail, { props: { todo }, global })
    expect(detail.text()).toContain('Unnamed person')
  })

  it('is named as such above a group', async () => {
    const label = await said(() => useGroupLabel()({ by: 'person', person: NAMELESS }).text)
    expect(label).toBe('Unnamed person')
    expect(await said(() => useGroupLabel()({ by: 'person', person: null }).text)).toBe('Nobody')
  })

  it('is named as such among the criteria, and told apart from somebody unknown', async () => {
    const store = useTodosStore()
    store.merge(aReply([todo]), store.beginPull())
    expect((await mountSuspended(FilterPanel)).text()).toContain('Unnamed person')
    const textOf = (id: string) =>
      said(() => useQueryText().clauseText({ type: 'person', person: { by: 'id', id } }))
    expect(await textOf(NAMELESS.id)).toBe('Person: Unnamed person')
    expect(await textOf('99999999-2222-4333-8444-555555555555')).toBe('Person: unknown')
  })
})
