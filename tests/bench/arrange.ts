import type { Todo } from '#shared/schemas/todo'
import { GroupBySchema, QUERY_MAX_LENGTH, SortBySchema } from '#shared/schemas/view'
import { arrange } from '#shared/todo/arrange'
import { groundOf } from '#shared/todo/arrange-ground'
import { directoryOf } from '#shared/todo/query/directory'
import { parseQuery } from '#shared/todo/query/parse'
import { compileView } from '#shared/todo/query/view-filter'
import { aPage, aTodo } from '../support/todos.ts'

const TODOS = 20_000
const PAGES = 1_500
const ROUNDS = 7
const NOW = new Date('2026-11-20T12:00:00Z')
const SOURCES = { databases: [], workspaces: [], me: [] }
/** What a filter line can hold, the cheap and the dear. */
const LINES = [
  'call',
  'call bob thing 7',
  'käthe -#tag-3 or due:overdue',
  'priority:high or -priority:none',
  '@"person 7" page:"weekly 3"',
  'heading:monday due:2026-11-01..2026-12-24 -(#tag-1 or #tag-2)',
  Array.from({ length: 15 }, (_, index) => `"thing ${index}"`).join(' or '),
]

type Note = (what: string, ours: string, bound: string) => void

/** Making rows of everything in every arrangement, and filtering by every kind of line, against the plainest way. */
export function arrangeFigures(note: Note): void {
  const todos = largeWorkspace()
  const matches = new Set(todos.filter(({ checked }) => !checked).map(({ id }) => id))
  const ground = groundOf(todos)
  const sorted = quickest(() => [...todos].sort((a, b) => a.text.localeCompare(b.text)))
  const arranged = GroupBySchema.options.flatMap((group) =>
    SortBySchema.options.map((sort) => {
      const options = { view: { group, sort }, matches, now: NOW, timeZone: 'Europe/Berlin' }
      return { what: `by ${group}, ${sort}`, ms: quickest(() => arrange(ground, options)) }
    }),
  )
  note(`Arranging ${TODOS}, against one sort by text`, compared(arranged, sorted), 'printed')

  const context = { now: NOW, timeZone: 'Europe/Berlin', directory: directoryOf(todos, SOURCES), rules: [] }
  // Processor time is told in steps of some milliseconds.
  const searchAgain = Array.from({ length: 50 })
  const search = () => todos.filter(({ text }) => text.toLowerCase().includes('call'))
  const searched = quickest(() => searchAgain.forEach(search)) / searchAgain.length
  const filtered = LINES.map((line) => {
    const { query } = parseQuery(line, QUERY_MAX_LENGTH)
    return { what: line.slice(0, 30), ms: quickest(() => todos.filter(compileView(query, 'open', context))) }
  })
  note(`Filtering ${TODOS}, against one plain search`, compared(filtered, searched), 'printed')
}

/** The slowest and the one in the middle: time, and how often the plain way fits into it. */
function compared(figures: readonly { what: string; ms: number }[], plainMs: number): string {
  const bySpeed = figures.toSorted((a, b) => a.ms - b.ms)
  const [middle, last] = [bySpeed[Math.floor(bySpeed.length / 2)], bySpeed.at(-1)]
  const told = (one?: { what: string; ms: number }) =>
    one ? `${one.ms.toFixed(1)} ms, ${(one.ms / plainMs).toFixed(2)} times (${one.what})` : ''
  return `half within ${told(middle)}; slowest ${told(last)}`
}

/** Processor time in milliseconds, of the quickest of a few runs: on a busy machine the others tell of others. */
function quickest(run: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.threadCpuUsage()
    run()
    return process.threadCpuUsage(before).user / 1_000
  })
  return Math.min(...times)
}

/** What a large workspace looks like: meeting notes, tags, people, every third to-do below another. */
function largeWorkspace(): Todo[] {
  const pages = Array.from({ length: PAGES }, (_, id) =>
    aPage(id, {
      title: `Weekly ${id}`,
      lastEditedTime: new Date(Date.UTC(2026, 0, 1 + (id % 320), id % 24)).toISOString(),
    }),
  )
  return Array.from({ length: TODOS }, (_, id) => {
    const page = pages[id % PAGES] ?? aPage(0)
    return aTodo({
      id,
      text: `Call ${['Ada', 'Bob', 'Käthe'][id % 3]} about thing number ${(id * 7_919) % TODOS}`,
      page,
      databaseId: `database-${page.id % 12}`,
      position: id,
      parentId: id % 3 === 2 && id >= PAGES ? id - PAGES : null,
      headingPath: id % 2 === 0 ? ['Action items'] : ['Monday', `Topic ${id % 5}`],
      checked: id % 4 === 0,
      due:
        id % 2 === 0
          ? { start: `2026-1${id % 3}-${String((id % 27) + 1).padStart(2, '0')}`, source: 'text' }
          : null,
      people: id % 5 === 0 ? [{ id: `person-${id % 40}`, name: `Person ${id % 40}` }] : [],
      tags: id % 6 === 0 ? [`tag-${id % 30}`, `tag-${id % 7}`] : [],
    })
  })
}
