import { alive } from '../../support/alive.ts'
import { quiet } from '../window.ts'
import { at, hold, openList, openNamed, type Play, type Scene } from './scene.ts'

const GROUPS = ['database', 'workspace', 'heading', 'due', 'person', 'tag', 'state'] as const

/** The list as it is most of the time, and everything that opens from it. */
export const LIST: readonly Scene[] = [
  { name: 'list', as: 'reader', play: openList, looks: 'main' },
  {
    name: 'list-loading',
    as: 'unreachable',
    play: async ({ page, say }) => {
      await hold(page, '/api/todos/snapshot')
      await page.goto('/today')
      await alive(page)
      await page.getByText(say('list.loading')).waitFor()
      await quiet(page, 1)
    },
  },
  {
    name: 'list-folded',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      // On a phone it is a drawer, which does not fold.
      const fold = play.page.getByRole('button', { name: play.say('nav.fold') })
      if (await fold.isVisible()) await fold.click()
      await quiet(play.page)
    },
  },
  { name: 'list-of-two', as: 'reader', play: (play) => openNamed(play, 'Bakery') },
  {
    name: 'list-renamed',
    as: 'reader',
    play: async (play) => {
      await openNamed(play, 'Bakery')
      await play.page.keyboard.press('F2')
      await play.page.getByRole('textbox', { name: play.say('view.saved.name') }).waitFor()
    },
    looks: 'once',
  },
  ...GROUPS.map((group): Scene => ({
    name: `list-by-${group}`,
    as: 'reader',
    play: (play) => openList(play, `/?group=${group}`),
    looks: 'once',
  })),
  { name: 'list-all', as: 'reader', play: (play) => openList(play, '/?show=all'), looks: 'once' },
  {
    name: 'filtered',
    as: 'reader',
    play: (play) => openList(play, '/?q=due:today%20or%20due:overdue&group=due&sort=due'),
    looks: 'main',
  },
  {
    name: 'filter-mistake',
    as: 'reader',
    play: (play) => openList(play, '/?q=is:opne%20butter'),
  },
  {
    name: 'suggestions',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      const line = play.page.getByRole('combobox', { name: play.say('list.search') })
      await line.focus()
      await line.pressSequentially('in:')
      await play.page.getByRole('option').first().waitFor()
    },
  },
  { name: 'filter-panel', as: 'reader', play: (play) => openPanel(play, 'view.filter'), looks: 'main' },
  { name: 'saved-views', as: 'reader', play: (play) => openPanel(play, 'view.saved.title'), looks: 'main' },
  {
    name: 'saved-view-edited',
    as: 'reader',
    play: async (play) => {
      await openPanel(play, 'view.saved.title')
      await play.page.getByRole('button', { name: play.say('view.saved.edit', { name: 'Urgent' }) }).click()
    },
  },
  { name: 'export', as: 'reader', play: (play) => openPanel(play, 'view.more'), looks: 'main' },
  {
    name: 'explain',
    as: 'reader',
    play: async (play) => {
      await openPanel(play, 'view.more')
      await play.page.getByRole('button', { name: play.say('view.explain.title') }).click()
      const dialog = play.page.getByRole('dialog', { name: play.say('view.explain.title') })
      await dialog.getByRole('searchbox').fill('minutes')
      await dialog.getByRole('listitem').first().waitFor()
    },
    looks: 'main',
  },
  {
    name: 'selection',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      await play.page.getByRole('listitem').getByRole('checkbox').first().focus()
      for (let presses = 0; presses < 3; presses += 1) await play.page.keyboard.press('Shift+ArrowDown')
      await play.page.getByRole('region', { name: play.say('select.label') }).waitFor()
    },
    looks: 'main',
  },
  {
    name: 'item-menu',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      await play.page.getByRole('main').getByRole('listitem').nth(1).click({ button: 'right' })
      await play.page.getByRole('menuitem', { name: play.say('todo.copyLink') }).waitFor()
    },
    looks: 'main',
  },
  {
    name: 'detail',
    as: 'reader',
    play: async (play) => {
      await openList(play, '/?q=offer&show=all')
      await play.page.getByRole('listitem').getByRole('checkbox').first().focus()
      await play.page.keyboard.press('e')
      await play.page.getByRole('heading', { name: play.say('detail.history') }).waitFor()
      await quiet(play.page)
    },
    looks: 'main',
  },
  {
    name: 'ticked',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      await play.page.getByRole('listitem').getByRole('checkbox').first().check()
      await undoButton(play).waitFor()
    },
    after: async (play) => {
      await undoButton(play).click()
      await quiet(play.page)
    },
  },
  {
    name: 'keys',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      await play.page.keyboard.press('?')
      await play.page.getByRole('dialog', { name: play.say('keys.title') }).waitFor()
      await quiet(play.page)
    },
  },
  {
    name: 'help',
    as: 'reader',
    play: async (play) => {
      await openPalette(play, play.say('help.open'))
      await play.page.keyboard.press('Enter')
      await play.page.getByRole('dialog', { name: play.say('help.title') }).waitFor()
      await quiet(play.page)
    },
  },
  { name: 'palette', as: 'reader', play: (play) => openPalette(play, 'butter'), looks: 'main' },
  {
    name: 'menu',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      const more = play.page.getByRole('button', { name: play.say('nav.more'), exact: true })
      if (await more.isVisible()) await more.click()
      await quiet(play.page)
    },
  },
  {
    name: 'print',
    as: 'reader',
    play: async (play) => {
      await openList(play)
      await play.page.emulateMedia({ media: 'print', reducedMotion: 'reduce' })
    },
    looks: 'once',
  },
  { name: 'list-missing', as: 'reader', play: at('/lists/999999') },
]

const undoButton = ({ page, say }: Play) => page.getByRole('button', { name: say('undo.button'), exact: true })

async function openPanel(play: Play, name: string): Promise<void> {
  await openList(play)
  await play.page.getByRole('button', { name: play.say(name), exact: true }).click()
  await play.page.getByRole('dialog').waitFor()
  await quiet(play.page)
}

async function openPalette(play: Play, typed: string): Promise<void> {
  await openList(play)
  await play.page.keyboard.press('Control+k')
  await play.page.getByRole('dialog', { name: play.say('keys.commands') }).waitFor()
  await play.page.keyboard.type(typed)
  await quiet(play.page)
}
