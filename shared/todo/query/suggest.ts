import { PRIORITIES } from '../priority'
import { TODO_STATES, type Clause } from './ast'
import type { Directory, Named } from './directory'
import { idsNamed } from './directory'
import { DUE_WORDS, readDue } from './due-words'
import { printClause } from './print'
import { foldLine } from './search-text'
import { FIELDS, type Field } from './words'

/** A way to go on with the line: `line` is the whole line with it taken, and `caret` where typing goes on. */
export interface Suggestion {
  /** As it will stand in the line. */
  text: string
  /** A field whose value comes next, or a whole criterion. */
  kind: 'field' | Clause['type']
  line: string
  caret: number
}

export const SUGGESTIONS_MAX = 8

/** The piece of the line that is being typed: up to the caret, from the last place where a criterion can begin. */
const PIECE = /(?:^|[\s(])-?((?:[a-z]+:|[@#])?(?:"[^"]*|[^\s()"]*))$/iu

/** How the piece at the caret might go on: names that exist, words that mean something. Best first. */
export function suggest(line: string, caret: number, directory: Directory): Suggestion[] {
  const before = line.slice(0, caret)
  const piece = PIECE.exec(before)?.[1] ?? ''
  const start = caret - piece.length
  // In the middle of a word there is nothing to complete: what follows belongs to it.
  if (piece === '' || /^[^\s()]/u.test(line.slice(caret))) return []
  return candidatesFor(piece, directory)
    .filter(({ text }) => text !== piece)
    .slice(0, SUGGESTIONS_MAX)
    .map(({ text, kind }) => {
      const head = line.slice(0, start) + text + (kind === 'field' ? '' : ' ')
      return { text, kind, line: head + line.slice(caret).trimStart(), caret: head.length }
    })
}

type Candidate = Pick<Suggestion, 'text' | 'kind'>

function candidatesFor(piece: string, directory: Directory): Candidate[] {
  const [, prefix = '', value = ''] = /^([a-z]+:|[@#])?"?(.*)$/isu.exec(piece) ?? []
  const typed = foldLine(value)
  if (prefix === '@') {
    const me: Candidate[] = 'me'.startsWith(typed) ? [{ text: '@me', kind: 'person' }] : []
    return [...me, ...named(typed, directory.people, (person) => ({ type: 'person', person }))]
  }
  if (prefix === '#') return tagsLike(typed, directory)
  const field = FIELDS.find((known) => `${known}:` === prefix.toLowerCase())
  if (field) return valuesOf(field, typed, directory)
  if (prefix !== '' || piece.startsWith('"')) return []
  return FIELDS.filter((name) => name.startsWith(typed)).map((name) => ({ text: `${name}:`, kind: 'field' }))
}

function valuesOf(field: Field, typed: string, directory: Directory): Candidate[] {
  switch (field) {
    case 'is':
      return beginning(TODO_STATES, typed).map((state) => toCandidate({ type: 'is', state }))
    case 'due':
      return beginning(DUE_WORDS, typed).flatMap((word) => {
        const due = readDue(word)
        return due ? [toCandidate({ type: 'due', due })] : []
      })
    case 'priority':
      return beginning(PRIORITIES, typed).map((priority) => toCandidate({ type: 'priority', priority }))
    case 'in':
      return named(typed, directory.databases, (database) => ({ type: 'in', database }))
    case 'workspace':
      return named(typed, directory.workspaces, (workspace) => ({ type: 'workspace', workspace }))
    // Titles and headings are many, and finding them is what the list itself does.
    case 'page':
    case 'heading':
      return []
  }
}

function named(
  typed: string,
  entries: readonly Named[],
  toClause: (reference: { by: 'name'; name: string } | { by: 'id'; id: string }) => Clause,
): Candidate[] {
  const found = entries.filter(({ name }) => name.trim() !== '' && foldLine(name).includes(typed))
  const texts = found.map(({ id, name }) => {
    const isUnique = idsNamed(entries, name).size === 1
    return toCandidate(toClause(isUnique ? { by: 'name', name: name.trim() } : { by: 'id', id }))
  })
  return startingFirst(texts, found, typed)
}

function tagsLike(typed: string, { tags }: Directory): Candidate[] {
  const found = tags.filter(({ name }) => foldLine(name).includes(typed))
  return startingFirst(
    found.map(({ name }) => toCandidate({ type: 'tag', tag: name })),
    found,
    typed,
  )
}

function startingFirst(candidates: Candidate[], entries: readonly Named[], typed: string): Candidate[] {
  const starts = (index: number) => (foldLine(entries[index]?.name ?? '').startsWith(typed) ? 0 : 1)
  return candidates
    .map((candidate, index) => ({ candidate, rank: starts(index) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ candidate }) => candidate)
}

function beginning<Word extends string>(words: readonly Word[], typed: string): Word[] {
  return words.filter((word) => word.startsWith(typed))
}

function toCandidate(clause: Clause): Candidate {
  return { text: printClause(clause), kind: clause.type }
}
