import { chromium } from '@playwright/test'
import { join } from 'node:path'
import { ensureBrowser } from '../../scripts/ensure-browser.ts'
import { startTestStack } from '../support/stack.ts'
import { LOOKS, openWindow, photograph } from './camera.ts'
import { prepare, SCENES } from './scenes.ts'

const FOLDER = join(import.meta.dirname, '../../screenshots')

/** `npm run screenshots`: every page and state, in every look; `-- list settings` only the scenes whose name begins so. */
async function main(names: string[]): Promise<void> {
  const stack = await startTestStack()
  const browser = await chromium.launch({ executablePath: ensureBrowser(), args: ['--no-sandbox'] })
  try {
    const scenes = SCENES.filter(
      ({ name }) => names.length === 0 || names.some((start) => name.startsWith(start)),
    )
    const stage = await prepare(browser, stack)
    for (const look of LOOKS) {
      for (const { name, as, play } of scenes) {
        const cookies = as === 'stranger' ? [] : stage.cookies[as]
        const page = await openWindow(browser, look, stack.app.url, cookies)
        try {
          await play(page, stage)
          await photograph(page, FOLDER, name, look)
          process.stdout.write(`${name}.${look.name}\n`)
        } catch (error) {
          process.exitCode = 1
          process.stderr.write(`${name}.${look.name}: ${String(error)}\n`)
          await photograph(page, FOLDER, `failed-${name}`, look)
        } finally {
          await page.context().close()
          await stage.notion.clearFaults()
        }
      }
    }
  } finally {
    await browser.close()
    await stack.stop()
  }
}

await main(process.argv.slice(2))
