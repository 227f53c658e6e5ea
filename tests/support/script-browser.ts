import { chromium, type Browser } from '@playwright/test'
import { ensureBrowser } from '../../scripts/ensure-browser.ts'

/** A browser for a script, which ends when the script says so: what else runs has to be stopped before. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureBrowser(),
    args: ['--no-sandbox', '--disable-gpu'],
    handleSIGINT: false,
    handleSIGTERM: false,
  })
}
