import { beforeEach, describe, expect, it } from 'vitest'
import type { Todo } from '#shared/schemas/todo'
import { createKeeping, readKept } from '~/composables/offline/kept-todos'
import type { Vault } from '~/composables/offline/vault'
import { aPage, aTodo } from '../../support/todos'

const HEAD = { seq: 7, cursor: '7-abcdefabcdef', finishedAt: null }

/** Where texts are kept as a vault would, without a key. */
const texts = new Map<string, string>()
const written: string[] = []
const vault: Vault = {
  read<T>() {
    const values = [...texts].map(([key, text]): [string, T] => [key, JSON.parse(text)])
    return Promise.resolve({ values: new Map(values), unreadable: [] })
  },
  write(puts, _, onto) {
    if (onto && !texts.has(onto.key)) return Promise.reject(new Error('Gone'))
    for (const { key, value } of puts) {
      texts.set(key, JSON.stringify(value))
      written.push(key)
    }
    return Promise.resolve()
  },
  drop: () => Promise.resolve(texts.clear()),
  close: () => undefined,
}

const known = (todos: Todo[]) => new Map(todos.map((todo) => [todo.id, todo]))
const aKeptTodo = (id: number, changes: Partial<Todo> = {}): Todo => {
  const todo = aTodo({ id, page: aPage(Math.ceil(id / 3)), ...changes })
  return { ...todo, url: `${todo.page.url}#${todo.notionId.replaceAll('-', '')}` }
}

describe('to-dos kept on a device', () => {
  const many = Array.from({ length: 300 }, (_, index) => aKeptTodo(index + 1))
  beforeEach(() => {
    texts.clear()
    written.length = 0
  })

  it('come back as they were, with where their ticks stand', async () => {
    const failed = aKeptTodo(999, { write: { state: 'failed', code: 'NOTION_ACCESS_DENIED' } })
    await createKeeping(vault).write(known([...many, failed]), HEAD)
    expect(await readKept(vault)).toEqual({ ...HEAD, todos: [...many, failed] })
  })

  it('are written again only where something changed', async () => {
    const keeping = createKeeping(vault)
    await keeping.write(known(many), HEAD)
    written.length = 0
    await keeping.write(known(many), { ...HEAD, seq: 8 })
    expect(written).toEqual(['head'])
    await keeping.write(known([...many.slice(1), aKeptTodo(2_000)]), HEAD)
    // The one that left was on another page than the new one.
    expect(written.slice(1)).toHaveLength(3)
    const back = await readKept(vault)
    expect(back?.todos.map(({ id }) => id)).toEqual([...many.slice(1).map(({ id }) => id), 2_000])
  })

  it('are in one place when they have moved to another page', async () => {
    const keeping = createKeeping(vault)
    await keeping.write(known(many), HEAD)
    const moved = aKeptTodo(1, { page: aPage(40) })
    await keeping.write(known([moved, ...many.slice(1)]), HEAD)
    expect(await readKept(vault)).toEqual({ ...HEAD, todos: [moved, ...many.slice(1)] })
  })

  it('share their page, which is kept once', async () => {
    await createKeeping(vault).write(known(many), HEAD)
    expect([...texts.values()].join().split('"Page 7"')).toHaveLength(2)
    const [first, second, third] = (await readKept(vault))?.todos.slice(18, 21) ?? []
    expect(first?.page).toEqual(aPage(7))
    expect([second?.page, third?.page].every((page) => page === first?.page)).toBe(true)
  })

  it('are refused when a release before has put them elsewhere: they would come twice', async () => {
    await createKeeping(vault).write(known(many), HEAD)
    texts.set('5', texts.get('pages 5') ?? '')
    await expect(readKept(vault)).rejects.toThrow('another release')
  })

  it('are never a part that passes for the whole, when another tab let go of them', async () => {
    const keeping = createKeeping(vault)
    await keeping.write(known(many), HEAD)
    await vault.drop('todos')
    const changed = known([...many.slice(1), aKeptTodo(2_000)])
    await expect(keeping.write(changed, HEAD)).rejects.toThrow()
    expect(await readKept(vault)).toBeNull()
    await keeping.write(changed, HEAD)
    expect((await readKept(vault))?.todos).toHaveLength(many.length)
  })

  it('leave nothing behind of what another tab wrote before', async () => {
    await createKeeping(vault).write(known(many), HEAD)
    await createKeeping(vault).write(known(many.slice(0, 1)), HEAD)
    expect((await readKept(vault))?.todos).toHaveLength(1)
  })

  it('are refused when a part does not open: what it held would never come', async () => {
    await createKeeping(vault).write(known(many), HEAD)
    const read: Vault['read'] = async (store) => ({ ...(await vault.read(store)), unreadable: ['pages 5'] })
    await expect(readKept({ ...vault, read })).rejects.toThrow()
  })

  it('are nothing without the head, and refused when a part is broken', async () => {
    expect(await readKept(vault)).toBeNull()
    await createKeeping(vault).write(known(many), HEAD)
    const broken = JSON.parse(texts.get('pages 1') ?? '') as { compact: { todos: { text: string[] } } }
    broken.compact.todos.text.pop()
    texts.set('pages 1', JSON.stringify(broken))
    await expect(readKept(vault)).rejects.toThrow(RangeError)
  })
})
