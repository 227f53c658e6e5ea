import { z } from 'zod'
import { quiet } from '../window.ts'
import { at, cutOff, open, openList, openNamed, type Play, type Scene } from './scene.ts'

/** What the scenes change of it. The contract itself is read by bundlers only, and this runs without one. */
const ViewsSchema = z.looseObject({
  sources: z.looseObject({ databases: z.array(z.looseObject({ id: z.string(), name: z.string() })) }),
})

/** The list while something is under way, missing, refused or out of reach; and when it has nothing to show. */
export const TROUBLE: readonly Scene[] = [
  { name: 'filling', as: 'filling', play: openList, looks: 'main' },
  { name: 'rate-limited', as: 'paused', play: openList, looks: 'main' },
  { name: 'partial', as: 'partial', play: openReasons, looks: 'main' },
  { name: 'reconnect', as: 'revoked', play: openList, looks: 'main' },
  { name: 'notion-unreachable', as: 'unreachable', play: openList },
  { name: 'disconnected', as: 'left', play: (play) => openNamed(play, 'Former club') },
  {
    name: 'items-in-trouble',
    as: 'troubled',
    play: (play) => openList(play, '/?show=all'),
    looks: 'main',
  },
  {
    name: 'offline',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      await play.page.context().setOffline(true)
      const boxes = play.page.getByRole('listitem').getByRole('checkbox')
      await boxes.nth(0).check()
      await boxes.nth(2).check()
      await play.page.getByText(play.say('offline.waiting').split('|')[2]?.trim().replace('{count}', '2') ?? '').waitFor()
    },
    looks: 'main',
  },
  {
    name: 'server-unreachable',
    as: 'newcomer',
    play: async (play) => {
      await cutOff(play.page, '/api/todos/snapshot')
      await open(play, '/')
    },
  },
  { name: 'nothing-not-connected', as: 'newcomer', play: at('/mine'), looks: 'once' },
  { name: 'nothing-no-todos', as: 'boxless', play: at('/') },
  { name: 'nothing-all-done', as: 'finished', play: at('/') },
  { name: 'nothing-matches', as: 'reader', play: at('/?q=unicorn') },
  { name: 'nothing-today', as: 'troubled', play: at('/today') },
  { name: 'nothing-mine', as: 'troubled', play: at('/mine') },
  {
    name: 'nothing-all-hidden',
    as: 'finished',
    play: (play) =>
      openWith(play, '/?show=all', ({ sources }) => ({
        rules: sources.databases.map(({ id, name }) => ({ name, effect: 'hide', target: { database: id } })),
      })),
  },
  {
    name: 'nothing-me-unknown',
    as: 'reader',
    play: (play) => openWith(play, '/mine', ({ sources }) => ({ sources: { ...sources, me: [] } })),
  },
]

/** Opens a page for somebody whose views, hidden places and names are a little different. */
async function openWith(
  play: Play,
  path: string,
  change: (reply: z.output<typeof ViewsSchema>) => object,
): Promise<void> {
  await play.page.route(
    (url) => url.pathname === '/api/views',
    async (route) => {
      const reply = ViewsSchema.parse(await (await route.fetch()).json())
      await route.fulfill({ json: { ...reply, ...change(reply) } })
    },
  )
  await open(play, path)
}

async function openReasons(play: Play): Promise<void> {
  await openList(play)
  await play.page.getByText(play.say('sync.which'), { exact: true }).click()
  await quiet(play.page)
}
