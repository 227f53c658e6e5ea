import { z } from 'zod'
import type { FaultRule } from '../../sandbox/notion/faults.ts'
import { seededId } from '../../sandbox/notion/ids.ts'
import { eventually } from '../support/eventually.ts'
import type { SimpleWorkspace } from '../support/notion/simple-workspace.ts'
import type { NotionControl } from '../support/notion-control.ts'
import type { Person } from './person.ts'
import * as workspaces from './workspaces.ts'

/** Whose reading ends. */
const SETTLED = [
  'newcomer',
  'connected',
  'outdated',
  'bare',
  'reader',
  'troubled',
  'partial',
  'revoked',
  'left',
  'finished',
  'boxless',
  'mirroring',
] as const
/** Whose reading goes on for ever, or not at all: it keeps a worker busy, so they come last. */
const STUCK = ['unreachable', 'filling', 'paused'] as const

/** Who the scenes are about. Each is in a state that stays as it is, so that every look shows the same. */
export type Role = (typeof SETTLED)[number] | (typeof STUCK)[number]
export const ENTRIES: readonly (readonly Role[])[] = [SETTLED, STUCK]

/** Brings somebody into a state; what it answers is left to be waited for, while others make their entrance. */
type Entrance = (person: Person, notion: NotionControl) => Promise<(() => Promise<unknown>) | null>

const ACME = seededId('workspace:acme')
const SIDE_PROJECTS = seededId('workspace:side-projects')
const WAIT_MS = 60_000
/** Just within the time that Roundup gives a request. */
const SLOW = { kind: 'latency', ms: 25_000 } as const
const OUT_OF_ORDER = { kind: 'status', status: 503 } as const

export const ENTRANCES: Record<Role, Entrance> = {
  newcomer: () => Promise.resolve(null),
  connected: async (person) => {
    await person.connect(ACME)
    return null
  },
  outdated: async (person, notion) => {
    const fault = await connected(person, notion, workspaces.outdated.seed.id)
    await fault({ path: '/v1/search', what: OUT_OF_ORDER })
    return null
  },
  bare: async (person) => {
    await person.connect(workspaces.bare.seed.id)
    return null
  },
  reader: async (person) => {
    await person.connect(ACME)
    await person.connect(SIDE_PROJECTS)
    // Among the projects is a page that cannot be read whole; that is somebody else's scene.
    await person.choose('Work and home', ({ name }) => name !== 'Projects')
    await person.choose('Bakery', ({ name }) => name === 'Tasks' || name === 'Meeting notes')
    return async () => {
      await person.readingEnds()
      await lookBack(person)
      await keepViews(person)
    }
  },
  filling: async (person, notion) => {
    const fault = await connected(person, notion, workspaces.filling.seed.id)
    await fault({ path: '/v1/blocks/*/children', skip: 150, what: SLOW })
    await person.choose('Books')
    return () => person.until('some pages', ({ sync }) => sync.pagesDone >= 40)
  },
  paused: async (person, notion) => {
    const fault = await connected(person, notion, workspaces.paused.seed.id)
    const tooMany = { kind: 'status', status: 429, retry_after: 700 } as const
    await fault({ path: '/v1/blocks/*/children', skip: 90, what: tooMany })
    await person.choose('Books')
    return () => person.until('the pause', ({ sync }) => sync.retryAt !== null)
  },
  troubled: async (person, notion) => {
    const fault = await connected(person, notion, workspaces.troubled.seed.id)
    await person.choose('Print shop')
    return async () => {
      await person.readingEnds()
      const [refused, stuck, changed] = [
        'Invite the neighbours from across the yard',
        'Rent a van for Saturday',
        'Put up the signs by nine',
      ]
      const path = async (text: string) => `/v1/blocks/${await person.idOf(text)}`
      await fault({ method: 'PATCH', path: await path(refused), what: { kind: 'status', status: 403 } })
      await fault({ method: 'PATCH', path: await path(stuck), what: { kind: 'hang' } })
      const text = 'Call the insurance about the roof'
      await notion.edit({ op: 'set_text', block_id: await person.idOf(changed), text })
      // First of all: a refusal has the page read again, and then the new text is known.
      await person.tickOffline(changed)
      await person.settles(changed)
      await person.tick(refused)
      await person.settles(refused)
      await person.tick(stuck)
    }
  },
  partial: async (person, notion) => {
    const fault = await connected(person, notion, workspaces.partial.seed.id)
    const hidden = workspaces.partial.pageIds[1] ?? ''
    await fault({ path: `/v1/blocks/${hidden}/children`, what: { kind: 'status', status: 403 } })
    await person.choose('Museum')
    return () => person.readingEnds()
  },
  unreachable: async (person, notion) => {
    const fault = await connected(person, notion, workspaces.unreachable.seed.id)
    await person.choose('Bicycle yard')
    return async () => {
      await person.readingEnds()
      await fault({ what: OUT_OF_ORDER })
      await person.post('/api/sync', { full: true })
      await person.until('the failure', ({ sync }) => sync.state === 'failed')
    }
  },
  revoked: async (person, notion) => {
    const bot = await connectedBot(person, notion, workspaces.revoked.seed.id)
    await person.choose('Theatre')
    return async () => {
      await person.readingEnds()
      await notion.token({ op: 'revoke', bot_id: bot })
      await person.post('/api/sync', { full: true })
      await eventually('the refusal', async () => {
        const [workspace] = await person.workspaces()
        return workspace?.status === 'needs_reauthorization'
      })
    }
  },
  left: async (person) => {
    await person.connect(workspaces.left.seed.id)
    await person.choose('Former club')
    return async () => {
      await person.readingEnds()
      const [workspace] = await person.workspaces()
      const { connectionId } = workspace ?? {}
      await person.post('/api/disconnect-notion', { connectionId, lists: 'freeze' })
    }
  },
  finished: readerOf(workspaces.finished),
  boxless: readerOf(workspaces.boxless),
  mirroring: async (person, notion) => {
    await person.connect(workspaces.mirrored.seed.id)
    const fault = await connected(person, notion, workspaces.mirroring.seed.id)
    const [concerts, rehearsals, tour] = [
      await person.choose('Concerts', of(workspaces.mirrored)),
      await person.choose('Rehearsals', of(workspaces.mirrored)),
      await person.choose('Summer tour', of(workspaces.mirroring)),
    ]
    await person.choose('Everything')
    return async () => {
      await person.readingEnds()
      await mirror(person, concerts.id, 'Choir')
      const gone = await mirror(person, rehearsals.id, 'Choir')
      await notion.edit({ op: 'trash', id: gone.databaseId })
      await person.post(`/api/mirrors/${gone.id}/sync`, {})
      await mirrorIs(person, gone.id, 'missing')
      await fault({ method: 'POST', path: '/v1/pages', skip: 24, what: SLOW })
      await mirror(person, tour.id, 'Orchestra', 'running')
    }
  },
}

