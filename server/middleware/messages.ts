import { defineEventHandler, setResponseHeader, setResponseStatus } from 'h3'

const MESSAGES = '/_i18n/'

/**
 * Nuxt I18n answers whatever stands in place of the hash, and keeps each answer under it. Only the addresses that pages
 * and the service worker (config/offline-worker.ts) ask for exist.
 */
export default defineEventHandler((event) => {
  if (!event.path.startsWith(MESSAGES)) return
  const { buildId } = useRuntimeConfig().app
  const known = Object.entries(__I18N_LOCALE_HASHES__).flatMap(([locale, hash]) =>
    [hash, buildId].map((version) => `${MESSAGES}${version}/${locale}/messages.json`),
  )
  if (known.includes(event.path)) return
  setResponseStatus(event, 404)
  setResponseHeader(event, 'cache-control', 'no-store')
  return ''
})
