import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const FOLDERS = '{components,composables,layouts,pages,plugins,shared,stores}'

/** Every source that may name an icon, with its text. */
export const ICON_SOURCES = globSync([`${FOLDERS}/**/*.{vue,ts}`, '*.vue', 'app.config.ts'], {
  cwd: ROOT,
}).map((source) => ({ source, text: readFileSync(join(ROOT, source), 'utf8') }))

/** Where an icon is named, in a source. */
export const NAMED_ICONS = ICON_SOURCES.flatMap(({ source, text }) =>
  [...text.matchAll(/\bi-lucide-([^'"`\s]*)/g)].map(([, name = '']) => [source, name] as const),
)
