import { mountSuspended } from '@nuxt/test-utils/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useAppKeys } from '~/composables/app/useAppKeys'
import { useKeys, type KeyCommands } from '~/composables/app/useKeys'
import { useSession } from '~/composables/session/useSession'
import { useListStore } from '~/stores/list'

const mounted: { unmount: () => void }[] = []
afterEach(() => {
  for (const one of mounted.splice(0)) one.unmount()
  document.body.innerHTML = ''
})

/** A component that listens; what was done is noted by name. */
async function listening(...names: string[]): Promise<{ done: string[]; leave: () => void }> {
  const done: string[] = []
  const commands: KeyCommands = Object.fromEntries(names.map((name) => [name, () => void done.push(name)]))
  const wrapper = await mountSuspended(
    defineComponent({
      setup() {
        useKeys(commands)
        return () => null
      },
    }),
  )
  mounted.push(wrapper)
  return { done, leave: () => wrapper.unmount() }
}

type Press = Partial<Record<'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey' | 'altGraph', boolean>>
function press(key: string, { altGraph = false, ...modifiers }: Press = {}, on: Element = document.body) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers })
  Object.defineProperty(event, 'getModifierState', {
    value: (name: string) => name === 'AltGraph' && altGraph,
  })
  on.dispatchEvent(event)
  return event
}

function show(html: string): Element {
  document.body.innerHTML = html
  const element = document.body.querySelector('[data-here]')
  if (!element) throw new Error('Nothing is marked')
  return element
}

describe('keys', () => {
  it('take a sequence for one, also when its second key means something elsewhere', async () => {
    const page = await listening('g h', 'g a')
    const list = await listening('h')
    press('g')
    press('h')
    press('h')
    expect([...page.done, ...list.done]).toEqual(['g h', 'h'])
  })

  it('belong to whoever came last, and to the one before once that has left', async () => {
    const first = await listening('r')
    const second = await listening('r')
    press('r')
    second.leave()
    press('r')
    expect([first.done, second.done]).toEqual([['r'], ['r']])
  })

  it('that a layout has behind Alt or AltGr work', async () => {
    const { done } = await listening('[', ']', '?')
    expect(press('[', { altKey: true }).defaultPrevented, 'Option on a Mac').toBe(true)
    press(']', { ctrlKey: true, altKey: true, altGraph: true })
    press('?', { altGraph: true, shiftKey: true })
    expect(done).toEqual(['[', ']', '?'])
  })

  it('with a modifier stay shortcuts of the browser', async () => {
    const { done } = await listening('j', 'r', 'e', '[', '1')
    for (const key of ['j', 'r', 'e', '1']) press(key, { altKey: true })
    press('e', { ctrlKey: true, altKey: true, altGraph: true })
    press('r', { ctrlKey: true })
    press('[', { metaKey: true })
    press('[', { metaKey: true, altKey: true })
    press('[', { ctrlKey: true })
    expect(done).toEqual([])
  })

  it.each([
    ['a text field', '<input data-here>'],
    ['a choice', '<select data-here></select>'],
    ['a dialog', '<div role="dialog"><button data-here></button></div>'],
    ['a menu', '<div role="menu"><button data-here></button></div>'],
    ['what lies behind a dialog', '<p data-here></p><div role="dialog" data-state="open"></div>'],
  ])('are quiet in %s', async (_, html) => {
    const { done } = await listening('F2', 'x')
    const here = show(html)
    press('x', {}, here)
    press('F2', {}, here)
    expect(done).toEqual([])
  })

  it('work on a box that is ticked, and once a dialog has closed', async () => {
    const { done } = await listening('x')
    press('x', {}, show('<input type="checkbox" data-here><div role="dialog" data-state="closed"></div>'))
    expect(done).toEqual(['x'])
  })
})

describe('keys of every screen', () => {
  beforeEach(() => {
    useSession().value = { id: '00000000-0000-4000-8000-000000000000', email: 'ada@example.org' }
  })

  it.each([
    ['t', '/today'],
    ['m', '/mine'],
    ['c', '/completed'],
    ['h', '/history'],
    ['a', '/'],
  ])('g %s leads to %s', async (key, path) => {
    const Screen = defineComponent({ setup: () => (useAppKeys(), () => null) })
    mounted.push(await mountSuspended(Screen, { route: '/settings' }))
    const arrived = new Promise<string>((resolve) => {
      const stop = useRouter().beforeResolve((to) => {
        stop()
        resolve(to.path)
        return false
      })
    })
    press('g')
    press(key)
    expect(await arrived).toBe(path)
  })

  it('? shows all keys', async () => {
    const Screen = defineComponent({ setup: () => (useAppKeys(), () => null) })
    mounted.push(await mountSuspended(Screen, { route: '/settings' }))
    press('?')
    expect(useListStore().isKeysOpen).toBe(true)
    useListStore().clear()
    expect(useListStore().isKeysOpen).toBe(false)
  })
})
