import { chromium, type Browser, type Page } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBrowser } from '../../scripts/ensure-browser.ts'
import { startTestStack } from '../support/stack.ts'
import { switchTheme } from '../support/theme.ts'
import { viewsOf, type View } from './looks.ts'
import { SCENES } from './scenes/all.ts'
import type { Scene } from './scenes/scene.ts'
import { setStage, type Stage } from './stage.ts'
import { openWindow } from './window.ts'
import { speaking } from './words.ts'

const FOLDER = join(import.meta.dirname, '../../screenshots')
/** Windows that are open at the same time. */
const HANDS = 2

/** `npm run screenshots`: every page in every state and look; `-- list settings` only scenes that begin so. */
async function main(starts: string[]): Promise<void> {
  const isWanted = ({ name }: Scene) => starts.length === 0 || starts.some((start) => name.startsWith(start))
  const shots = SCENES.filter((scene) => isWanted(scene)).flatMap((scene) =>
    viewsOf(scene).map((view) => ({ scene, view })),
  )
  await mkdir(FOLDER, { recursive: true })
  const stack = await startTestStack()
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox'] })
  try {
    const stage = await setStage(stack.app.url, stack.environment.NOTION_API_URL ?? '')
    const next = shots.values()
    const hand = async () => {
      for (const { scene, view } of next) await take(browser, stack.app.url, stage, scene, view)
    }
    await Promise.all(Array.from({ length: HANDS }, hand))
    await stage.close()
  } finally {
    await browser.close()
    await stack.stop()
  }
}

/** Plays a scene in a window and keeps what it shows as `<scene>.<look>.png`. */
async function take(browser: Browser, url: string, stage: Stage, scene: Scene, view: View): Promise<void> {
  const cookies = await stage.cookiesOf(scene.as)
  const page = await openWindow(browser, url, { ...view, cookies })
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
