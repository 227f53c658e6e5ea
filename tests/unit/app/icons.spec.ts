import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const FOLDERS = '{components,composables,layouts,pages,plugins,shared,stores}'
const SOURCES = globSync([`${FOLDERS}/**/*.{vue,ts}`, '*.vue', 'app.config.ts'], { cwd: ROOT })

const IconSetSchema = z.object({
  icons: z.record(z.string(), z.unknown()),
  aliases: z.record(z.string(), z.unknown()),
})
const file = createRequire(import.meta.url).resolve('@iconify-json/lucide/icons.json')
const { icons, aliases } = IconSetSchema.parse(JSON.parse(readFileSync(file, 'utf8')))

/** Where an icon is named, in a source. */
const uses = SOURCES.flatMap((source) =>
  [...readFileSync(join(ROOT, source), 'utf8').matchAll(/\bi-lucide-([^'"`\s]*)/g)].map(
    ([, name = '']) => [source, name] as const,
  ),
)

// Nothing is fetched at run time (icon.provider in nuxt.config.ts): an icon that the build did not find is not drawn.
describe('icons', () => {
  it('are named whole, so that the build finds them, and exist', () => {
    expect(uses.length).toBeGreaterThan(50)
    const missing = uses.filter(([, name]) => !Object.hasOwn(icons, name) && !Object.hasOwn(aliases, name))
    expect(missing).toEqual([])
  })

  it('are of the one set that is installed', () => {
    const others = SOURCES.filter((source) =>
      /['"`]i-(?!lucide-)[a-z]+-/.test(readFileSync(join(ROOT, source), 'utf8')),
    )
    expect(others).toEqual([])
  })
})
