import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NamedRule } from '#shared/schemas/view'
import { SCREENS } from '#shared/todo/scope'
import TodoNothing from '~/components/Todo/Nothing.vue'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'
import { aReply, aTodo } from '../../support/todos'

let me: string[] = []
registerEndpoint('/api/views', () => ({
  views: [],
  rules: [],
  sources: { databases: [], workspaces: [], me },
}))

const HIDDEN: NamedRule = { name: 'Tasks', effect: 'hide', target: { database: 'database-1' } }
const TODOS = [aTodo({ id: 1 }), aTodo({ id: 2, checked: true })]

const mountNothing = (todos = TODOS, scope = {}) => mountSuspended(TodoNothing, { props: { todos, scope } })

describe('TodoNothing', () => {
  beforeEach(() => {
    me = []
    for (const store of [useTodosStore(), useViewStore(), useListStore()]) store.clear()
    const store = useTodosStore()
    store.merge(aReply(TODOS), store.beginPull())
  })

  it('says that everything is hidden when it is, and shows where that can be changed', async () => {
    useViewStore().rules = [HIDDEN]
    useViewStore().change({ show: 'all' })
    const nothing = await mountNothing()
    expect(nothing.text()).toContain('Everything here is kept out of your lists.')
    await nothing.get('button').trigger('click')
    expect(useListStore().filterPanel).toBe('hidden')
  })

  it('says that everything is done when that is why, whatever else is hidden', async () => {
    useViewStore().rules = [HIDDEN]
    const done = aTodo({ id: 3, checked: true, databaseId: 'another' })
    const nothing = await mountNothing([...TODOS, done])
    expect(nothing.text()).toContain('Everything is done.')
    await nothing.get('button').trigger('click')
    expect(useViewStore().view.show).toBe('all')
  })

  it('does not claim that nothing waits for somebody it does not know', async () => {
    const nothing = await mountNothing([], SCREENS.mine)
    expect(nothing.text(), 'before anybody could say').toBe('')
    await useViewStore().ensure()
    await nextTick()
    expect(nothing.text()).toContain('Roundup does not know who you are in Notion.')
    expect(nothing.get('a').attributes('href')).toBe('/connect-notion')
  })

  it('says that nothing waits for somebody it knows', async () => {
    me = ['ada']
    await useViewStore().ensure()
    expect((await mountNothing([], SCREENS.mine)).text()).toContain('Nothing is waiting for you.')
  })
})
