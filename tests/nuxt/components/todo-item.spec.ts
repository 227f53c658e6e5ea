import { mountSuspended } from '@nuxt/test-utils/runtime'
import { describe, expect, it } from 'vitest'
import TodoItem from '~/components/Todo/Item.vue'
import type { ShownTodo } from '~/stores/todos'
import { aTodo } from '../../support/todos'

const mountItem = (todo: ShownTodo, progress: { done: number; total: number } | null = null) =>
  mountSuspended(TodoItem, { props: { todo, progress, context: false }, attachTo: document.body })

/** The name a screen reader gives the box. */
function nameOfBox(root: Element): string | undefined {
  const id = root.querySelector('input')?.getAttribute('aria-labelledby')
  return id ? root.querySelector(`[id="${id}"]`)?.textContent?.trim() : undefined
}

describe('TodoItem', () => {
  it('is a check box named by the to-do', async () => {
    const item = await mountItem(aTodo({ id: 1, text: 'Call Bob' }))
    expect(item.get('input').element.type).toBe('checkbox')
    expect(nameOfBox(item.element)).toBe('Call Bob')
  })

  it('says what was clicked and leaves the rest to its owner', async () => {
    const item = await mountItem(aTodo({ id: 1 }))
    await item.get('input').setValue(true)
    expect(item.emitted('tick')).toEqual([[true]])
  })

  it('renders looks, links and mentions as elements', async () => {
    const richText = [
      { text: 'Call ' },
      { text: 'Bob', bold: true as const },
      { text: ' about ', italic: true as const },
      { text: 'this', href: 'https://example.org/a?b=1' },
      { text: ' @Ada', mention: { type: 'user' as const, id: 'u', name: 'Ada' } },
    ]
    const item = await mountItem(aTodo({ id: 1, text: 'Call Bob about this @Ada', richText }))
    expect(nameOfBox(item.element)).toBe('Call Bob about this @Ada')
    const link = item.get('p a')
    expect(link.attributes()).toMatchObject({
      href: 'https://example.org/a?b=1',
      target: '_blank',
      rel: 'noopener noreferrer',
    })
    expect(item.get('.font-semibold').text()).toBe('Bob')
  })

  it.each([
    '<img src=x onerror="alert(1)">',
    '<script>alert(1)</script>',
    '{{ constructor.constructor("alert(1)")() }}',
    '"><svg onload=alert(1)>',
  ])('shows %j as the text it is', async (text) => {
    const item = await mountItem(
      aTodo({
        id: 1,
        text,
        richText: [{ text }],
        tags: [text],
        people: [{ id: 'u', name: text }],
        due: { start: '2026-11-20', source: 'text' },
      }),
    )
    expect(nameOfBox(item.element)).toBe(text)
    expect(item.element.querySelector('img, script, [onerror], [onload]')).toBeNull()
  })

  it.each(['javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', ' java\nscript:alert(1)'])(
    'never links to %j',
    async (href) => {
      const item = await mountItem(aTodo({ id: 1, richText: [{ text: 'Click', href }], url: href }))
      expect(item.find('a').exists()).toBe(false)
      expect(item.text()).toContain('Click')
    },
  )

  it('names an empty to-do, so that its box has a name too', async () => {
    const item = await mountItem(aTodo({ id: 1, text: '  ', richText: [] }))
    expect(nameOfBox(item.element)).toBe('Empty to-do')
  })

  it('says that a tick failed, why, and offers another try', async () => {
    const item = await mountItem({
      ...aTodo({ id: 1, checked: true }),
      write: { state: 'failed', code: 'NOTION_ACCESS_DENIED' },
    })
    expect(item.get('input').element.checked).toBe(true)
    const reason = item.get('input').attributes('aria-describedby')
    expect(item.get(`[id="${reason}"]`).text()).toBe(
      'Not saved in Notion. Roundup may read this in Notion, but not change it. Allow it there to update content, then retry.',
    )
    const ways = item.findAll('.todo-way')
    expect(ways.map((way) => way.text())).toEqual(['Retry', 'Give up'])
    for (const way of ways) await way.trigger('click')
    expect(item.emitted('resolve')).toEqual([['retry'], ['give-up']])
  })

  it('offers to remove what is gone from Notion', async () => {
    const item = await mountItem({
      ...aTodo({ id: 1 }),
      write: { state: 'failed', code: 'NOTION_BLOCK_NOT_FOUND' },
    })
    await item.get('.todo-way').trigger('click')
    expect(item.get('.todo-way').text()).toBe('Remove it here')
    expect(item.emitted('resolve')).toEqual([['remove']])
  })

  it('shows both versions of a conflict and lets the person choose', async () => {
    const theirs = { text: 'Call Bob and Ada', checked: false }
    const item = await mountItem({
      ...aTodo({ id: 1, text: 'Call Bob', checked: true }),
      write: { state: 'conflict', theirs },
    })
    const reason = item.get('input').attributes('aria-describedby')
    expect(item.get(`[id="${reason}"]`).text()).toMatch(/Done: Call Bob.*Open: Call Bob and Ada/s)
    const ways = item.findAll('.todo-way')
    expect(ways.map((way) => way.text())).toEqual(['Keep mine', 'Keep theirs'])
    await ways[1]?.trigger('click')
    expect(item.emitted('resolve')).toEqual([['keep-theirs']])
  })

  it('shows what the person saw in a conflict, although it reads otherwise here by now', async () => {
    const theirs = { text: 'Fire the plumber', checked: false, seen: 'Call the plumber' }
    const item = await mountItem({
      ...aTodo({ id: 1, text: 'Fire the plumber', checked: true }),
      write: { state: 'conflict', theirs },
    })
    expect(item.get('dl').text()).toMatch(/Done: Call the plumber.*Open: Fire the plumber/s)
  })

  it('tells progress in words', async () => {
    const item = await mountItem(aTodo({ id: 1 }), { done: 2, total: 3 })
    expect(item.text()).toContain('2 of 3 sub-to-dos done')
  })

  it('says how important it is, in words for who cannot see the sign', async () => {
    const item = await mountItem(aTodo({ id: 1, text: 'Call Bob', tags: ['High'] }))
    expect(item.findAll('.sr-only').map((words) => words.text())).toContain('High priority')
    expect(nameOfBox(item.element)).toBe('Call Bob')
    expect((await mountItem(aTodo({ id: 2, text: 'Call Bob' }))).text()).not.toContain('priority')
  })

  it('carries no inline style, which the content policy would refuse', async () => {
    const due = { start: '2026-11-20', source: 'text' as const }
    const item = await mountItem(aTodo({ id: 1, due }), { done: 1, total: 2 })
    expect(item.html()).not.toContain('style=')
  })
})
