import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const SOURCES = globSync([
  '{components,composables,layouts,pages,plugins,shared,stores}/**/*.{vue,ts}',
  '*.vue',
  'app.config.ts',
])

// Nothing is fetched at run time (icon.provider in nuxt.config.ts): an icon that the build did not find is not drawn.
it('every icon that a source names is part of the build', () => {
  const named = SOURCES.flatMap((source) => [
    ...readFileSync(source, 'utf8').matchAll(/\bi-lucide-([a-z0-9-]+)/g),
  ])
  const names = [...new Set(named.map(([, name = '']) => name))]
  expect(names.length).toBeGreaterThan(50)
  const { vueApp } = useNuxtApp()
  expect(names.filter((name) => !vueApp.component(`lucide:${name}`))).toEqual([])
})
