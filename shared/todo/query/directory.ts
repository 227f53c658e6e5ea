import type { PlacedTodo } from '../parents'
import type { Clause, Query, Reference } from './ast'
import { mapClauses } from './ast'
import { foldedNameOf, foldLine } from './search-text'

export interface Named {
  id: string
  name: string
}

export interface NamedDatabase extends Named {
  workspaceId: string
}

/** Where to-dos come from and who the reader is: what names in a query are looked up in, beside the to-dos. */
export interface Sources {
  databases: readonly NamedDatabase[]
  workspaces: readonly Named[]
  /** The reader's own ids in Notion, one for each workspace where Notion told it. */
  me: readonly string[]
}

/** Everything that a query can name. */
export interface Directory extends Sources {
  people: readonly Named[]
  /** A tag is its own id. */
  tags: readonly Named[]
}

export const EMPTY_DIRECTORY: Directory = { databases: [], workspaces: [], me: [], people: [], tags: [] }

/**
 * The names of some to-dos. Take all that a person has, not those of one list: what a name means must not depend
 * on where it is looked at.
 */
export function directoryOf(todos: Iterable<PlacedTodo>, sources: Sources): Directory {
  const people = new Map<string, string>()
  const tags = new Set<string>()
  for (const todo of todos) {
    for (const person of todo.people) if (!people.has(person.id)) people.set(person.id, person.name)
    for (const tag of todo.tags) tags.add(tag)
  }
  return {
    ...sources,
    people: [...people].map(([id, name]) => ({ id, name })).sort(byName),
    tags: [...tags].map((tag) => ({ id: tag, name: tag })).sort(byName),
  }
}

/**
 * The ids a name stands for: everything of exactly that name (but for case and accents), or, when there is none,
 * everything whose name contains it.
 */
export function idsNamed(entries: readonly Named[], name: string): ReadonlySet<string> {
  const wanted = foldLine(name)
  const exact = entries.filter((entry) => foldedNameOf(entry) === wanted)
  const found = exact.length > 0 ? exact : entries.filter((entry) => foldedNameOf(entry).includes(wanted))
  return new Set(found.map(({ id }) => id))
}

/** Names replaced by ids where there is no doubt: in this form a query outlives a renaming. */
export function bindNames(query: Query, directory: Directory): Query {
  return mapReferences(query, directory, (reference, entries) => {
    if (reference.by === 'id') return reference
    const wanted = foldLine(reference.name)
    const [entry, ...others] = entries.filter((entry) => foldedNameOf(entry) === wanted)
    return entry && others.length === 0 ? { by: 'id', id: entry.id } : reference
  })
}

/** Ids replaced by today's names, as people read and type them; an id whose name is not unique stays. */
export function showNames(query: Query, directory: Directory): Query {
  return mapReferences(query, directory, (reference, entries) => {
    if (reference.by === 'name') return reference
    const name = entries
      .find(({ id }) => id === reference.id)
      ?.name.trim()
      .replace(/\s+/gu, ' ')
    if (!name) return reference
    const ids = idsNamed(entries, name)
    return ids.size === 1 && ids.has(reference.id) ? { by: 'name', name } : reference
  })
}

function mapReferences(
  query: Query,
  directory: Directory,
  change: (reference: Reference, entries: readonly Named[]) => Reference,
): Query {
  return mapClauses(query, (clause): Clause => {
    switch (clause.type) {
      case 'in':
        return { type: 'in', database: change(clause.database, directory.databases) }
      case 'workspace':
        return { type: 'workspace', workspace: change(clause.workspace, directory.workspaces) }
      case 'person':
        if (clause.person.by === 'me') return clause
        return { type: 'person', person: change(clause.person, directory.people) }
      default:
        return clause
    }
  })
}

function byName(a: Named, b: Named): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
