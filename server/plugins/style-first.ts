import { appendResponseHeader } from 'h3'
import { takeTags } from '#server/utils/head-tags'

const SHEET = /<link (?=[^>]*rel="stylesheet")[^>]*>/g

/**
 * The style sheet is what the first frame waits for. The answer's own header names it, so that it is asked for before
 * the page is looked through; and it comes last in the head, since a script after it waits for it, and what stands after
 * that script would miss the first frame.
 *
 * Chromium does not use what a header had it fetch for a tag that asks for integrity, but fetches it again. The tag says
 * its relation without quotes, for which nuxt-security's pattern does not look: the sheet is of the same origin as the
 * page, and whoever could change the one could change the hash in the other. Modules keep theirs.
 */
export default defineNitroPlugin((nitro) => {
  nitro.hooks.hook('render:html', (html, { event }) => {
    for (const sheet of takeTags(html, SHEET)) {
      html.head.push(sheet.replace('rel="stylesheet"', 'rel=stylesheet'))
      appendResponseHeader(event, 'link', preloadOf(sheet))
    }
  })
})

/** RFC 8288. A tag that says `crossorigin` wants it fetched that way. */
function preloadOf(sheet: string): string {
  const address = / href="([^"]*)"/.exec(sheet)?.[1] ?? ''
  const crossorigin = sheet.includes(' crossorigin') ? '; crossorigin' : ''
  return `<${address}>; rel=preload; as=style${crossorigin}`
}
