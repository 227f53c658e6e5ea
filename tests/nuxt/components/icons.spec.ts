import { expect, it } from 'vitest'
import { NAMED_ICONS } from '../../support/named-icons'

// Nothing is fetched at run time (icon.provider in nuxt.config.ts): an icon that the build did not find is not drawn.
it('every icon that a source names is part of the build', () => {
  const names = [...new Set(NAMED_ICONS.map(([, name]) => name))]
  expect(names.length).toBeGreaterThan(50)
  const { vueApp } = useNuxtApp()
  expect(names.filter((name) => !vueApp.component(`lucide:${name}`))).toEqual([])
})