const of =
  ({ seed }: SimpleWorkspace) =>
  ({ workspace }: { workspace: { name: string } }) =>
    workspace.name === seed.name

function readerOf({ seed }: SimpleWorkspace): Entrance {
  return async (person) => {
    await person.connect(seed.id)
    await person.choose(seed.name)
    return () => person.readingEnds()
  }
}

/** Connects a workspace that nobody has connected yet; answers by whom Notion's log knows it. */
async function connectedBot(person: Person, notion: NotionControl, workspace: string): Promise<string> {
  const known = new Set((await notion.ledger()).entries.map(({ botId }) => botId))
  await person.connect(workspace)
  return eventually('the first request', async () => {
    const { entries } = await notion.ledger()
    return entries.find(({ botId }) => botId !== null && !known.has(botId))?.botId
  })
}

/** Connects; answers how to have Notion fail for this workspace alone, until the end. */
async function connected(person: Person, notion: NotionControl, workspace: string) {
  const bot_id = await connectedBot(person, notion, workspace)
  return (rule: FaultRule) => notion.fault({ times: null, ...rule, bot_id })
}

/** A few things done, some at once, one taken back: what a history is made of. */
async function lookBack(person: Person): Promise<void> {
  await person.tick('Send minutes')
  await person.tick('New price tags', 'Explain why on the blog', 'Tell the Monday team')
  const { entry } = await person.tick('Buy napkins')
  await person.settles('Buy napkins')
  await person.post(`/api/history/${entry}/undo`, {})
}

async function keepViews(person: Person): Promise<void> {
  const view = { group: 'due', sort: 'due', show: 'open' }
  const urgent = await person.post('/api/views', {
    name: 'Urgent',
    view: { ...view, query: 'due:overdue or due:today' },
  })
  await person.post('/api/views', {
    name: 'On the phone',
    view: { ...view, query: '#phone', group: 'page' },
  })
  const { id } = z.object({ view: z.object({ id: z.number() }) }).parse(urgent).view
  await person.post('/api/calendar-feeds', {
    viewId: id,
    contains: 'events',
    locale: 'en',
    timeZone: 'Europe/Berlin',
    lifetimeDays: 90,
  })
}

const MirrorSchema = z.object({ id: z.number(), state: z.string(), url: z.string().nullable() })

/** Mirrors a list onto the workspace's noticeboard. */
async function mirror(person: Person, listId: number, workspace: string, until = 'ready') {
  const { parents } = z
    .object({
      parents: z.array(
        z.object({ id: z.string(), connectionId: z.number(), title: z.string(), workspaceName: z.string() }),
      ),
    })
    .parse(await person.get('/api/mirror-parents?query=Noticeboard'))
  const parent = parents.find(({ workspaceName }) => workspaceName === workspace)
  if (!parent) throw new Error(`There is no noticeboard in ${workspace}`)
  const made = await person.post('/api/mirrors', {
    listId,
    connectionId: parent.connectionId,
    parentPageId: parent.id,
    tickBack: true,
  })
  const { id } = z.object({ mirror: MirrorSchema }).parse(made).mirror
  const { url } = await mirrorIs(person, id, until)
  return { id, databaseId: /[0-9a-f]{32}/.exec(url ?? '')?.[0] ?? '' }
}

function mirrorIs(person: Person, id: number, state: string): Promise<z.output<typeof MirrorSchema>> {
  return eventually(
    `the mirror being ${state}`,
    async () => {
      const { mirror: now } = z.object({ mirror: MirrorSchema }).parse(await person.get(`/api/mirrors/${id}`))
      return now.state === state && now
    },
    WAIT_MS,
    200,
  )
}
