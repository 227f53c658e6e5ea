import { mountSuspended } from '@nuxt/test-utils/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import SavedButton from '~/components/View/SavedButton.vue'
import SavedPanel from '~/components/View/SavedPanel.vue'
import SavedRow from '~/components/View/SavedRow.vue'
import ViewTitle from '~/components/View/Title.vue'
import { useViewStore } from '~/stores/view'
import { DEFAULT_VIEW, type SavedView } from '#shared/schemas/view'

const BUTTER: SavedView = {
  id: 1,
  name: 'Butter',
  view: { ...DEFAULT_VIEW, query: 'butter' },
  isDefault: false,
}

let unmount = () => {}
afterEach(() => {
  unmount()
  useViewStore().clear()
  document.body.innerHTML = ''
})

describe('a saved view', () => {
  async function editing() {
    const row = await mountSuspended(SavedRow, {
      props: { view: BUTTER, isFirst: true, isLast: true },
      attachTo: document.body,
    })
    unmount = () => row.unmount()
    await row.get('[aria-label="Edit “Butter”"]').trigger('click')
    const press = async (name: string) => {
      const button = row.findAll('button').find((one) => one.text() === name)
      if (!button) throw new Error(`There is no button “${name}”`)
      await button.trigger('click')
      await nextTick()
    }
    return { row, press }
  }

  it('asks once before it is deleted, and says what ends with it', async () => {
    const { row, press } = await editing()
    await press('Delete')
    expect(row.emitted('remove')).toBeUndefined()
    expect(row.get('[role=group]').text()).toContain('Delete “Butter”? Its calendar feeds end with it.')
    expect(document.activeElement?.textContent.trim(), 'pressing Enter again does no harm').toBe('Keep it')
    await press('Delete')
    expect(row.emitted('remove')).toHaveLength(1)
  })

  it('is kept', async () => {
    const { row, press } = await editing()
    await press('Delete')
    await press('Keep it')
    expect(row.find('[role=group]').exists()).toBe(false)
    expect(document.activeElement?.textContent.trim()).toBe('Delete')
    expect(row.emitted('remove')).toBeUndefined()
  })
})

describe('the panel of saved views', () => {
  it('opens and closes by its button, also when it was opened to save', async () => {
    const store = useViewStore()
    const button = await mountSuspended(SavedButton, { props: { scope: {} }, attachTo: document.body })
    unmount = () => button.unmount()
    const toggle = button.get('button')
    await toggle.trigger('click')
    expect(store.panel).toBe('saved')
    await toggle.trigger('click')
    expect(store.panel).toBeNull()
    store.panel = 'save'
    await nextTick()
    expect(toggle.attributes('aria-expanded')).toBe('true')
    await toggle.trigger('click')
    expect(store.panel).toBeNull()
  })

  it.each([
    [true, 'INPUT'],
    [false, 'BODY'],
  ])('begins with the name for somebody who comes to save: %s', async (naming, tag) => {
    const panel = await mountSuspended(SavedPanel, { props: { naming, scope: {} }, attachTo: document.body })
    unmount = () => panel.unmount()
    expect(document.activeElement?.tagName).toBe(tag)
  })
})

describe('the title of a saved view', () => {
  it('is renamed by F2, but not from a text field or behind a dialog', async () => {
    const store = useViewStore()
    store.saved = [BUTTER]
    store.view = BUTTER.view
    const title = await mountSuspended(ViewTitle, { props: { title: 'All to-dos' }, route: '/' })
    unmount = () => title.unmount()
    const f2 = async (on: Element) => {
      on.dispatchEvent(new KeyboardEvent('keydown', { key: 'F2', bubbles: true, cancelable: true }))
      await nextTick()
      return title.find('form').exists()
    }
    const field = document.body.appendChild(document.createElement('textarea'))
    expect(await f2(field)).toBe(false)
    const dialog = document.body.appendChild(document.createElement('div'))
    dialog.setAttribute('role', 'dialog')
    dialog.dataset.state = 'open'
    expect(await f2(document.body)).toBe(false)
    dialog.remove()
    expect(await f2(document.body)).toBe(true)
  })
})
