import { createHash } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { KeptBuild } from '../service-worker/kept-build.ts'

const SOURCE = fileURLToPath(new URL('../service-worker/sw.ts', import.meta.url))
/** Answered by Nuxt with a page that is rendered in the browser only, so it is the same for everybody. */
export const OFFLINE_SHELL = '/offline-shell'
/** What a page is made of; compressed copies lie beside them. */
const KEPT = new Set(['.js', '.css', '.json', '.woff2', '.svg', '.png', '.webp'])
/** The only one that is there to change; all others say in their names what is in them. */
const CHANGING = '_nuxt/builds/latest.json'

/**
 * The service worker as it is served: types taken out, and in front of it what the build consists of, so that every
 * build has a worker of its own.
 */
export async function offlineWorker(build: KeptBuild): Promise<string> {
  // Loaded when building only, not each time the configuration is read.
  const { default: ts } = await import('typescript')
  const { outputText } = ts.transpileModule(await readFile(SOURCE, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true },
  })
  // Imports of types are gone; what is left of the module is an empty export, which a classic script cannot have.
  return `const BUILD = ${JSON.stringify(build)}\n${outputText.replace(/^export \{\};?$/m, '')}`
}

/** Writes `/sw.js` beside the files of a finished build. */
export async function writeOfflineWorker(
  publicDir: string,
  id: string,
  locales: readonly string[],
): Promise<void> {
  const built = await readdir(join(publicDir, '_nuxt'), { recursive: true })
  const paths = ['icon.svg', ...built.map((name) => `_nuxt/${name}`)]
    .filter((path) => KEPT.has(extname(path)) && path !== CHANGING)
    .sort()
  const files: KeptBuild['files'] = []
  for (const path of paths) files.push([`/${path}`, integrityOf(await readFile(join(publicDir, path)))])
  // Nuxt I18n answers whatever stands in the second place, a hash that only it knows.
  const messages = locales.map((locale) => `/_i18n/${id}/${locale}/messages.json`)
  await writeFile(
    join(publicDir, 'sw.js'),
    await offlineWorker({ id, shell: OFFLINE_SHELL, messages, files }),
  )
}

function integrityOf(bytes: Uint8Array): string {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`
}
