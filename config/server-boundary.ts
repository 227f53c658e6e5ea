import type { Plugin } from 'vite'

/**
 * Fails the build when app code imports a module below `server/`.
 * Nuxt itself only blocks server/(api|routes|middleware|plugins): anything else
 * would silently end up, secrets included, in the browser's bundle.
 *
 * @param serverDir absolute path of the server folder, with a trailing slash
 */
export function serverBoundary(serverDir: string): Plugin {
  return {
    name: 'roundup:server-boundary',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (!importer || importer.startsWith(serverDir)) return
      const hit = await this.resolve(source, importer, { ...options, skipSelf: true })
      if (hit?.id.startsWith(serverDir)) {
        this.error(`App code must not import server code: "${source}" from "${importer}"`)
      }
    },
  }
}
