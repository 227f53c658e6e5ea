import { quiet } from '../window.ts'
import { at, cutOff, open, openList, type Play, type Scene } from './scene.ts'

/** Every other page. */
export const PLACES: readonly Scene[] = [
  { name: 'today', as: 'reader', play: (play) => openList(play, '/today'), looks: 'main' },
  { name: 'mine', as: 'reader', play: (play) => openList(play, '/mine') },
  { name: 'completed', as: 'reader', play: at('/completed'), looks: 'main' },
  { name: 'completed-empty', as: 'newcomer', play: at('/completed') },
  {
    name: 'history',
    as: 'reader',
    play: async (play) => {
      await open(play, '/history')
      await play.page.getByRole('button', { name: play.say('history.all', { count: 3 }) }).click()
      await play.page.getByRole('list', { name: play.say('history.allLabel') }).waitFor()
      await quiet(play.page)
    },
    looks: 'main',
  },
  { name: 'history-of-trouble', as: 'troubled', play: at('/history') },
  { name: 'history-empty', as: 'newcomer', play: at('/history') },
  {
    name: 'history-error',
    as: 'newcomer',
    play: async (play) => {
      await cutOff(play.page, '/api/history')
      await open(play, '/history')
      await play.page.getByRole('alert').waitFor()
    },
  },
  { name: 'settings', as: 'reader', play: at('/settings'), looks: 'main' },
  { name: 'settings-new', as: 'newcomer', play: at('/settings') },
  { name: 'settings-reconnect', as: 'revoked', play: at('/settings') },
  { name: 'settings-disconnected', as: 'left', play: at('/settings') },
  {
    name: 'settings-log',
    as: 'revoked',
    play: async (play) => {
      await open(play, '/settings')
      await play.page.getByRole('button', { name: play.say('log.titleNamed', { name: 'Theatre' }) }).click()
      await play.page.getByRole('list', { name: play.say('log.title') }).waitFor()
    },
  },
  {
    name: 'settings-disconnect',
    as: 'reader',
    play: async (play) => {
      await open(play, '/settings')
      await play.page.getByRole('button', { name: play.say('settings.disconnectNamed', { name: 'Acme' }) }).click()
      await play.page.getByRole('dialog').waitFor()
      await quiet(play.page)
    },
  },
  {
    name: 'settings-delete-account',
    as: 'reader',
    play: async (play) => {
      await open(play, '/settings')
      await play.page.getByRole('button', { name: play.say('account.delete') }).click()
      await play.page.getByRole('dialog').waitFor()
      await quiet(play.page)
    },
  },
  {
    name: 'feed',
    as: 'reader',
    play: async (play) => {
      const { page, say } = play
      await open(play, '/settings')
      await page.getByRole('combobox', { name: say('feeds.view'), exact: true }).selectOption('On the phone')
      await page.getByRole('button', { name: say('feeds.make') }).click()
      await page.getByRole('textbox', { name: say('feeds.address') }).waitFor()
    },
    after: async ({ page, say }) => {
      await page.getByRole('button', { name: say('feeds.revokeNamed', { name: 'On the phone' }) }).click()
      await page.getByRole('button', { name: say('feeds.revoke'), exact: true }).click()
      await quiet(page)
    },
  },
  { name: 'mirror-form', as: 'mirroring', play: (play) => openMirror(play, 'Everything'), looks: 'main' },
  {
    name: 'mirror-picker',
    as: 'mirroring',
    play: async (play) => {
      await openMirror(play, 'Everything')
      await play.page.getByRole('combobox', { name: play.say('mirror.choose') }).fill('Notice')
      await play.page.getByRole('option').first().waitFor()
      await quiet(play.page)
    },
  },
  { name: 'mirror-result', as: 'mirroring', play: (play) => openMirror(play, 'Concerts'), looks: 'main' },
  { name: 'mirror-missing', as: 'mirroring', play: (play) => openMirror(play, 'Rehearsals') },
  { name: 'mirror-running', as: 'mirroring', play: (play) => openMirror(play, 'Summer tour') },
  {
    name: 'mirror-stop',
    as: 'mirroring',
    play: async (play) => {
      await openMirror(play, 'Concerts')
      await play.page.getByRole('button', { name: play.say('mirror.stop') }).click()
      await play.page.getByRole('dialog').waitFor()
      await quiet(play.page)
    },
  },
]

async function openMirror(play: Play, list: string): Promise<void> {
  const { page, say } = play
  await open(play, '/settings')
  await page.getByRole('button', { name: `${say('mirror.title')} ${list}` }).click()
  const section = page.getByRole('region', { name: say('mirror.named', { name: list }) })
  await section.waitFor()
  await quiet(page)
  await section.evaluate((element) => element.scrollIntoView({ block: 'center' }))
}
