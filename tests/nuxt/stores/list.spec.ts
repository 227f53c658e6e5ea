import { beforeEach, describe, expect, it } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { useListStore } from '~/stores/list'

/** As after a reload: the state of the page is gone, what the server rendered is there. */
function reloaded() {
  const pinia = createPinia()
  pinia.state.value = { list: { folded: new Set(), isPaletteOpen: false } }
  setActivePinia(pinia)
  return useListStore(pinia)
}

describe('folded groups', () => {
  beforeEach(() => sessionStorage.clear())

  it('stay folded through a reload', async () => {
    const list = reloaded()
    list.fold('page:12', true)
    list.fold('database:a', true)
    list.fold('database:a')
    await nextTick()
    expect([...reloaded().folded]).toEqual(['page:12'])
  })

  it('are kept by ids: nothing that somebody wrote is', async () => {
    const list = reloaded()
    for (const key of ['heading:Salaries\nAda', 'tag:secret', 'tag', 'due:today']) list.fold(key, true)
    await nextTick()
    expect(list.folded.size).toBe(4)
    expect(Object.values({ ...sessionStorage }).join()).not.toMatch(/Salaries|secret/)
    expect([...reloaded().folded]).toEqual(['tag', 'due:today'])
  })

  it('are forgotten at sign-out', async () => {
    const list = reloaded()
    list.fold('page:12', true)
    await nextTick()
    list.clear()
    await nextTick()
    expect(Object.values({ ...sessionStorage }).join()).not.toContain('page')
    expect(reloaded().folded.size).toBe(0)
  })

  it.each(['nonsense', '{"a":1}', '[1,null]'])('make nothing of %s', (text) => {
    sessionStorage.setItem('roundup-folded', text)
    expect(reloaded().folded.size).toBe(0)
  })
})
