import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ICON_SOURCES, NAMED_ICONS } from '../../support/named-icons.ts'

const IconSetSchema = z.object({
  icons: z.record(z.string(), z.unknown()),
  aliases: z.record(z.string(), z.unknown()),
})
const file = createRequire(import.meta.url).resolve('@iconify-json/lucide/icons.json')
const { icons, aliases } = IconSetSchema.parse(JSON.parse(readFileSync(file, 'utf8')))

// Nothing is fetched at run time (icon.provider in nuxt.config.ts): an icon that the build did not find is not drawn.
describe('icons', () => {
  it('are named whole, so that the build finds them, and exist', () => {
    expect(NAMED_ICONS.length).toBeGreaterThan(50)
    const missing = NAMED_ICONS.filter(
      ([, name]) => !Object.hasOwn(icons, name) && !Object.hasOwn(aliases, name),
    )
    expect(missing).toEqual([])
  })

  it('are of the one set that is installed', () => {
    const others = ICON_SOURCES.filter(({ text }) => /['"`]i-(?!lucide-)[a-z]+-/.test(text))
    expect(others).toEqual([])
  })
})
