import { mountSuspended, registerEndpoint } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEFAULT_VIEW, type SavedView } from '#shared/schemas/view'
import ViewFilterButton from '~/components/View/FilterButton.vue'
import ViewHiddenPlaces from '~/components/View/HiddenPlaces.vue'
import ViewPanelButton from '~/components/View/PanelButton.vue'
import ViewSavedPanel from '~/components/View/SavedPanel.vue'
import ViewSavedRow from '~/components/View/SavedRow.vue'
import { useListStore } from '~/stores/list'
import { useTodosStore } from '~/stores/todos'
import { useViewStore } from '~/stores/view'

registerEndpoint('/api/views/rules', { method: 'PUT', handler: () => ({ rules: [] }) })
for (const id of [1, 2]) {
  registerEndpoint(`/api/views/${id}`, { method: 'DELETE', handler: () => ({ ok: true }) })
}

const aView = (id: number, name: string): SavedView => ({ id, name, view: DEFAULT_VIEW, isDefault: false })
const inHand = () => document.activeElement?.textContent.trim()
let leave = () => {}

describe('the panels of the bar', () => {
  beforeEach(() => {
    for (const store of [useTodosStore(), useViewStore(), useListStore()]) store.clear()
  })
  afterEach(() => leave())

  it('keep the focus when a saved view is deleted', async () => {
    useViewStore().saved = [aView(1, 'This week'), aView(2, 'Kitchen')]
    const panel = await mountSuspended(ViewSavedPanel, { attachTo: document.body })
    leave = () => panel.unmount()
    async function removeFirst() {
      const row = panel.getComponent(ViewSavedRow)
      row.get('button').element.focus()
      row.vm.$emit('remove')
      const before = useViewStore().saved.length
      await vi.waitFor(() => expect(useViewStore().saved).toHaveLength(before - 1))
    }
    await removeFirst()
    await vi.waitFor(() => expect(inHand()).toBe('Kitchen'))
    await removeFirst()
    await vi.waitFor(() => expect(document.activeElement).toBe(panel.get('form input').element))
  })

  it('open for what is hidden, and not on the next screen', async () => {
    const button = await mountSuspended(ViewFilterButton)
    useListStore().filterPanel = 'hidden'
    await nextTick()
    expect(button.getComponent(ViewPanelButton).props('open')).toBe(true)
    button.unmount()
    expect(useListStore().filterPanel).toBeNull()
  })

  it('lead to what is hidden, and stay there when it is shown again', async () => {
    useViewStore().rules = [{ name: 'Minutes', effect: 'hide', target: { page: 1 } }]
    useListStore().filterPanel = 'hidden'
    const places = await mountSuspended(ViewHiddenPlaces, { attachTo: document.body })
    leave = () => places.unmount()
    await vi.waitFor(() => expect(document.activeElement).toBe(places.element))
    const undo = places.get('button')
    undo.element.focus()
    await undo.trigger('click')
    await vi.waitFor(() => expect(useViewStore().rules).toEqual([]))
    await vi.waitFor(() => expect(document.activeElement).toBe(places.element))
  })
})
