import { constants, setPriority } from 'node:os'
import type { Browser } from '@playwright/test'
import { launchBrowser } from '../support/script-browser.ts'
import { startScriptStack, type TestStack } from '../support/stack.ts'

/**
 * A browser, and an installation that leaves it the processor: in life they are two machines, and what the server, its
 * database and this script do holds up nobody's keys. What they take is still waited for.
 */
export async function startApart(): Promise<{ browser: Browser; stack: TestStack }> {
  const browser = await launchBrowser()
  // Of this process and of whatever it starts from now on.
  setPriority(constants.priority.PRIORITY_LOW)
  return { browser, stack: await startScriptStack() }
}
