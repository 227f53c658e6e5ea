import { fileURLToPath } from 'node:url'
import { OFFLINE_SHELL, writeOfflineWorker } from './config/offline-worker'
import { serverBoundary } from './config/server-boundary'

const serverDir = fileURLToPath(new URL('./server/', import.meta.url))
const errorsDir = fileURLToPath(new URL('./server/errors/', import.meta.url))

/** Has the types of a service worker instead of a page's; see its own tsconfig.json. */
const WORKER_FOLDER = 'service-worker'

/** Folders that Node runs directly: they must not see Nuxt's globals. */
const NODE_FOLDERS = [
  'config',
  'sandbox',
  'scripts',
  'tests/unit',
  'tests/db',
  'tests/contract',
  'tests/server',
  'tests/installation',
  'tests/e2e',
  'tests/screenshots',
  'tests/support',
]

const NODE_CONFIGS = ['../nuxt.config.ts', '../vitest.config.ts', '../playwright.config.ts']

const LOCALES = [
  { code: 'en', language: 'en', name: 'English', file: 'en.json' },
  { code: 'de', language: 'de', name: 'Deutsch', file: 'de.json' },
] as const

const STRICT = { noUnusedLocals: true, noUncheckedIndexedAccess: true, erasableSyntaxOnly: true }

// Files are compressed once, when building. What handlers of modules cache is kept in memory, by keys that whoever asks
// may choose: so many of them and no more. The type of the option knows few of Nitro's own, and a name is not held against
// it to the letter.
const NITRO = {
  compressPublicAssets: true,
  output: {},
  storage: { cache: { driver: 'lru-cache', max: 100 } },
}

/** Puts ours around Nuxt's own error handler, which shows the error page. */
function surroundErrorPage(nitro: object): void {
  const shown = 'errorHandler' in nitro ? [nitro.errorHandler].flat() : []
  Object.assign(nitro, {
    errorHandler: [`${errorsDir}log-unhandled`, ...shown, `${errorsDir}answer-as-data`],
  })
}

/**
 * A page that is rendered in the browser gets Nuxt UI's colours from a style element without a nonce: this very text is
 * allowed, and no other. Whoever changes the colours finds the new hash in what tests/e2e/offline-open.spec.ts says.
 */
const SHELL_RULE: object = {
  ssr: false,
  security: {
    headers: {
      contentSecurityPolicy: {
        'style-src': ["'self'", "'nonce-{{nonce}}'", "'sha256-TsbsLRDV0zXOLr5/wbc2l3IbBeLU4GtLWYOOeMjbXgs='"],
      },
    },
  },
}

/** The service worker is asked for anew each time, and let out to nowhere else. */
const WORKER_RULE: object = {
  headers: {
    'cache-control': 'no-cache',
    'content-security-policy': "default-src 'none'; connect-src 'self'",
  },
}

export default defineNuxtConfig({
  modules: ['@nuxt/eslint', '@nuxt/ui', '@nuxtjs/i18n', '@pinia/nuxt', '@vueuse/nuxt', 'nuxt-security'],
  devtools: { enabled: false },
  // The owner's layout: pages/, components/, server/ at the top level.
  srcDir: '.',
  serverDir: 'server',
  telemetry: false,
  compatibilityDate: '2026-11-01',
  css: ['~/assets/css/main.css'],
  components: [{ path: '~/components', pathPrefix: true }],
  app: {
    head: {
      title: 'Roundup',
      meta: [{ name: 'viewport', content: 'width=device-width, initial-scale=1' }],
      link: [
        { rel: 'icon', type: 'image/svg+xml', href: '/icon.svg' },
        { rel: 'apple-touch-icon', sizes: '180x180', href: '/apple-touch-icon.png' },
      ],
    },
  },
  // Settings are read at start by server/environment.ts; nothing here is baked into the build.
  vite: { plugins: [serverBoundary(serverDir)] },
  experimental: { typedPages: true },
  nitro: NITRO,
  routeRules: { [OFFLINE_SHELL]: SHELL_RULE, '/sw.js': WORKER_RULE },
  hooks: {
    'nitro:config': surroundErrorPage,
    'nitro:build:public-assets': ({ options }) =>
      writeOfflineWorker(
        options.output.publicDir,
        String(options.runtimeConfig.app.buildId),
        LOCALES.map(({ code }) => code),
      ),
  },
  // Icons come from the installed package and fonts from the system: nothing is fetched at run time. All that the sources
  // and Nuxt UI name are part of the build, so there is no route that would hand out more.
  icon: {
    provider: 'none',
    fallbackToApi: false,
    // Where groups and commands name theirs, too: by itself it looks into components only.
    clientBundle: {
      scan: {
        globInclude: [
          '*.{vue,ts}',
          '{components,composables,layouts,pages,plugins,shared,stores}/**/*.{vue,ts}',
        ],
      },
      sizeLimitKb: 256,
    },
    // Sorted anew for every icon that is drawn: not all two hundred that there are.
    collections: ['lucide'],
  },
  ui: { fonts: false },
  // Switching transitions off for a moment takes a style element without a nonce, which the CSP refuses.
  colorMode: { disableTransition: false },
  i18n: {
    strategy: 'no_prefix',
    defaultLocale: 'en',
    locales: [...LOCALES],
    detectBrowserLanguage: { useCookie: true, cookieKey: 'roundup_locale', redirectOn: 'all' },
  },
  security: {
    nonce: true,
    sri: true,
    // It would drop every console call, warnings included; ESLint keeps stray ones out.
    removeLoggers: false,
    // Cross-site writes are refused by server/security/origin.ts, sizes by readBodyAs: both answer
    // with our own error envelope, which these generic guards cannot.
    corsHandler: false,
    requestSizeLimiter: false,
    rateLimiter: false,
    xssValidator: false,
    allowedMethodsRestricter: false,
    headers: {
      contentSecurityPolicy: {
        'default-src': ["'none'"],
        'script-src': ["'strict-dynamic'", "'nonce-{{nonce}}'"],
        'script-src-attr': ["'none'"],
        'style-src': ["'self'", "'nonce-{{nonce}}'"],
        'style-src-attr': ["'none'"],
        'img-src': ["'self'", 'https:', 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'manifest-src': ["'self'"],
        'worker-src': ["'self'"],
        'form-action': ["'self'"],
        'base-uri': ["'none'"],
        'object-src': ["'none'"],
        'frame-ancestors': ["'none'"],
        'upgrade-insecure-requests': false,
      },
      crossOriginEmbedderPolicy: false,
      // A Notion picture must load without telling Notion's host which page shows it.
      referrerPolicy: 'no-referrer',
      strictTransportSecurity: { maxAge: 31_536_000, includeSubdomains: true },
      xContentTypeOptions: 'nosniff',
      xFrameOptions: 'DENY',
      permissionsPolicy: { camera: [], geolocation: [], microphone: [], 'display-capture': [] },
    },
  },
  typescript: {
    strict: true,
    tsConfig: {
      compilerOptions: STRICT,
      exclude: [
        ...[...NODE_FOLDERS, WORKER_FOLDER].map((folder) => `../${folder}/**`),
        ...NODE_CONFIGS,
        '../.output/**',
      ],
    },
    nodeTsConfig: {
      compilerOptions: {
        ...STRICT,
        allowImportingTsExtensions: true,
        noEmit: true,
        types: ['node'],
        paths: { '#shared/*': ['../shared/*'], '#server/*': ['../server/*'] },
      },
      include: [...NODE_FOLDERS.map((folder) => `../${folder}/**/*`), ...NODE_CONFIGS],
    },
  },
  eslint: { config: { stylistic: false } },
})
