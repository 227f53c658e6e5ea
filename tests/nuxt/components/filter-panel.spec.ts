import { mountSuspended } from '@nuxt/test-utils/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import FilterPanel from '~/components/View/FilterPanel.vue'
import { useViewStore } from '~/stores/view'

describe('the filter panel', () => {
  beforeEach(() => useViewStore().clear())

  it.each([
    ['2026-12-01', '2026-12-24', 'due:2026-12-01..2026-12-24'],
    ['2026-12-24', '2026-12-01', 'due:2026-12-01..2026-12-24'],
    ['2026-12-24', '', 'due:>=2026-12-24'],
    ['', '2026-12-24', 'due:<=2026-12-24'],
  ])('asks for the days from %j to %j, whichever was filled in first', async (first, last, line) => {
    const panel = await mountSuspended(FilterPanel)
    const [from, until] = panel.findAll('input[type=date]')
    await from?.setValue(first)
    await until?.setValue(last)
    await panel.get('form').trigger('submit')
    expect(useViewStore().view.query).toBe(line)
  })
})
