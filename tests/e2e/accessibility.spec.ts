import { setStage, type Stage } from '../screenshots/stage.ts'
import { SCENES } from '../screenshots/scenes/all.ts'
import { openWindow, DESKTOP, PHONE } from '../screenshots/window.ts'
import { speaking } from '../screenshots/words.ts'
import { expectAccessible } from './fixtures.ts'
import { test as base } from '@playwright/test'

/**
 * Every scene that `npm run screenshots` photographs, without a violation that axe can find: in light and dark; the
 * main ones in German and on a phone as well.
 */
const test = base.extend<object, { stage: Stage }>({
  stage: [
    async ({}, use) => {
      const stage = await setStage(process.env.E2E_APP_URL ?? '', process.env.E2E_NOTION_URL ?? '')
      await use(stage)
      await stage.close()
    },
    { scope: 'worker', timeout: 240_000 },
  ],
})

const WAYS = [
  { name: 'English', device: DESKTOP, language: 'en', themes: ['light', 'dark'] },
  { name: 'German, on a phone', device: PHONE, language: 'de', themes: ['dark'] },
] as const

for (const scene of SCENES) {
  const ways = WAYS.slice(0, scene.looks === 'main' ? 2 : 1)
  test(`${scene.name} is accessible`, async ({ browser, stage }) => {
    for (const { name, device, language, themes } of ways) {
      await test.step(name, async () => {
        const cookies = await stage.cookiesOf(scene.as)
        const page = await openWindow(browser, process.env.E2E_APP_URL ?? '', { device, language, cookies })
        const play = { page, stage, say: speaking(language) }
        await scene.play(play)
        await expectAccessible(page, scene.name === 'print' ? ['light'] : themes)
        await scene.after?.(play)
        await page.context().close()
      })
    }
  })
}
