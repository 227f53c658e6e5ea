import type { Browser } from '@playwright/test'
import { expect, test } from '@playwright/test'
import { SCENES } from '../screenshots/scenes/all.ts'
import type { Scene } from '../screenshots/scenes/scene.ts'
import { setStage, type Stage } from '../screenshots/stage.ts'
import { DESKTOP, openWindow, PHONE } from '../screenshots/window.ts'
import { speaking } from '../screenshots/words.ts'
import { APP_URL, NOTION_URL, violationsOf } from './fixtures.ts'

/**
 * The main scenes in each run of the suite, in English; with `SCENES=all` all there are, and the main ones in German
 * too, which takes some minutes (docs/testing.md).
 */
const SHOWS_ALL = process.env.SCENES === 'all'
/** What is built like nothing in the main ones. */
const BESIDES: ReadonlySet<string> = new Set([
  'sign-up',
  'list-folded',
  'suggestions',
  'saved-view-edited',
  'history-empty',
  'settings-disconnect',
  'feed',
])
/** What looks another way in a hand. */
const IN_HAND: ReadonlySet<string> = new Set(['list', 'choose', 'detail'])
const SHOWN = SHOWS_ALL ? SCENES : SCENES.filter(({ looks, name }) => looks === 'main' || BESIDES.has(name))
/** Windows that are open at the same time. */
const HANDS = 2

/** Every scene in light and dark; some on a phone; of all there are, the main ones in German as well, on a dark phone. */
const ENGLISH = { device: DESKTOP, language: 'en', themes: ['light', 'dark'] } as const
const PHONES = { device: PHONE, language: 'en', themes: ['light'] } as const
const GERMAN = { device: PHONE, language: 'de', themes: ['dark'] } as const

// A picture of each window that a failure leaves behind would say nothing.
test.use({ screenshot: 'off' })

// One test for all of them: what is played on takes longer to set than most of them to look at.
test('no scene has a violation that axe can find', async ({ browser }) => {
  test.setTimeout(SHOWS_ALL ? 3_600_000 : 900_000)
  const roles = new Set(SHOWN.map(({ as }) => as))
  const stage = await setStage(APP_URL, NOTION_URL, (role) => roles.has(role))
  const problems: string[] = []
  expect(SHOWN.filter(({ name }) => BESIDES.has(name) || IN_HAND.has(name))).toHaveLength(
    BESIDES.size + IN_HAND.size,
  )
  const looks = SHOWN.flatMap((scene) => viewsOf(scene).map((view) => ({ scene, view }))).values()
  const hand = async () => {
    for (const { scene, view } of looks) {
      await test.step(`${scene.name}, ${view.language}`, async () => {
        const found = await look(browser, stage, scene, view)
        // At once: whoever has to end a long look knows what it has seen.
        for (const problem of found) console.info(problem)
        problems.push(...found)
      })
    }
  }
  await Promise.all(Array.from({ length: HANDS }, hand))
  await stage.close()
  expect(problems).toEqual([])
})

type View = typeof ENGLISH | typeof PHONES | typeof GERMAN

function viewsOf({ name, looks }: Scene): View[] {
  if (SHOWS_ALL) return looks === 'main' ? [ENGLISH, GERMAN] : [ENGLISH]
  return IN_HAND.has(name) ? [ENGLISH, PHONES] : [ENGLISH]
}

/** Plays a scene; answers what is wrong with what it shows, a scene that cannot be played included. */
async function look(browser: Browser, stage: Stage, scene: Scene, view: View): Promise<string[]> {
  const page = await openWindow(browser, APP_URL, { ...view, cookies: await stage.cookiesOf(scene.as) })
  const play = { page, stage, say: speaking(view.language) }
  try {
    await scene.play(play)
    const found = await violationsOf(page, scene.name === 'print' ? ['light'] : view.themes)
    await scene.after?.(play)
    return found.map((violation) => `${scene.name}, ${view.language}, ${violation}`)
  } catch (error) {
    return [`${scene.name}, ${view.language}: ${String(error)}`]
  } finally {
    await page.context().close()
  }
}
