import { seededId } from '../../sandbox/notion/ids.ts'
import type { WorkspaceSeed } from '../../sandbox/notion/seed-format.ts'
import { cell, words } from '../../sandbox/notion/seed-builders.ts'
import { simpleWorkspace, type SimpleRow, type SimpleWorkspace } from '../support/notion/simple-workspace.ts'

/** Workspaces that the demo has none of: where things go wrong, are under way, or are finished. */

const WORKSHOP: SimpleRow[] = [
  {
    title: 'Open day',
    blocks: (b) => [
      b.heading(2, 'Before'),
      b.todo('Invite the neighbours from across the yard'),
      b.todo('Borrow twelve chairs', [b.todo('Ask the choir'), b.done('Ask the school')]),
      b.todo('Rent a van for Saturday'),
      b.heading(2, 'On the day'),
      b.todo('Put up the signs by nine'),
      b.todo('Show the old printing press'),
    ],
  },
  {
    title: 'Accounts',
    blocks: (b) => [b.todo('Send the invoice to the theatre'), b.done('Pay for the paper')],
  },
]

const FINISHED: SimpleRow[] = [
  { title: 'Moving house', done: true, blocks: (b) => [b.done('Hand over the keys'), b.done('Cancel the old contract')] },
]

/** A box two toggles down: three requests a book, so that a slow reading outlasts the scenes. */
const SHELF: SimpleRow[] = Array.from({ length: 200 }, (_, index) => ({
  title: `Book ${index + 1}`,
  blocks: (b) => [b.toggle('Part one', [b.toggle('Chapter one', [b.todo(`Read chapter one of book ${index + 1}`)])])],
}))

/** With a page outside its database, as a place to put something. */
function withHome(made: SimpleWorkspace): SimpleWorkspace {
  const [page] = made.seed.pages
  if (!page) throw new Error('It has no page')
  const home = {
    ...page,
    id: seededId(`${made.seed.name}:home`),
    parent: { type: 'workspace' as const },
    properties: { title: cell.title('Noticeboard') },
    icon: { type: 'emoji' as const, emoji: '📌' },
    blocks: [],
  }
  return { ...made, seed: { ...made.seed, pages: [...made.seed.pages, home] } }
}

/** Named after its workspace; its database has a name of its own. */
function workspace(name: string, rows: SimpleRow[], database = 'Projects'): SimpleWorkspace {
  const made = simpleWorkspace(name, rows)
  const title = words(database)
  const databases = made.seed.databases.map((one) => ({
    ...one,
    title,
    data_sources: one.data_sources.map((source) => ({ ...source, title })),
  }))
  return { ...made, seed: { ...made.seed, databases } }
}
export const troubled = workspace('Print shop', WORKSHOP)
export const outdated = workspace('Town hall', WORKSHOP)
export const partial = workspace('Museum', WORKSHOP)
export const unreachable = workspace('Bicycle yard', WORKSHOP)
export const revoked = workspace('Theatre', WORKSHOP)
export const left = workspace('Former club', WORKSHOP)
export const mirrored = withHome(workspace('Choir', WORKSHOP))
export const mirroring = withHome(workspace('Orchestra', SHELF.slice(0, 40)))
export const finished = workspace('Moving', FINISHED)
export const boxless = workspace('Blank paper', [{ title: 'Ideas', blocks: (b) => [b.paragraph('Later.')] }])
export const filling = workspace('Library', SHELF, 'Reading list')
export const paused = workspace('Archive', SHELF.slice(0, 140), 'Reading list')

export const bare: { seed: WorkspaceSeed } = {
  seed: { ...workspace('New office', []).seed, databases: [], pages: [] },
}

export const ALL_WORKSPACES: readonly { seed: WorkspaceSeed }[] = [
  bare,
  outdated,
  troubled,
  partial,
  unreachable,
  revoked,
  left,
  mirrored,
  mirroring,
  finished,
  boxless,
  filling,
  paused,
]
