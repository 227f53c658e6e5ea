import { takeTags } from '#server/utils/head-tags'

/** The page's entry, and the links that have its modules fetched ahead. */
const MODULES =
  /<link rel="(?:modulepreload|prefetch)"[^>]*>|<script type="module" src="[^"]*"[^>]*><\/script>/g

/** As long as a style sheet may keep the first frame waiting. */
const AT_THE_LATEST_MS = 3_000

/**
 * Puts them into the page once the first frame has been drawn, or at once where nothing is drawn: in a tab that is not
 * looked at. What lies in a template is neither fetched nor run, and is there to be taken once.
 */
const START = `(() => {
  const start = () => document.head.append(document.getElementById('modules').content)
  if (document.hidden) start()
  else requestAnimationFrame(() => setTimeout(start))
  setTimeout(start, ${AT_THE_LATEST_MS})
})()`

/**
 * What makes a page alive waits for what makes it readable: on a slow line, modules would share it with the style sheet
 * that the first paint waits for, and on a slow processor they would be looked through and run before it.
 */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('render:html', (html, { event }) => {
    // Where the browser renders, there is nothing to read before the modules have run.
    if (getRouteRules(event).ssr === false) return
    const modules = takeTags(html, MODULES)
    html.bodyAppend.push(`<template id="modules">${modules.join('')}</template><script>${START}</script>`)
  })
})
