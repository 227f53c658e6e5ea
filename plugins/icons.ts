import type { FunctionalComponent } from 'vue'
import { init, type IconShape } from '#build/nuxt-icon-client-bundle'

/** The icons our sources name, as found at build time. */
const ICONS = new Map<string, FunctionalComponent>()
init((name, icon) => ICONS.set(name, toComponent(icon)))

function toComponent({ body, width, height }: IconShape): FunctionalComponent {
  const attributes = { viewBox: `0 0 ${width} ${height}`, width: '1em', height: '1em', 'aria-hidden': 'true' }
  const icon: FunctionalComponent = (_, { attrs }) =>
    h('svg', { ...attributes, xmlns: 'http://www.w3.org/2000/svg', class: attrs.class, innerHTML: body })
  // Nuxt Icon hands an empty style down, which would be rendered as `style=""`.
  icon.inheritAttrs = false
  return icon
}

/**
 * Icons as plain elements. Both of Nuxt Icon's own ways write styles into the page (`<style>` elements, or a
 * `style=""` on each icon), which our Content-Security-Policy refuses; it prefers a component that is
 * registered under the icon's name.
 */
export default defineNuxtPlugin({
  name: 'icons',
  setup({ vueApp }) {
    for (const [name, icon] of ICONS) vueApp.component(name, icon)
  },
})
