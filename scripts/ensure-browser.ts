import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome-stable']

/** The system's Chromium, if there is one. `CHROMIUM_BIN` names another. */
export function findBrowser(): string | undefined {
  return [process.env.CHROMIUM_BIN ?? '', ...CANDIDATES].find((path) => path !== '' && existsSync(path))
}

/**
 * Finds a Chromium, or installs Debian's.
 *
 * @returns its path
 * @throws when there is none and this user may not install one
 */
export function ensureBrowser(): string {
  const found = findBrowser()
  if (found) return found
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  for (const command of [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-noto-color-emoji'],
  ]) {
    const [program = '', ...args] = [...sudo, ...command]
    const { status } = spawnSync(program, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
    if (status !== 0) break
  }
  const installed = findBrowser()
  if (installed) return installed
  throw new Error(
    'The browser tests need Chromium: run "apt-get install chromium" as root, or set CHROMIUM_BIN to one.',
  )
}

if (import.meta.main) console.log(ensureBrowser())
