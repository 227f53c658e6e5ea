import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { readBody } from 'h3'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { NamedRule } from '#shared/schemas/view'
import HiddenPlaces from '~/components/View/HiddenPlaces.vue'
import ShowPage from '~/components/View/ShowPage.vue'
import { useExplanations } from '~/composables/views/useExplanations'
import { useViewStore } from '~/stores/view'
import { aPage, aTodo } from '../../support/todos'

const page = aPage(7, { title: 'Old notes' })
const todo = aTodo({ id: 1, page, databaseId: 'database-1' })
const hiddenDatabase: NamedRule = { effect: 'hide', target: { database: 'database-1' }, name: 'Meetings' }
const hiddenPage: NamedRule = { effect: 'hide', target: { page: 7 }, name: 'Old notes' }
const shownPage: NamedRule = { effect: 'show', target: { page: 7 }, name: 'Old notes' }

const asked: unknown[] = []
registerEndpoint('/api/views/rules', {
  method: 'PUT',
  handler: async (event) => {
    asked.push(await readBody(event))
    return { rules: [] }
  },
})

beforeEach(() => {
  asked.length = 0
  useViewStore().clear()
})

/** What keeps the to-do out, as the dialog is told. */
async function hiddenBy(rules: NamedRule[]) {
  useViewStore().rules = rules
  let found: ReturnType<typeof useExplanations> | undefined
  await mountSuspended(
    defineComponent({
      setup() {
        found = useExplanations(
          ref(''),
          () => ({}),
          () => todo,
        )
        return () => null
      },
    }),
  )
  return found?.value.map((one) => one.hiddenBy)
}

describe('a page that is kept out of the lists', () => {
  it.each([
    ['with its database', [hiddenDatabase], 'database'],
    ['by itself', [hiddenPage], 'page'],
    ['not at all', [], null],
    ['not any more', [hiddenDatabase, shownPage], null],
  ])('is known to be so: %s', async (_, rules, by) => {
    expect(await hiddenBy(rules)).toEqual([by])
  })

  it.each([
    ['Show this page all the same', 'show', [hiddenDatabase]],
    ['Show again', null, [hiddenPage]],
    ['Show this page all the same', 'show', [hiddenDatabase, hiddenPage]],
  ])('is brought back: %s', async (words, effect, rules) => {
    useViewStore().rules = rules
    const way = await mountSuspended(ShowPage, { props: { page, databaseId: 'database-1' } })
    expect(way.get('button').text()).toBe(`${words} : Old notes`)
    await way.get('button').trigger('click')
    await vi.waitFor(() => expect(way.emitted('shown')).toHaveLength(1))
    expect(asked).toEqual([{ target: { page: 7 }, effect }])
  })

  it('as an exception is ended, and said to be hidden again by that', async () => {
    useViewStore().rules = [hiddenDatabase, shownPage]
    const places = await mountSuspended(HiddenPlaces)
    expect(places.findAll('li button').map((button) => button.text())).toEqual(['Show again', 'Hide again'])
  })
})
