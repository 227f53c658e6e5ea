import type { CompactTodos } from '#shared/schemas/snapshot'
import type { Todo } from '#shared/schemas/todo'
import { compactTodos, expandTodos } from '#shared/todo/snapshot'
import { breather } from '~/composables/time/breather'
import type { KeptLibrary } from '~/stores/library'
import type { KeptViews } from '~/stores/view'
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
  /** The same. */
  views?: KeptViews
}

interface KeptPart {
  compact: CompactTodos
  writes: [number, Todo['write']][]
}

/** Those of a page lie together: it is kept, and read, once for all of them. */
const partName = (part: number): string => `pages ${part}`
const partOf = ({ page }: Todo): string => partName(page.id % PARTS)
const PART_NAMES = Array.from({ length: PARTS }, (_, part) => partName(part))

/** @returns null when nothing whole is kept @throws when something of it cannot be opened or does not fit together */
export async function readKept(vault: Vault): Promise<(KeptHead & { todos: Todo[] }) | null> {
  const { values: kept, unreadable } = await vault.read<KeptHead & KeptPart>('todos')
  // What changed since is asked for by the cursor, so what is missing here would never come.
  if (unreadable.length > 0) throw new Error('Not all that was kept can be opened')
  const head = kept.get(HEAD)
  if (!head) return null
  kept.delete(HEAD)
  // Releases before it put to-dos elsewhere: beside those of this one they would come back twice.
  for (const name of kept.keys()) if (!PART_NAMES.includes(name)) throw new Error('Kept by another release')
  const todos: Todo[] = []
  const breathe = breather()
  for (const { compact, writes } of kept.values()) {
    for (const todo of expandTodos(compact, new Map(writes))) todos.push(todo)
    await breathe()
  }
  return { ...head, todos: todos.sort((a, b) => a.id - b.id) }
}

/** Writes what has changed since it wrote last, and nothing else. */
export function createKeeping(vault: Vault) {
  /** Null: nothing is known of what lies there, so every part is written. */
  let written: ReadonlyMap<number, Todo> | null = null

  return {
    /** What was read a moment ago need not be written again. */
    begin: (known: ReadonlyMap<number, Todo>) => (written = new Map(known)),
    /** @throws when there is no room, or somebody else took away what this would have added to */
    async write(known: ReadonlyMap<number, Todo>, head: KeptHead): Promise<void> {
      const [before, next] = [written, new Map(known)]
      written = null
      const parts = new Map<string, Todo[]>(stalePartsOf(before, next).map((part) => [part, []]))
      for (const todo of next.values()) parts.get(partOf(todo))?.push(todo)
      const puts: Put[] = [...partsToPut(parts), { store: 'todos', key: HEAD, value: head }]
      // Some parts with a head, and the others gone, would pass for all there is.
      await vault.write(puts, [], before ? { store: 'todos', key: HEAD } : undefined)
      written = next
    },
  }
}

function stalePartsOf(before: ReadonlyMap<number, Todo> | null, next: ReadonlyMap<number, Todo>): string[] {
  if (!before) return PART_NAMES
  const stale = new Set<string>()
  for (const [id, todo] of next) {
    const was = before.get(id)
    if (was === todo) continue
    stale.add(partOf(todo))
    if (was) stale.add(partOf(was))
  }
  for (const [id, was] of before) if (!next.has(id)) stale.add(partOf(was))
  return [...stale]
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
