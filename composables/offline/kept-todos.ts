import type { CompactTodos } from '#shared/schemas/snapshot'
import type { Todo } from '#shared/schemas/todo'
import { compactTodos, expandTodos } from '#shared/todo/snapshot'
import type { KeptLibrary } from '~/stores/library'
import type { Put, Vault } from './vault'

/** So many parts, that writing the part of one to-do is quick, and so few, that reading them all is. */
const PARTS = 64
const HEAD = 'head'

/** Where the server's answers had got to, and what else is shown from the start. */
export interface KeptHead {
  seq: number
  cursor: string
  finishedAt: string | null
  /** Releases before it was kept have written none. */
  library?: KeptLibrary
}

interface KeptPart {
  compact: CompactTodos
  writes: [number, Todo['write']][]
}

const partOf = (id: number): string => String(id % PARTS)

/** @returns null when nothing whole is kept @throws when something of it cannot be opened or does not fit together */
export async function readKept(vault: Vault): Promise<(KeptHead & { todos: Todo[] }) | null> {
  const kept = await vault.read<KeptHead & KeptPart>('todos')
  const head = kept.get(HEAD)
  if (!head) return null
  kept.delete(HEAD)
  const todos: Todo[] = []
  for (const { compact, writes } of kept.values()) {
    for (const todo of expandTodos(compact, new Map(writes))) todos.push(todo)
    // Each part is small; all of them at once would hold up the page.
    await Promise.resolve()
  }
  const { seq, cursor, finishedAt, library } = head
  return { seq, cursor, finishedAt, ...(library && { library }), todos: todos.sort((a, b) => a.id - b.id) }
}

/** Writes what has changed since it wrote last, and nothing else. */
export function createKeeping(vault: Vault) {
  let written = new Map<number, Todo>()

  return {
    /** What was read a moment ago need not be written again. */
    begin: (known: ReadonlyMap<number, Todo>) => (written = new Map(known)),
    /** @throws when there is no room */
    async write(known: ReadonlyMap<number, Todo>, head: KeptHead): Promise<void> {
      const next = new Map(known)
      const stale = new Set<string>()
      for (const [id, todo] of next) if (written.get(id) !== todo) stale.add(partOf(id))
      for (const id of written.keys()) if (!next.has(id)) stale.add(partOf(id))
      const parts = new Map<string, Todo[]>([...stale].map((part) => [part, []]))
      for (const todo of next.values()) parts.get(partOf(todo.id))?.push(todo)
      await vault.write([...partsToPut(parts), { store: 'todos', key: HEAD, value: head }])
      written = next
    },
  }
}

function partsToPut(parts: ReadonlyMap<string, Todo[]>): Put[] {
  return [...parts].map(([key, todos]) => ({
    store: 'todos',
    key,
    // Made when it is its turn to be encrypted, not all at once.
    get value(): KeptPart {
      const unsaved = todos.filter(({ write }) => write.state !== 'saved')
      return { compact: compactTodos(todos), writes: unsaved.map(({ id, write }) => [id, write]) }
    },
  }))
}
