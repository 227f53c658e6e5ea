import type { Browser, Page } from '@playwright/test'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { launchBrowser } from '../support/script-browser.ts'
import { startScriptStack } from '../support/stack.ts'
import { switchTheme } from '../support/theme.ts'
import type { Role } from './entrances.ts'
import { viewsOf, type View } from './looks.ts'
import { SCENES } from './scenes/all.ts'
import type { Scene } from './scenes/scene.ts'
import { setStage, type Stage } from './stage.ts'
import { openWindow } from './window.ts'
import { speaking } from './words.ts'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(ROOT, 'screenshots')
const README_PICTURES = [
  { scene: 'list', look: 'light', file: 'list' },
  { scene: 'list', look: 'dark', file: 'list-dark' },
  { scene: 'list', look: 'phone', file: 'list-phone' },
  { scene: 'filtered', look: 'light', file: 'filtered' },
  { scene: 'history', look: 'light', file: 'history' },
] as const
/** Icons in Notion may be pictures from anywhere; the scenes need no network. */
const PICTURE =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><rect x="1" y="1" width="18" height="18" rx="4" fill="#448361"/>' +
  '<path d="m5.5 10.5 3 3 6-7" fill="none" stroke="#fff" stroke-width="2"/></svg>'

/** Windows that are open at the same time. */
const HANDS = 2

/**
 * `npm run screenshots`: every page in every state and look; `-- list settings` only scenes that begin so;
 * `-- --readme` the pictures of the README, in their place.
 */
async function main(options: string[]): Promise<void> {
  const forReadme = options.includes('--readme')
  const isWanted = ({ name }: Scene) =>
    forReadme
      ? README_PICTURES.some(({ scene }) => scene === name)
      : options.length === 0 || options.some((start) => name.startsWith(start))
  const shots = SCENES.filter((scene) => isWanted(scene)).flatMap((scene) =>
    viewsOf(scene).map((view) => ({ scene, view })),
  )
  await mkdir(FOLDER, { recursive: true })
  const stack = await startScriptStack()
  const browser = await launchBrowser()
  try {
    const isNeeded = (role: Role) => shots.some(({ scene }) => scene.as === role)
    const stage = await setStage(stack.app.url, stack.environment.NOTION_API_URL ?? '', isNeeded)
    const next = shots.values()
    const hand = async () => {
      for (const { scene, view } of next) await take(browser, stack.app.url, stage, scene, view)
    }
    await Promise.all(Array.from({ length: HANDS }, hand))
    await stage.close()
    if (forReadme)
      for (const { scene, look, file } of README_PICTURES)
        await copyFile(join(FOLDER, `${scene}.${look}.png`), join(ROOT, 'docs/images', `${file}.png`))
  } finally {
    await browser.close()
    await stack.stop()
  }
}

/** Plays a scene in a window and keeps what it shows as `<scene>.<look>.png`. */
async function take(browser: Browser, url: string, stage: Stage, scene: Scene, view: View): Promise<void> {
  const cookies = await stage.cookiesOf(scene.as)
  const page = await openWindow(browser, url, { ...view, cookies })
  const isForeign = ({ hostname }: URL) => hostname !== 'localhost'
  await page.route(isForeign, (route) => route.fulfill({ contentType: 'image/svg+xml', body: PICTURE }))
  const play = { page, stage, say: speaking(view.language) }
  const names = view.themes.map(({ name }) => `${scene.name}.${name}`)
  try {
    await scene.play(play)
    for (const [index, { theme }] of view.themes.entries()) {
      await switchTheme(page, theme)
      await keep(page, names[index] ?? '')
    }
    await scene.after?.(play)
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`${names.join(', ')}: ${String(error)}\n`)
    await keep(page, `failed-${names[0]}`)
  } finally {
    await page.context().close()
  }
}

async function keep(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(FOLDER, `${name}.png`) })
  process.stdout.write(`${name}\n`)
}

await main(process.argv.slice(2))
