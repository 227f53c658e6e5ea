import { alive } from '../../support/alive.ts'
import { quiet } from '../window.ts'
import { at, hold, open, type Play, type Scene } from './scene.ts'

/** Before anybody is signed in. */
export const ENTRANCE: readonly Scene[] = [
  { name: 'landing', as: 'stranger', play: at('/'), looks: 'main' },
  { name: 'sign-in', as: 'stranger', play: at('/login'), looks: 'main' },
  {
    name: 'sign-in-refused',
    as: 'stranger',
    play: async (play) => {
      await open(play, '/login')
      await signIn(play, 'nobody@people.test', 'not the password')
      await play.page.getByText(play.say('auth.wrongPassword')).waitFor()
    },
  },
  { name: 'sign-up', as: 'stranger', play: at('/login?mode=sign-up') },
  {
    name: 'sign-up-refused',
    as: 'stranger',
    play: async (play) => {
      await open(play, '/login?mode=sign-up')
      await signIn(play, 'not an address', 'short', 'auth.signUp')
      await play.page.getByText(play.say('auth.issues.email')).waitFor()
    },
  },
  { name: 'mail', as: 'stranger', play: at('/login?mode=mail') },
  {
    name: 'mail-sent',
    as: 'stranger',
    play: async (play) => {
      await open(play, '/login?mode=mail')
      await askForMail(play, 'auth.sendLink')
      await play.page.getByRole('heading', { name: play.say('auth.checkMail') }).waitFor()
    },
  },
  { name: 'reset', as: 'stranger', play: at('/reset-password') },
  {
    name: 'reset-sent',
    as: 'stranger',
    play: async (play) => {
      await open(play, '/reset-password')
      await askForMail(play, 'auth.sendReset')
      await play.page.getByRole('status').filter({ hasText: 'somebody@people.test' }).waitFor()
    },
  },
  { name: 'reset-new', as: 'newcomer', play: at('/reset-password') },
  { name: 'confirm-asking', as: 'stranger', play: at('/confirm?token_hash=from-a-mail&type=magiclink') },
  { name: 'confirm-expired', as: 'stranger', play: at('/confirm?code=used') },
  {
    name: 'confirm-working',
    as: 'stranger',
    play: async ({ page }) => {
      await hold(page, '/api/session/confirm')
      await page.goto('/confirm?code=slow')
      await alive(page)
      await quiet(page, 1)
    },
  },
  { name: 'privacy', as: 'stranger', play: at('/privacy') },
  { name: 'not-found', as: 'stranger', play: at('/no-such-page') },
  { name: 'not-found-signed-in', as: 'newcomer', play: at('/no-such-page'), looks: 'once' },
]

async function signIn({ page, say }: Play, email: string, password: string, button = 'auth.signIn') {
  await page.getByRole('textbox', { name: say('auth.email') }).fill(email)
  await page.getByLabel(say('auth.password'), { exact: true }).fill(password)
  await page.getByRole('button', { name: say(button), exact: true }).click()
}

async function askForMail({ page, say }: Play, button: string) {
  await page.getByRole('textbox', { name: say('auth.email') }).fill('somebody@people.test')
  await page.getByRole('button', { name: say(button), exact: true }).click()
}
