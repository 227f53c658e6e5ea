import type { Page } from '@playwright/test'
import type { Role } from '../entrances.ts'
import type { Stage } from '../stage.ts'
import { alive } from '../../support/alive.ts'
import { quiet } from '../window.ts'
import type { Say } from '../words.ts'

export interface Play {
  page: Page
  say: Say
  stage: Stage
}

/** One state of one page. */
export interface Scene {
  name: string
  as: Role | 'stranger'
  /** Ends with the window showing what is to be looked at. */
  play: (play: Play) => Promise<unknown>
  /** Leaves things as they were found, after the last picture. */
  after?: (play: Play) => Promise<unknown>
  /** `once`: in one look. `main`: in every look there is. */
  looks?: 'once' | 'main'
}

/** Opens a page and waits until it is alive and has all it asked for. */
export async function open({ page }: Pick<Play, 'page'>, path: string): Promise<void> {
  await page.goto(path)
  await alive(page)
  await quiet(page)
}

/** The same as a scene. */
export const at = (path: string) => (play: Play) => open(play, path)

/** Opens a list and waits until its to-dos are there. */
export async function openList(play: Play, path = '/'): Promise<void> {
  await open(play, path)
  await play.page.getByRole('listitem').getByRole('checkbox').first().waitFor()
  await quiet(play.page)
}

/** Opens the list of this name from the settings. */
export async function openNamed(play: Play, name: string): Promise<void> {
  await open(play, '/settings')
  await play.page.getByRole('main').getByRole('link', { name, exact: true }).click()
  await play.page.getByRole('heading', { level: 1, name }).waitFor()
  await quiet(play.page)
}

/** Requests to this address are never answered. */
export function hold(page: Page, path: string): Promise<unknown> {
  return page.route(
    (url) => url.pathname === path,
    () => undefined,
  )
}

/** Requests to this address fail as without a network. */
export function cutOff(page: Page, path: string): Promise<unknown> {
  return page.route(
    (url) => url.pathname === path,
    (route) => route.abort('connectionrefused'),
  )
}
