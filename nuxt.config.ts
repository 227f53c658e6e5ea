import { fileURLToPath } from 'node:url'
import { serverBoundary } from './config/server-boundary'

const serverDir = fileURLToPath(new URL('./server/', import.meta.url))

export default defineNuxtConfig({
  modules: [
    '@nuxt/eslint',
    '@nuxt/ui',
    '@nuxtjs/supabase',
    '@nuxtjs/i18n',
    '@pinia/nuxt',
    '@vueuse/nuxt',
    'nuxt-security',
  ],
  $test: { modules: [] },
  devtools: { enabled: false },
  srcDir: '.',
  serverDir: 'server',
  telemetry: false,
  compatibilityDate: '2026-11-01',
  css: ['~/assets/css/main.css'],
  vite: { plugins: [serverBoundary(serverDir)] },
  typescript: {
    strict: true,
    tsConfig: {
      compilerOptions: { noUnusedLocals: true, noUncheckedIndexedAccess: true, erasableSyntaxOnly: true },
      exclude: [
        '../tests/unit/**',
        '../tests/server/**',
        '../tests/db/**',
        '../tests/contract/**',
        '../tests/e2e/**',
        '../tests/bench/**',
        '../tests/support/**',
        '../sandbox/**',
        '../scripts/**',
        '../config/**',
        '../supabase/**',
        '../.output/**',
      ],
    },
    nodeTsConfig: {
      compilerOptions: {
        allowImportingTsExtensions: true,
        noEmit: true,
        noUnusedLocals: true,
        noUncheckedIndexedAccess: true,
        erasableSyntaxOnly: true,
        types: ['node'],
      },
      include: [
        '../tests/unit/**/*',
        '../tests/server/**/*',
        '../tests/db/**/*',
        '../tests/contract/**/*',
        '../tests/e2e/**/*',
        '../tests/bench/**/*',
        '../tests/support/**/*',
        '../sandbox/**/*',
        '../scripts/**/*',
        '../config/**/*',
        '../*.config.ts',
      ],
    },
  },
  eslint: { config: { stylistic: false } },
})
