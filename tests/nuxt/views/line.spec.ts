import { mountSuspended } from '@nuxt/test-utils/runtime'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import Line from '~/components/View/Line.vue'
import { useViewStore } from '~/stores/view'

describe('the filter line', () => {
  beforeEach(() => useViewStore().clear())

  async function type(text: string) {
    const line = await mountSuspended(Line, { attachTo: document.body })
    const input = line.get<HTMLInputElement>('input')
    await input.trigger('focus')
    // As a browser does it: the text is there, then the news of it; nothing is awaited in between.
    input.element.value = text
    const sent = input.trigger('input')
    const options = () => line.findAll('[role=option]').map((option) => option.text())
    return { line, input, sent, options }
  }

  it('suggests how to go on, and the list follows', async () => {
    const { line, options } = await type('prio')
    await vi.waitFor(() => expect(options()).toEqual([expect.stringContaining('priority')]))
    await vi.waitFor(() => expect(useViewStore().view.query).toBe('prio'))
    line.unmount()
  })

  it('goes on with what stands there now, however quick the keys after the letter', async () => {
    const { line, input, sent } = await type('prio')
    const chosen = input.trigger('keydown', { key: 'ArrowDown' })
    const taken = input.trigger('keydown', { key: 'Enter' })
    await Promise.all([sent, chosen, taken])
    expect(input.element.value).toBe('priority:')
    // What was on its way for the letter comes too late to take that back.
    await vi.waitFor(() => expect(line.findAll('[role=option]').length).toBeGreaterThan(1))
    expect(useViewStore().view.query).toBe('priority:')
    line.unmount()
  })
})
