import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'

/** Without windows of its own, Chromium takes half the processor time for the same pages: that one first. */
const CANDIDATES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
]

const SUDO = process.getuid?.() === 0 ? [] : ['sudo', '-n']

/** Debian has it as a package; for Ubuntu, whose package only leads to a snap, Playwright fetches its own. */
const WAYS = [
  [
    [...SUDO, 'apt-get', 'update', '-qq'],
    [
      ...SUDO,
      'apt-get',
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
      'chromium-headless-shell',
      'fonts-noto-color-emoji',
    ],
  ],
  [['npx', 'playwright', 'install', '--with-deps', '--no-shell', 'chromium']],
]

/** The system's Chromium or Playwright's, if there is one. `CHROMIUM_BIN` names another. */
export function findBrowser(): string | undefined {
  const places = [process.env.CHROMIUM_BIN ?? '', ...CANDIDATES, chromium.executablePath()]
  return places.find((path) => path !== '' && existsSync(path))
}

/**
 * Finds a Chromium, or installs one.
 *
 * @returns its path
 * @throws when there is none and this user may not install one
 */
export function ensureBrowser(): string {
  const found = findBrowser()
  if (found) return found
  for (const way of WAYS) {
    if (!way.every(succeeds)) continue
    const installed = findBrowser()
    if (installed) return installed
  }
  throw new Error(
    'The browser tests need Chromium: run "apt-get install chromium" as root, or set CHROMIUM_BIN to one.',
  )
}

function succeeds([program = '', ...args]: readonly string[]): boolean {
  const { status } = spawnSync(program, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0
}

if (import.meta.main) console.log(ensureBrowser())
