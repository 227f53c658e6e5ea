import type { Locator } from '@playwright/test'

/** How long a hand at its quickest holds a key or a button (docs/adr/0015-how-speed-is-judged.md). */
export const HELD_MS = 80
/** By then the browser has told of the events that it saw. */
export const EVENTS_REPORTED_MS = 300

/**
 * Where to press for it: a pointer is sent to a place, since having the page asked what is there would count as part of
 * the click. @throws when it is not on the page
 */
export async function centreOf(locator: Locator): Promise<[x: number, y: number]> {
  const place = await locator.boundingBox()
  if (!place) throw new Error('There is nothing to click on')
  return [place.x + place.width / 2, place.y + place.height / 2]
}
