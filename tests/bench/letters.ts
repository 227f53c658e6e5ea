import type { Todo } from '#shared/schemas/todo'
import { DEFAULT_VIEW, QUERY_MAX_LENGTH, STORED_QUERY_MAX_LENGTH } from '#shared/schemas/view'
import { arrange } from '#shared/todo/arrange'
import { groundOf } from '#shared/todo/arrange-ground'
import { ArrangeMemory } from '#shared/todo/arrange-memory'
import { directoryOf } from '#shared/todo/query/directory'
import { MatchMemory } from '#shared/todo/query/narrowing'
import { parseQuery } from '#shared/todo/query/parse'
import { compileView } from '#shared/todo/query/view-filter'
import { aPage, aTodo } from '../support/todos.ts'

const TODOS = 20_000
const PER_PAGE = 5
const ROUNDS = 15
/** What somebody looks for, letter by letter; as in the browser's figures. */
const TYPED = ['plan the garden', 'call doctor']
const WORDS = ['Plan the garden', 'Call the doctor', 'Write to Käthe', 'Book a table', 'Water the plants']
const SOURCES = { databases: [], workspaces: [], me: [] }

type Note = (what: string, ours: string, bound: string) => void

/**
 * From a letter in the filter line to the rows of the list, without a browser: what the pure code takes of that.
 * And the longest lines that the language allows, as a server meets them: each to-do with objects of its own.
 */
export function letterFigures(note: Note): void {
  const todos = workspace()
  const context = {
    now: new Date(),
    timeZone: 'Europe/Berlin',
    rules: [],
    directory: directoryOf(todos, SOURCES),
  }
  const ground = groundOf(todos)
  const memory = new ArrangeMemory<Todo>()
  const found = new MatchMemory<Todo>()
  const lingering: ReadonlySet<number> = new Set()

  function rowsFor(line: string): number {
    const { query } = parseQuery(line, QUERY_MAX_LENGTH)
    const isShown = compileView(query, 'open', context)
    const asked = { ...context, query, show: 'open', lingering } as const
    const matches = found.find(todos, isShown, asked)
    return arrange(ground, { ...context, view: DEFAULT_VIEW, matches }, memory).length
  }

  // The first rounds fold what is looked at and warm the code: nobody types that twice.
  const quickest = new Map<string, number>()
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const text of TYPED) {
      rowsFor('')
      for (let length = 1; length <= text.length; length += 1) {
        const line = text.slice(0, length)
        const tookMs = timed(() => rowsFor(line))
        quickest.set(line, Math.min(tookMs, quickest.get(line) ?? Infinity))
      }
    }
  }
  const times = [...quickest.values()].sort((a, b) => a - b)
  const at = (share: number) => `${(times[Math.floor(times.length * share)] ?? 0).toFixed(1)} ms`
  note(`A letter in the filter line, ${TODOS} to-dos, pure code`, `p50 ${at(0.5)}, p95 ${at(0.95)}`, '')

  for (const criterion of ['page:x', 'heading:x', 'x']) {
    const line = Array.from({ length: 50 }, (_, index) => `${criterion}${index}`).join(' or ')
    const { query } = parseQuery(line, STORED_QUERY_MAX_LENGTH)
    const tookMs = timed(() => {
      const isShown = compileView(query, 'all', context)
      for (const todo of workspace()) isShown(todo)
    })
    const idle = timed(() => workspace())
    note(`50 times ${criterion} of ${TODOS} to-dos`, `${(tookMs - idle).toFixed(0)} ms`, '')
  }
}

/** Processor time, in milliseconds: on a busy machine the clock on the wall tells of others. */
function timed(run: () => unknown): number {
  const before = process.threadCpuUsage()
  run()
  return process.threadCpuUsage(before).user / 1_000
}

function workspace(): Todo[] {
  const pages = Array.from({ length: TODOS / PER_PAGE }, (_, id) =>
    aPage(id, {
      title: `Wöchentliche Besprechung ${id}`,
      lastEditedTime: new Date(Date.UTC(2026, 0, 1 + (id % 320), id % 24)).toISOString(),
    }),
  )
  return Array.from({ length: TODOS }, (_, id) => {
    const page = pages[Math.floor(id / PER_PAGE)] ?? aPage(0)
    return aTodo({
      id,
      text: `${WORDS[(id * 7) % WORDS.length]} number ${id}`,
      page,
      databaseId: `database-${page.id % 12}`,
      headingPath: id % 2 === 0 ? ['Action items'] : ['Monday', `Topic ${id % 5}`],
      checked: id % 4 === 0,
    })
  })
}
