import { alive } from '../../support/alive.ts'
import { quiet } from '../window.ts'
import { at, cutOff, hold, open, type Scene } from './scene.ts'

/** From an account to a list. */
export const FIRST_RUN: readonly Scene[] = [
  { name: 'first-run', as: 'newcomer', play: at('/'), looks: 'main' },
  { name: 'connect', as: 'newcomer', play: at('/connect-notion'), looks: 'main' },
  { name: 'connect-token', as: 'newcomer', play: at('/connect-notion?with=token') },
  {
    name: 'connect-token-refused',
    as: 'newcomer',
    play: async (play) => {
      await open(play, '/connect-notion?with=token')
      await play.page.getByLabel(play.say('token.label')).fill('ntn_nobody_knows_this_token')
      await play.page.getByRole('button', { name: play.say('token.connect') }).click()
      await play.page.getByText(play.say('token.issues.refused')).waitFor()
    },
  },
  {
    name: 'connect-working',
    as: 'newcomer',
    play: async ({ page }) => {
      await hold(page, '/api/connect-notion')
      await page.goto('/connect-notion?code=a-code&state=a-state')
      await alive(page)
      await page.getByRole('progressbar').waitFor()
      await quiet(page, 1)
    },
  },
  { name: 'connect-cancelled', as: 'newcomer', play: at('/connect-notion?error=access_denied&state=x') },
  { name: 'connect-used', as: 'newcomer', play: at('/connect-notion?code=used&state=used') },
  { name: 'choose-not-connected', as: 'newcomer', play: at('/databases') },
  {
    name: 'choose-loading',
    as: 'connected',
    play: async ({ page }) => {
      await hold(page, '/api/search-notion')
      await page.goto('/databases')
      await alive(page)
      await quiet(page, 1)
    },
  },
  { name: 'choose', as: 'connected', play: at('/databases'), looks: 'main' },
  {
    name: 'choose-counting',
    as: 'connected',
    play: async (play) => {
      await open(play, '/databases')
      await play.page.getByRole('button', { name: play.say('counting.of', { name: 'Tasks' }) }).click()
      await play.page.getByRole('group', { name: play.say('counting.title') }).waitFor()
      await quiet(play.page)
    },
    looks: 'main',
  },
  {
    name: 'list-changed',
    as: 'reader',
    play: async (play) => {
      await open(play, '/settings')
      await play.page.getByRole('link', { name: play.say('settings.changeNamed', { name: 'Bakery' }) }).click()
      await play.page.getByRole('heading', { level: 1, name: play.say('chooser.change') }).waitFor()
      await quiet(play.page)
    },
  },
  {
    name: 'choose-no-match',
    as: 'connected',
    play: async (play) => {
      await open(play, '/databases')
      await play.page.getByRole('searchbox', { name: play.say('chooser.search') }).fill('quarterly')
    },
  },
  { name: 'choose-empty', as: 'bare', play: at('/databases') },
  {
    name: 'choose-error',
    as: 'connected',
    play: async (play) => {
      await cutOff(play.page, '/api/search-notion')
      await open(play, '/databases')
      await play.page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'choose-stale',
    as: 'outdated',
    play: async (play) => {
      const { page, say } = play
      await open(play, '/databases')
      await page.getByRole('button', { name: say('chooser.refresh'), exact: true }).click()
      await page.getByText(say('chooser.stale', { workspace: 'Town hall' })).waitFor({ timeout: 40_000 })
    },
  },
  { name: 'no-list', as: 'connected', play: at('/') },
]
